"""The one file of a backup: a tar of the database, files, history and settings, with a manifest at its end that sums up all of it.

An archive that was cut short has no manifest, and is none. The form is described in docs/operate.md, so that it can be read without us.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from refurb.kernel.speech.errors import Refusal

FORMAT = 1
MANIFEST = "manifest.json"
SETTINGS = "settings.env"
DATABASE = "database.sqlite3.gz"
HISTORY = ("register", "heads", "edge.json", "key", "paper-key", "paper-keys")
CHUNK = 1024 * 1024

_MEMBER = re.compile(
    r"manifest\.json|settings\.env|database\.sqlite3\.gz|tables/[a-z][a-z0-9_]{0,62}\.copy\.gz"
    r"|history/(?:register|heads|edge\.json|key|paper-keys?)|files/([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{60}"
)


class NoArchive(Refusal):
    """This is no archive of ours, or one that was cut short, or whose bytes are no longer what they were; `reason` says which."""

    code = "keeping.no_archive"
    status = 422


@dataclass(frozen=True)
class Sum:
    """Of one part of an archive: how many bytes, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What an archive says of itself; the last of its parts."""

    version: str
    """Of the product that made it."""
    made_at: str
    """ISO 8601, UTC: the instant of which the database is the picture."""
    database: str
    """`sqlite` or `postgresql`."""
    revision: str
    """Of the database's schema: a migration's number."""
    rows: dict[str, int] = field(default_factory=dict)
    """How many rows each table has."""
    columns: dict[str, list[str]] = field(default_factory=dict)
    """Of each table, in the order in which its copy has them; of PostgreSQL only."""
    sequences: dict[str, int] = field(default_factory=dict)
    """The last number that each sequence gave; of PostgreSQL only."""
    files: str = "inside"
    """Where the uploads and papers are: `inside` the archive, `beside` it in the folder `files`, or where they were (`home`)."""
    held: dict[str, int] = field(default_factory=dict)
    """The files that belong to it, by their SHA-256, with their sizes, wherever they are."""
    head: str = ""
    """The newest signed head of the history."""
    parts: dict[str, Sum] = field(default_factory=dict)
    format: int = FORMAT

    def __str__(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def read(cls, text: str) -> Self:
        """The manifest that a text is. Raises `NoArchive`."""
        try:
            said = json.loads(text)
            parts = {name: Sum(**each) for name, each in said.pop("parts").items()}
            made = cls(parts=parts, **said)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NoArchive(reason="manifest") from error
        if made.format != FORMAT:
            raise NoArchive(reason=f"format {made.format}")
        return made


class Summing(io.RawIOBase):
    """A stream that sums up what is read through it, up to so many bytes."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source, self._left, self.size = source, size, 0
        self._sum = hashlib.sha256()

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; nothing at the end."""
        content = self._source.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(content)
        self.size += len(content)
        self._sum.update(content)
        return content

    @property
    def sum(self) -> Sum:
        """Of what was read until now."""
        return Sum(self.size, self._sum.hexdigest())


class SummingWriter:
    """A stream that sums up what is written through it."""

    def __init__(self, out: Any) -> None:
        self._out, self._size, self._sum = out, 0, hashlib.sha256()

    def write(self, content: bytes) -> int:
        """Write on."""
        self._sum.update(content)
        self._size += len(content)
        self._out.write(content)
        return len(content)

    def flush(self) -> None:
        """Have the stream behind it write what it holds."""
        self._out.flush()

    def tell(self) -> int:
        """How many bytes were written."""
        return self._size

    @property
    def sum(self) -> Sum:
        """Of what was written until now."""
        return Sum(self._size, self._sum.hexdigest())


class ArchiveWriter:
    """Writes the parts of an archive, one after the other, into a stream that need not be a file."""

    def __init__(self, out: Any) -> None:
        self._tar = tarfile.TarFile(fileobj=SummingWriter(out), mode="w", format=tarfile.PAX_FORMAT)  # type: ignore[arg-type]  # nothing but these is asked of it
        self.parts: dict[str, Sum] = {}

    def add(self, name: str, content: IO[bytes], size: int) -> Sum:
        """Add one part of so many bytes; of a file that grows meanwhile, its beginning."""
        read = Summing(content, size)
        self._tar.addfile(_described(name, size), read)
        self.parts[name] = read.sum
        return read.sum

    def add_file(self, name: str, place: Path) -> Sum:
        """Add what stands at a place."""
        with place.open("rb") as file:
            return self.add(name, file, os.fstat(file.fileno()).st_size)

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and the end."""
        manifest.parts = self.parts
        content = f"{manifest}\n".encode()
        self._tar.addfile(_described(MANIFEST, len(content)), io.BytesIO(content))
        self._tar.close()


def _described(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


@contextmanager
def _reading(source: Any) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=CHUNK) as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise NoArchive(reason="cut") from error


def unpack(source: Any, folder: Path) -> Manifest:
    """Write the parts of an archive into a folder, read from a stream, each held against its sum; its manifest.

    Nothing but known parts is taken, and nothing is written elsewhere. Raises `NoArchive`.
    """
    found: dict[str, Sum] = {}
    manifest: Manifest | None = None
    with _reading(source) as tar:
        for info in tar:
            content = tar.extractfile(info) if info.isreg() and _MEMBER.fullmatch(info.name) else None
            if content is None or manifest is not None:
                raise NoArchive(reason=f"part {info.name[:80]}")
            if info.name == MANIFEST:
                manifest = Manifest.read(content.read().decode(errors="replace"))
            else:
                found[info.name] = _written(content, info.size, folder / info.name)
    if manifest is None:
        raise NoArchive(reason="cut")
    _hold_against(found, manifest.parts)
    return manifest


def _written(content: IO[bytes], size: int, place: Path) -> Sum:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    read = Summing(content, size)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while part := read.read(CHUNK):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return read.sum


def _hold_against(found: Mapping[str, Sum], said: Mapping[str, Sum]) -> None:
    for name in sorted(said.keys() | found.keys()):
        if said.get(name) != found.get(name):
            raise NoArchive(reason=f"part {name}")


def manifest_of(source: Any) -> Manifest:
    """The manifest at the end of an archive, all of which is read and held against it. Raises `NoArchive`."""
    found: dict[str, Sum] = {}
    with _reading(source) as tar:
        for info in tar:
            content = tar.extractfile(info)
            if content is None:
                raise NoArchive(reason=f"part {info.name[:80]}")
            if info.name == MANIFEST:
                manifest = Manifest.read(content.read().decode(errors="replace"))
                _hold_against(found, manifest.parts)
                return manifest
            read = Summing(content, info.size)
            while read.read(CHUNK):
                pass
            found[info.name] = read.sum
    raise NoArchive(reason="cut")
