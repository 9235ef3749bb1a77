"""Every upload and every paper: kept once under its SHA-256, never changed, in the folder or the bucket that the settings name.

Until its term, where it is about somebody: then it is taken away (`erased_files`).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from flask import current_app

from refurb.kernel.deeds.file_stores import (
    DIGEST,
    MARK,
    FileLost,
    FileStore,
    FolderStore,
    KeptFile,
    StorageMissing,
    sync_folder,
)
from refurb.kernel.speech.errors import NotFound

BEGUN = "files.begun"
"""In the home: files have been kept."""


def digest_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes) -> str:
    """Store some bytes and return their SHA-256. Storing the same twice stores once; a crash or a power cut leaves no half file.

    Raises `StorageMissing` and `StorageAway`.
    """
    digest = digest_of(content)
    store = _store()
    _begin(store)
    store.put(digest, content)
    return digest


def fetch(digest: str) -> bytes:
    """The bytes stored under a SHA-256, as they are there: the caller who must trust them checks `digest_of`.

    Raises `FileLost` and its kinds, and `NotFound` for what is no SHA-256.
    """
    store = _store()
    content = store.get(_checked(digest))
    if content is None:
        if _begun().exists() and not store.is_ours():
            raise StorageMissing
        raise FileLost
    return content


def kept_files() -> Iterator[KeptFile]:
    """Every file that is kept, in the order of its SHA-256."""
    return _store().each()


def open_file(digest: str) -> IO[bytes]:
    """A kept file as a stream, to be closed by who asked. Raises `FileLost`."""
    return _store().open(_checked(digest))


def take_away(digest: str) -> None:
    """Take a file from the storage, at its term; one that is not there is gone already."""
    _store().remove(_checked(digest))


def copy_file(digest: str, folder: Path) -> None:
    """Have a kept file stand in a folder of the same form, too. Raises `FileLost`."""
    _store().copy_to(_checked(digest), folder)


def is_kept(digest: str) -> bool:
    """Whether a file is in the storage under this SHA-256; what it says is another question."""
    return _store().has(_checked(digest))


def probe() -> int | None:
    """See that files can be kept and read just now; the free bytes, where the storage is a disk.

    Raises `StorageMissing`, `StorageAway` and `OSError`.
    """
    store = _store()
    _begin(store)
    return store.probe()


def take_over(folder: Path) -> int:
    """Keep every file of a folder of stored files, each held against its name; how many there were.

    Says that the storage is ours, whatever was kept elsewhere before. Raises `FileLost` for one that is not what its name says.
    """
    store = _store()
    store.mark()
    count = 0
    for each in FolderStore(folder).each():
        with FolderStore(folder).open(each.digest) as file:
            content = file.read()
        if digest_of(content) != each.digest:
            raise FileLost
        store.put(each.digest, content, anew=True)
        count += 1
    _note_begun()
    return count


def begin_in(home: Path) -> None:
    """Mark the files that were put into a home as its own; see `keep`."""
    (home / "files").mkdir(mode=0o700, exist_ok=True)
    for mark in (home / "files" / MARK, home / BEGUN):
        mark.touch()
        sync_folder(mark.parent)


def _checked(digest: str) -> str:
    if not DIGEST.match(digest):
        raise NotFound
    return digest


def _store() -> FileStore:
    url = current_app.config["FILES_URL"]
    if url is None:
        return FolderStore(Path(current_app.config["FILES"]))
    from refurb.kernel.deeds.bucket_store import bucket_at  # noqa: PLC0415 - a library that most installations do without

    return bucket_at(url)


def _begun() -> Path:
    """Stays where the storage goes: where only it is, the storage is not ours."""
    return Path(current_app.config["HOME"]) / BEGUN


def _begin(store: FileStore) -> None:
    """See that this is the storage in which files are kept; make it where none ever was."""
    is_ours, is_begun = store.is_ours(), _begun().exists()
    if is_ours and is_begun:
        return
    if not is_ours:
        if is_begun:
            raise StorageMissing
        store.mark()
    _note_begun()


def _note_begun() -> None:
    _begun().touch()
    sync_folder(_begun().parent)
