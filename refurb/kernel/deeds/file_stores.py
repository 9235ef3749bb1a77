"""Where files lie: what a store of files can do, and the one that is a folder of this machine. `files` says what is kept and found."""

import errno
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile, disk_usage
from typing import IO, Final, Protocol

from refurb.kernel.speech.errors import Refusal

MARK: Final = ".refurb"
DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")


class FileLost(Refusal):
    """A file that is on record is not in the storage: somebody took it, or an old copy was put back."""

    code = "storage.file_lost"
    status = 500


class StorageMissing(FileLost):
    """The storage is not the one in which we kept files: a disk that is not mounted, a bucket that is not ours. It is never made anew."""

    code = "storage.missing"
    status = 503


class StorageAway(FileLost):
    """The storage does not answer, or lets nobody in."""

    code = "storage.away"
    status = 503


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept: its SHA-256, which is its name, and its bytes."""

    digest: str
    size: int


def key_of(digest: str) -> str:
    """Under which name a file lies in any store: two folders deep, so that none of them grows large."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


class FileStore(Protocol):
    """What `files` asks of a store; digests are SHA-256 in hexadecimal. Everything may raise `StorageAway` and `OSError`."""

    def is_ours(self) -> bool:
        """Whether files were kept here before."""

    def mark(self) -> None:
        """Note that they are from now on. Raises `StorageMissing` where there is nothing to be marked."""

    def put(self, digest: str, content: bytes, *, anew: bool = False) -> None:
        """Store under a digest, whole or not at all; what is there stays, unless it is put `anew`."""

    def get(self, digest: str) -> bytes | None:
        """What is stored under a digest; None when nothing is."""

    def has(self, digest: str) -> bool:
        """Whether something is."""

    def each(self) -> Iterator[KeptFile]:
        """Every file, in the order of the digests; what is half written is none."""

    def open(self, digest: str) -> IO[bytes]:
        """The same as a stream. Raises `FileLost`."""

    def remove(self, digest: str) -> None:
        """Have it be there no more; what is not there stays so."""

    def copy_to(self, digest: str, folder: Path) -> None:
        """Have it stand in another folder of the same form, too. Raises `FileLost`."""

    def probe(self) -> int | None:
        """Write a byte and read it again; the free bytes, where the store knows."""


class FolderStore:
    """Files in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _place(self, digest: str) -> Path:
        return self.root / digest[:2] / digest[2:4] / digest

    def is_ours(self) -> bool:
        """Whether the mark stands in it."""
        return (self.root / MARK).exists()

    def mark(self) -> None:
        """Make the folder where there is none, and put the mark into it."""
        if not self.root.parent.is_dir():
            raise StorageMissing
        self.root.mkdir(exist_ok=True)
        (self.root / MARK).touch()
        sync_folder(self.root)

    def put(self, digest: str, content: bytes, *, anew: bool = False) -> None:
        """Store; a crash or a power cut leaves no half file."""
        place = self._place(digest)
        if place.exists() and not anew:
            return
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

    def get(self, digest: str) -> bytes | None:
        """The bytes as they are on the disk."""
        try:
            return self._place(digest).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, digest: str) -> bool:
        """Whether there is a file of this name."""
        return self._place(digest).exists()

    def each(self) -> Iterator[KeptFile]:
        """Every file."""
        for place in sorted(self.root.glob("??/??/*")):
            if DIGEST.match(place.name):
                yield KeptFile(place.name, place.stat().st_size)

    def open(self, digest: str) -> IO[bytes]:
        """The file, to be closed by who asked."""
        try:
            return self._place(digest).open("rb")
        except FileNotFoundError:
            raise FileLost from None

    def remove(self, digest: str) -> None:
        """The name is gone from the disk before anybody is told; backups beside keep theirs until they are swept."""
        place = self._place(digest)
        place.unlink(missing_ok=True)
        if place.parent.is_dir():
            sync_folder(place.parent)

    def copy_to(self, digest: str, folder: Path) -> None:
        """As a second name where both are on one disk, else as a copy."""
        try:
            link_file(self._place(digest), folder)
        except FileNotFoundError:
            raise FileLost from None

    def probe(self) -> int | None:
        """In a file without a name, so that nothing stays; the free bytes of the disk."""
        with tempfile.TemporaryFile(dir=self.root) as file:
            file.write(b"1")
            file.flush()
            file.seek(0)
            if file.read() != b"1":
                raise OSError(errno.EIO, "what was written is not what is read")
        return disk_usage(self.root).free


def link_file(place: Path, folder: Path) -> None:
    """Have a file that bears its digest as name stand in a folder of stored files: as a second name, or as a copy on another disk."""
    other = folder / key_of(place.name)
    if other.exists():
        return
    other.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = other.with_name(f".{place.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        draft.hardlink_to(place)
    except FileNotFoundError:
        raise
    except OSError:  # Another disk, or one that knows no second names.
        copyfile(place, draft)
    draft.replace(other)


def sync_folder(folder: Path) -> None:
    """Have the names of what is in a folder stand on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
