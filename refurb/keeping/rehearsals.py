"""Try whether a backup can be put back: restore the newest into a temporary place, verify all of it, and take the place away.

What is encrypted to a key that is not here cannot be opened here: then its bytes are held against the sum noted when it was written, and
a backup made for the occasion is restored instead.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from config.settings import key_of
from refurb.keeping.backups import BackupOrder, archives_in, label_of, make_backup, settings_of_instance
from refurb.keeping.queries import standing_of
from refurb.keeping.restores import MakeApp, Place, restore
from refurb.keeping.sealed import is_sealed
from refurb.keeping.words import KeepingKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import Refusal

if TYPE_CHECKING:
    from psycopg import Connection

FOLDER = ".rehearsal"
_PREFIX = "refurb_rehearsal_"


class NoRightToRehearse(Refusal):
    """The database's account may not make a database for the rehearsal (`ALTER ROLE … CREATEDB`)."""

    code = "keeping.no_createdb"


@dataclass(frozen=True)
class Rehearsed:
    """What was tried: the archive's name, its bytes, rows and files, and what was found; `anew` when it was made for the occasion."""

    archive: str
    size: int
    rows: int
    files: int
    findings: list[str]
    anew: bool


def rehearse(make_app: MakeApp) -> Rehearsed:
    """Restore the newest backup into a temporary folder (and database) and verify it. Raises the refusals of `restore`."""
    settings = settings_of_instance()
    work = settings.backups / FOLDER
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700, parents=True)
    try:
        newest = next((each for each in archives_in(settings.backups) if each.name.startswith("refurb-")), None)
        findings = _changed(newest) if newest else _vanished()
        anew = newest is None or is_sealed(newest)
        # What lies in a bucket is put into the archive, so that it is a folder that is restored.
        made = BackupOrder(work / "made", files="inside" if settings.files_url else "home")
        archive = make_backup(made) if newest is None or anew else newest
        db.session.rollback()
        with _elsewhere() as environ:
            # The live storage stands in for no file that a backup lacks: it would be lost with the rest.
            done = restore(archive, Place(work / "home", environ, make_app), files=[settings.files] if anew else [])
        rows, held = sum(done.manifest.rows.values()), len(done.manifest.held)
        name, size = (newest or archive).name, (newest or archive).stat().st_size
        return Rehearsed(name, size, rows, held, findings + done.findings, anew)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _changed(archive: Path) -> list[str]:
    """Whether an archive still has the sum that was noted when it was written."""
    try:
        noted = json.loads(label_of(archive).read_text(encoding="utf-8"))["archive"]["sha256"]
    except (OSError, ValueError, KeyError):
        return [f"no_label: {archive.name}"] if is_sealed(archive) else []  # What opens is verified in full.
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return [] if found == noted else [f"changed_archive: {archive.name}"]


def _vanished() -> list[str]:
    """The last backup, where one was made and none lies in the folder: its disk is away, or somebody took them."""
    done = standing_of(KeepingKind.BACKUP).done
    return [f"no_archive: {done.archive}"] if done else []


@contextmanager
def _elsewhere() -> Iterator[Mapping[str, str]]:
    """What the environment of a temporary instance says: on PostgreSQL a database of its own, dropped at the end."""
    if db.engine.dialect.name == "sqlite":
        yield {}
        return
    from psycopg import connect, sql  # noqa: PLC0415 - PostgreSQL's driver
    from psycopg.errors import InsufficientPrivilege  # noqa: PLC0415 - PostgreSQL's driver

    url = make_url(db.engine.url).set(drivername="postgresql")
    ours = f"{_PREFIX}{hashlib.sha256(str(url.database).encode()).hexdigest()[:8]}_"
    name = f"{ours}{secrets.token_hex(4)}"
    # Not from our engine: whoever makes a database is in no transaction, and ours always are.
    with connect(url.render_as_string(hide_password=False), autocommit=True) as server:
        left = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [ours]).fetchall()
        for (each,) in left:
            _drop(server, each)
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except InsufficientPrivilege as error:
            raise NoRightToRehearse from error
        try:
            yield {key_of("database_url"): url.set(database=name).render_as_string(hide_password=False)}
        finally:
            _drop(server, name)


def _drop(server: "Connection[Any]", name: str) -> None:
    from psycopg import sql  # noqa: PLC0415 - PostgreSQL's driver

    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
