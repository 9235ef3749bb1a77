"""The files folder: every upload and every paper, kept once under its SHA-256, never changed."""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile, disk_usage

from flask import current_app

from refurb.kernel.speech.errors import NotFound, Refusal

MARK = ".refurb"
BEGUN = "files.begun"
"""Beside the folder: files have been kept in it."""

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def digest_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _place(digest: str) -> Path:
    if not _DIGEST.match(digest):
        raise NotFound
    return _root() / digest[:2] / digest[2:4] / digest


class FileLost(Refusal):
    """A file that is on record is not in the storage: somebody took it, or an old copy was put back."""

    code = "storage.file_lost"
    status = 500


class StorageMissing(FileLost):
    """The folder of files is not the one in which we kept them: most often a disk that is not mounted. It is never made anew."""

    code = "storage.missing"
    status = 503


def keep(content: bytes) -> str:
    """Store some bytes and return their SHA-256. Storing the same twice stores once; a crash or a power cut leaves no half file.

    Raises `StorageMissing`.
    """
    digest = digest_of(content)
    place = _place(digest)
    _begin()
    if place.exists():
        return digest
    made = [each for each in (place.parent.parent, place.parent) if not each.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(place)
    except OSError:  # The disk is full: what was drafted is nobody's.
        Path(draft).unlink(missing_ok=True)
        raise
    # The names too stand on the disk before the deed says that the file is kept.
    for folder in [place.parent, *(each.parent for each in made)]:
        sync_folder(folder)
    return digest


def fetch(digest: str) -> bytes:
    """The bytes stored under a SHA-256, as they are on the disk: the caller who must trust them checks `digest_of`.

    Raises `FileLost`, and `NotFound` for what is no SHA-256.
    """
    place = _place(digest)
    try:
        return place.read_bytes()
    except FileNotFoundError:
        root = _root()
        if (root.parent / BEGUN).exists() and not (root / MARK).exists():
            raise StorageMissing from None
        raise FileLost from None


def kept_files() -> Iterator[Path]:
    """Every file that is kept, in the order of its SHA-256, which is its name; what is half written is none."""
    for place in sorted(_root().glob("??/??/*")):
        if _DIGEST.match(place.name):
            yield place


def is_kept(digest: str) -> bool:
    """Whether a file is in the storage under this SHA-256; what it says is another question."""
    return _place(digest).exists()


def keep_link(place: Path, root: Path) -> None:
    """Have a kept file stand in another folder of the same form, too: as a second name where both are on one disk, else as a copy."""
    other = root / place.name[:2] / place.name[2:4] / place.name
    if other.exists():
        return
    other.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = other.with_name(f".{place.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        draft.hardlink_to(place)
    except OSError:  # Another disk, or one that knows no second names.
        copyfile(place, draft)
    draft.replace(other)


def probe() -> int:
    """See that files can be kept and read here just now; the free bytes of the disk. Raises `StorageMissing` and `OSError`."""
    _begin()
    root = _root()
    with tempfile.TemporaryFile(dir=root) as file:
        file.write(b"1")
        file.flush()
        file.seek(0)
        if file.read() != b"1":
            raise OSError(errno.EIO, "what was written is not what is read")
    return disk_usage(root).free


def begin_in(home: Path) -> None:
    """Mark the files that were put into a home as its own; see `keep`."""
    (home / "files").mkdir(mode=0o700, exist_ok=True)
    for mark in (home / "files" / MARK, home / BEGUN):
        mark.touch()
        sync_folder(mark.parent)


def _root() -> Path:
    return Path(current_app.config["FILES"])


def _begin() -> None:
    """See that this is the folder in which files are kept; make it where none ever was."""
    root = _root()
    begun = root.parent / BEGUN
    is_ours, is_begun = (root / MARK).exists(), begun.exists()
    if is_ours and is_begun:
        return
    if not is_ours and (is_begun or not root.parent.is_dir()):
        raise StorageMissing
    root.mkdir(exist_ok=True)
    # The mark inside goes with the folder, the one beside it stays: where only that one is, the folder is not ours.
    for mark in (root / MARK, begun):
        mark.touch()
        sync_folder(mark.parent)


def sync_folder(folder: Path) -> None:
    """Have the names of what is in a folder stand on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
