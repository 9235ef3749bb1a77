"""Make a backup: the database at one instant, the history beside it, the files and the settings, in one file that only we can read.

It is written beside its place and takes its name when it stands whole on the disk: what a crash leaves has no name, and is swept away
by the next one.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from flask import current_app

from config.settings import Settings, settings_text
from refurb.keeping.archive import HISTORY, SETTINGS, ArchiveWriter, Manifest, SummingWriter
from refurb.keeping.sealed import sealing
from refurb.keeping.snapshots import take_snapshot
from refurb.kernel.deeds.database import bytes_of_database, db
from refurb.kernel.deeds.file_stores import key_of, sync_folder
from refurb.kernel.deeds.files import copy_file, kept_files, open_file
from refurb.kernel.deeds.heads import register_of_instance
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal

NAMED = re.compile(r"(?P<why>refurb|upgrade-\w+)-(?P<at>\d{8}T\d{6}Z)\.tar(?:\.age)?")
_DRAFT = ".draft"
LABEL = "label.json"
OURS = ".of-backups"
"""In the folder of files beside the archives: only what bears it is swept."""
SPARE = 64 * 1024 * 1024
"""Bytes that a backup leaves free: the service goes on writing."""


class NoRoom(Refusal):
    """The disk has too little room for the backup; nothing was left on it. `needed` and `free` in bytes."""

    code = "keeping.no_room"
    status = 507


class AtWork(Refusal):
    """Another backup is being made into this folder."""

    code = "keeping.at_work"


class NoFolder(Refusal):
    """The folder for backups cannot be made or written."""

    code = "keeping.no_folder"


@dataclass(frozen=True)
class BackupOrder:
    """Where a backup goes, and what of it: `files` is `inside`, `beside` or `home` as in the manifest; `recipients` are public keys."""

    folder: Path
    why: str = "refurb"
    files: str = "inside"
    recipients: Sequence[str] = field(default=())


def settings_of_instance() -> Settings:
    """The settings with which this application was made."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def make_backup(order: BackupOrder) -> Path:
    """Make a backup, and say where it is. Raises `NoRoom`, `AtWork`, `NoFolder`."""
    with _alone(order.folder):
        _check_room(order)
        name = f"{order.why}-{now().astimezone(UTC):%Y%m%dT%H%M%SZ}.tar{'.age' if order.recipients else ''}"
        work = order.folder / f".{name}{_DRAFT}"
        work.mkdir(mode=0o700)
        try:
            _write(order, work, work / name)
            return _take_name(work / name, order.folder / name)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _take_name(draft: Path, place: Path) -> Path:
    label = draft.parent / LABEL
    label.replace(label_of(place))
    draft.replace(place)
    sync_folder(place.parent)
    return place


def label_of(archive: Path) -> Path:
    """Where it is written beside an archive what is in it, for lists; restoring never asks it."""
    return archive.with_name(f"{archive.name}.json")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one who writes into the folder, and sweep away what others left half done."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise NoFolder(folder=str(folder)) from error
    with os.fdopen(lock) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AtWork from error
        for each in folder.glob(f".*{_DRAFT}"):
            shutil.rmtree(each, ignore_errors=True)
        yield


def _check_room(order: BackupOrder) -> None:
    needed = size_of_database() + SPARE
    if order.files == "inside":
        needed += sum(each.size for each in kept_files())
    free = shutil.disk_usage(order.folder).free
    if free < needed:
        raise NoRoom(needed=needed, free=free)


def size_of_database() -> int:
    """About how many bytes a copy of the database takes while it is made."""
    return bytes_of_database() * 3 // 2 if db.engine.dialect.name == "sqlite" else bytes_of_database() // 2


def _write(order: BackupOrder, work: Path, draft: Path) -> None:
    manifest = Manifest(version=version("refurb"), made_at="", database=db.engine.dialect.name, revision="", files=order.files)
    # The history first: what the register says must be in the database that is copied after it.
    history = _copy_history(work, manifest)
    manifest.made_at = datetime.now(UTC).isoformat(timespec="seconds")
    tables = take_snapshot(work, manifest)
    _note(work / SETTINGS, settings_text(settings_of_instance()))
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        summed = SummingWriter(out)
        with sealing(summed, order.recipients) as stream:
            archive = ArchiveWriter(stream)
            for name in (SETTINGS, *history, *tables):
                archive.add_file(name, work / name)
                (work / name).unlink()
            _add_files(archive, order, manifest)
            archive.finish(manifest)
        out.flush()
        os.fsync(out.fileno())
    label = {**asdict(manifest), "parts": {}, "archive": asdict(summed.sum)}
    _note(work / LABEL, json.dumps(label, ensure_ascii=False, indent=1))


def _note(place: Path, text: str) -> None:
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _copy_history(work: Path, manifest: Manifest) -> list[str]:
    register = register_of_instance()
    (work / "history").mkdir()
    names = []
    with register.still():
        note = register.last_note()
        manifest.head = str(note) if note else ""
        for name in HISTORY:
            if (register.folder / name).exists():
                shutil.copyfile(register.folder / name, work / "history" / name)
                names.append(f"history/{name}")
    return names


def _add_files(archive: ArchiveWriter, order: BackupOrder, manifest: Manifest) -> None:
    if order.files == "beside":
        (order.folder / "files").mkdir(mode=0o700, exist_ok=True)
        (order.folder / "files" / OURS).touch(mode=0o600)
    for each in kept_files():
        manifest.held[each.digest] = each.size
        if order.files == "inside":
            with open_file(each.digest) as content:
                archive.add(f"files/{key_of(each.digest)}", content, each.size)
        elif order.files == "beside":
            copy_file(each.digest, order.folder / "files")


def archives_in(folder: Path) -> list[Path]:
    """The whole archives of a folder, the newest first."""
    found = [each for each in folder.glob("*.tar*") if NAMED.fullmatch(each.name)] if folder.is_dir() else []
    return sorted(found, key=lambda each: each.name.rpartition("-")[2], reverse=True)


def forget_old(folder: Path, keep: int, why: str = "refurb") -> list[str]:
    """Take away the oldest archives of one kind beyond so many; their names."""
    old = [each for each in archives_in(folder) if each.name.startswith(f"{why}-")][keep:]
    for each in old:
        each.unlink()
        label_of(each).unlink(missing_ok=True)
    _sweep_files(folder)
    return [each.name for each in old]


def _sweep_files(folder: Path) -> None:
    """Take away the files beside the archives that none of them needs any more."""
    if not (folder / "files" / OURS).exists():
        return
    needed: set[str] = set()
    for each in archives_in(folder):
        try:
            needed.update(json.loads(label_of(each).read_text(encoding="utf-8"))["held"])
        except (OSError, ValueError, KeyError):  # Nobody knows what it needs: everything stays.
            return
    for place in (folder / "files").glob("??/??/*"):
        if place.name not in needed:
            place.unlink(missing_ok=True)
