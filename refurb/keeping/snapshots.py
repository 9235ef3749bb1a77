"""The database as it is at one instant, copied while others write: none of them waits for it.

SQLite is copied by its own backup, in one step: who reads a write-ahead log holds up no writer; in steps, it would begin again at each
write. PostgreSQL is read table by table in one REPEATABLE READ transaction through the driver (COPY), not by `pg_dump`: nothing of the
server's version has to be installed beside the service, and the schema to which the rows return is what our own migrations make.
"""

import gzip
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from refurb.keeping.archive import CHUNK, DATABASE, Manifest
from refurb.kernel.deeds.database import db

VERSION_TABLE = "alembic_version"
_QUICK = 1
"""How hard what is copied is compressed: the least, since somebody waits for the disk and nobody for the last tenth."""


def take_snapshot(folder: Path, manifest: Manifest) -> list[str]:
    """Copy the database into parts of an archive within a folder, and tell the manifest what they are; their names."""
    return _of_sqlite(folder, manifest) if manifest.database == "sqlite" else _of_postgresql(folder, manifest)


def _of_sqlite(folder: Path, manifest: Manifest) -> list[str]:
    plain = folder / "database.sqlite3"
    with closing(sqlite3.connect(str(db.engine.url.database))) as source, closing(sqlite3.connect(plain)) as target:
        target.execute("PRAGMA synchronous = OFF")  # What counts is the archive, and that is synchronised.
        source.backup(target, pages=-1)
        target.execute("PRAGMA journal_mode = DELETE")
        manifest.revision = target.execute("SELECT version_num FROM alembic_version").fetchone()[0]  # fixed words
        manifest.rows = rows_of_sqlite(target)
    with plain.open("rb") as file, gzip.open(folder / DATABASE, "wb", compresslevel=_QUICK) as packed:
        shutil.copyfileobj(file, packed, CHUNK)
    plain.unlink()
    return [DATABASE]


def rows_of_sqlite(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table of a SQLite file has."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name").fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608 - its own names


def _of_postgresql(folder: Path, manifest: Manifest) -> list[str]:
    (folder / "tables").mkdir()
    names = []
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection:
        manifest.revision = connection.scalar(text("SELECT version_num FROM alembic_version")) or ""
        manifest.columns = columns_of(connection)
        manifest.sequences = {name: last for name, last in connection.execute(text(_SEQUENCES))}  # noqa: C416 - rows are no pairs to mypy
        for table, columns in manifest.columns.items():
            names.append(f"tables/{table}.copy.gz")
            manifest.rows[table] = _copied(connection, table, columns, folder / names[-1])
    return names


_SEQUENCES = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"


def columns_of(connection: Connection) -> dict[str, list[str]]:
    """The columns of every table of a PostgreSQL database that holds rows of ours, those left out that it computes by itself."""
    inspector = inspect(connection)
    found = {}
    for table in sorted(inspector.get_table_names()):
        if table != VERSION_TABLE:
            found[table] = [each["name"] for each in inspector.get_columns(table) if not each.get("computed")]
    return found


def _copied(connection: Connection, table: str, columns: list[str], place: Path) -> int:
    from psycopg import sql  # noqa: PLC0415 - PostgreSQL's driver

    driver: Any = connection.connection.driver_connection
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)))
    with driver.cursor() as cursor:
        with gzip.open(place, "wb", compresslevel=_QUICK) as packed, cursor.copy(statement) as copy:
            for block in copy:
                packed.write(block)
        return int(cursor.rowcount)
