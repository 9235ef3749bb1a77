"""Put a backup back into an empty place, verify all of it, and forget what is past its term before anybody opens it.

A place in which a restore has not ended bears a mark: the service does not start there, and the next restore begins anew. Its settings
take their name last.
"""

import gzip
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, delete, func, inspect, select, table, text

from config.settings import PREFIX, SETTINGS_FILE, UNFINISHED, Settings, key_of, read_settings_file, secrets_text
from refurb.accounts.addresses.models import AddressChange
from refurb.accounts.factors.models import TrustedBrowser
from refurb.accounts.models import OpenSession
from refurb.accounts.passwords.models import PasswordLink
from refurb.keeping.actions import note_restored
from refurb.keeping.archive import CHUNK, DATABASE, SETTINGS, Manifest, unpack
from refurb.keeping.sealed import opened
from refurb.keeping.snapshots import VERSION_TABLE, columns_of, rows_of_sqlite
from refurb.keeping.upgrades import alone_with_tables, revisions_known
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.file_stores import FileLost, link_file, sync_folder
from refurb.kernel.deeds.files import begin_in, digest_of, fetch, take_over
from refurb.kernel.deeds.reads import leave_own
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wiring_of
from refurb.kernel.deeds.worker import forget_all
from refurb.kernel.speech.errors import Refusal

MakeApp = Callable[[Settings], Flask]
_NOT_YET = "settings.unfinished"
_OF_NOBODY = frozenset({"lost+found", ".gitkeep", ".DS_Store"})


class PlaceNotEmpty(Refusal):
    """The folder, or the database, holds something: a restore never writes over anything. `held` names some of it."""

    code = "keeping.not_empty"


class SourceInPlace(Refusal):
    """The archive, or a folder of its files, lies inside the place that is restored into, which is swept; `source` says which."""

    code = "keeping.source_in_place"


class OtherDatabase(Refusal):
    """The archive is of SQLite and the settings name a PostgreSQL database, or the other way round."""

    code = "keeping.other_database"


class TooNew(Refusal):
    """The archive is of a newer release than this one, whose migration `revision` is not known here."""

    code = "keeping.too_new"


class FilesMissing(Refusal):
    """Files that belong to the archive are neither in it nor where they were looked for; `count` of them, such as `example`."""

    code = "keeping.files_missing"


@dataclass
class Restored:
    """What a restore did: of which archive, what verification found (nothing, when all is whole), and how much was forgotten."""

    manifest: Manifest
    settings: Settings
    findings: list[str] = field(default_factory=list)
    forgotten: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where to: the home folder, what the environment says besides, and how an application is made of settings."""

    home: Path
    environ: Mapping[str, str]
    make_app: MakeApp


def restore(archive: Path, place: Place, *, identity: Path | None = None, files: Sequence[Path] = (), anyway: bool = False) -> Restored:
    """Put an archive back; what is wrong with it, if anything, stands in `findings`, and then the place stays unfinished.

    `files` are folders in which files are looked for that are not in the archive, besides the one beside it. With `anyway` the place is
    finished whatever was found: for somebody who has nothing better. Raises the refusals of this module, of `archive` and of `sealed`.
    """
    _refuse_inside(place.home, [archive, *files])
    with opened(archive, identity) as source:
        _begin(place.home)
        manifest = unpack(source, place.home)
    settings = _settings(place, manifest)
    app = place.make_app(settings)
    with app.app_context():
        try:
            _put_files(manifest, settings, [archive.parent / "files", *files])
            done = Restored(manifest, settings)
            if manifest.revision not in revisions_known():
                raise TooNew(revision=manifest.revision)
            with alone_with_tables():
                _load(manifest, settings)
                done.findings += differing_rows(manifest)
                upgrade()
            done.findings += (each for verify in wiring_of(app).verifying.values() for each in verify())
            if not done.findings or anyway:
                done.forgotten = forget_all(app)
                with unit_of_work():
                    _end_what_opens()
                    note_restored(SERVICE, archive.name, archive.stat().st_size, manifest.made_at)
                _finish(place.home)
            return done
        finally:
            let_go()


def let_go() -> None:
    """Close every connection of the application at work, which nobody will ask again."""
    db.session.remove()
    leave_own()
    db.engine.dispose()


def _refuse_inside(home: Path, sources: Sequence[Path]) -> None:
    for each in sources:
        if each.resolve().is_relative_to(home.resolve()):
            raise SourceInPlace(source=each.name)


def _end_what_opens() -> None:
    """Delete what opened an account when the backup was made: it may have been ended since, and nobody would know."""
    for each in (OpenSession, TrustedBrowser, PasswordLink, AddressChange):
        db.session.execute(delete(each))


def _begin(home: Path) -> None:
    mark = home / UNFINISHED
    if mark.exists():
        for each in home.iterdir():
            if each != mark and each.name not in _OF_NOBODY:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        return
    held = sorted(each.name for each in home.iterdir() if each.name not in _OF_NOBODY) if home.is_dir() else []
    if held:
        raise PlaceNotEmpty(held=", ".join(held[:3]))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text("{}", encoding="utf-8")
    sync_folder(home)


def _settings(place: Place, manifest: Manifest) -> Settings:
    """The settings of the archive, under those of the environment; kept under another name until the end."""
    (place.home / SETTINGS).replace(place.home / _NOT_YET)
    texts = read_settings_file(place.home / _NOT_YET)
    ours = {key: value for key, value in place.environ.items() if key.startswith(PREFIX) and value}
    for url in (key_of("database_url"), key_of("files_url")):
        texts.pop(url, None)  # The database and the bucket that were backed up are not the place to write to.
        if url in ours:
            texts[url] = ours[url]
    secret, before = key_of("secret_key"), key_of("secret_keys_before")
    if secret in ours and secret in texts and ours[secret] != texts[secret]:  # What it signed is still to be read.
        texts[before] = ",".join(filter(None, (secrets_text([texts[secret]]), texts.get(before))))
    (place.home / _NOT_YET).write_text("".join(f"{key}={value}\n" for key, value in texts.items()), encoding="utf-8")
    settings = Settings.read({**texts, **ours, key_of("home"): str(place.home)})
    if settings.on_sqlite != (manifest.database == "sqlite"):
        raise OtherDatabase(database=manifest.database)
    return settings


def _put_files(manifest: Manifest, settings: Settings, folders: Sequence[Path]) -> None:
    """Have the files where the settings say: those of the archive, and those that are elsewhere."""
    _fetch_files(manifest, settings, folders)
    begin_in(settings.home)
    if settings.files_url is not None:
        take_over(settings.files)
        shutil.rmtree(settings.files)


def _is_in_bucket(digest: str, settings: Settings) -> bool:
    try:
        return settings.files_url is not None and digest_of(fetch(digest)) == digest
    except FileLost:
        return False


def _fetch_files(manifest: Manifest, settings: Settings, folders: Sequence[Path]) -> None:
    """Take the files that are not in the archive from where they are, each held against its name, which is its sum."""
    missing = []
    for digest in manifest.held:
        if manifest.files == "inside":
            continue
        found = (folder / digest[:2] / digest[2:4] / digest for folder in folders)
        place = next((each for each in found if each.is_file() and digest_of(each.read_bytes()) == digest), None)
        if place is not None:
            link_file(place, settings.files)
        elif not _is_in_bucket(digest, settings):
            missing.append(digest)
    if missing:
        raise FilesMissing(count=len(missing), example=missing[0][:12])


def _load(manifest: Manifest, settings: Settings) -> None:
    if manifest.database == "postgresql":
        _load_postgresql(manifest, settings)
        return
    place, draft = Path(str(db.engine.url.database)), settings.home / "database.draft"
    if place.exists():
        raise PlaceNotEmpty(held=place.name)
    packed = settings.home / DATABASE
    with gzip.open(packed) as source, draft.open("wb") as target:
        shutil.copyfileobj(source, target, CHUNK)
        target.flush()
        os.fsync(target.fileno())
    draft.replace(place)
    packed.unlink()


def _load_postgresql(manifest: Manifest, settings: Settings) -> None:
    """Have our migrations make the schema that the archive had, then fill its tables; both again from the beginning after a crash."""
    from psycopg import sql  # noqa: PLC0415 - PostgreSQL's driver

    _claim_database(settings)
    upgrade(revision=manifest.revision)
    db.engine.dispose()  # What was prepared for the tables as they were is forgotten.
    with db.engine.begin() as connection, _without_walls(connection):
        names = sql.SQL(", ").join(map(sql.Identifier, columns_of(connection)))
        driver: Any = connection.connection.driver_connection
        driver.execute(sql.SQL("TRUNCATE {}").format(names))
        for name, columns in manifest.columns.items():
            _fill(driver, name, columns, settings.home / f"tables/{name}.copy.gz")
        for sequence, last in manifest.sequences.items():
            if last:
                driver.execute(sql.SQL("SELECT setval({}, {})").format(sql.Literal(f'"{sequence}"'), sql.Literal(last)))
    shutil.rmtree(settings.home / "tables")


def _claim_database(settings: Settings) -> None:
    """See that the database is empty, or that what is in it is of a restore into this very place that did not end."""
    mark = settings.home / UNFINISHED
    claimed = json.loads(mark.read_text(encoding="utf-8") or "{}").get("database")
    ours = str(db.engine.url.render_as_string(hide_password=True))
    with db.engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        if tables and claimed != ours:
            raise PlaceNotEmpty(held=", ".join(sorted(tables)[:3]))
        for each in tables:
            connection.execute(text(f'DROP TABLE "{each}" CASCADE'))
        for (name,) in connection.execute(text(_OUR_FUNCTIONS)).all():
            connection.execute(text(f"DROP ROUTINE {name} CASCADE"))
    mark.write_text(json.dumps({"database": ours}), encoding="utf-8")
    sync_folder(settings.home)


_OUR_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""


@contextmanager
def _without_walls(connection: Connection) -> Iterator[None]:
    """No trigger fires and no foreign key is asked while rows come in any order; the keys are asked for all of them at the end."""
    tables = list(columns_of(connection))
    keys = connection.execute(text(_FOREIGN_KEYS)).all()
    for each in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{each}" DISABLE TRIGGER USER')
    for of_table, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {of_table} DROP CONSTRAINT {name}")
    yield
    for of_table, name, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {of_table} ADD CONSTRAINT {name} {definition}")
    for each in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{each}" ENABLE TRIGGER USER')


def _fill(driver: Any, name: str, columns: Sequence[str], place: Path) -> None:
    from psycopg import sql  # noqa: PLC0415 - PostgreSQL's driver

    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns)))
    with driver.cursor() as cursor, cursor.copy(statement) as copy, gzip.open(place) as packed:
        while part := packed.read(CHUNK):
            copy.write(part)


def differing_rows(manifest: Manifest) -> list[str]:
    """What the database says otherwise than the manifest: rows that are not as many, and on SQLite what its own checks find."""
    if manifest.database == "sqlite":
        with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
            counted = rows_of_sqlite(connection)
            faults = [f"sqlite: {row[0]}" for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            faults += [f"sqlite: a row of {row[0]} points nowhere" for row in connection.execute("PRAGMA foreign_key_check")]
    else:
        with db.engine.connect() as connection:
            names = [each for each in inspect(connection).get_table_names() if each != VERSION_TABLE]
            counted = {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
        faults = []
    tables = sorted(manifest.rows.keys() | counted.keys())
    differing = [
        f"rows of {each}: {counted.get(each)}, and {manifest.rows.get(each)} in the archive"
        for each in tables
        if counted.get(each) != manifest.rows.get(each)
    ]
    return faults + differing


def _finish(home: Path) -> None:
    (home / _NOT_YET).replace(home / SETTINGS_FILE)
    sync_folder(home)
    (home / UNFINISHED).unlink()
    sync_folder(home)
