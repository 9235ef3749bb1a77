"""The databases that stand for as long as a worker works: made once by the migrations and the story, given to each test as they were.

Each kind keeps them in two states, empty and settled by the story's people, and can keep what a test left, to go back to it later.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from psycopg import Connection
from sqlalchemy import Engine

from tests.support.postgres import Cluster

Prepare = Callable[[str], None]
"""Does one step of making a database, which is told by its address."""


class OnSqlite:
    """One file at one place; what is kept is a copy of it."""

    def __init__(self, home: Path, folder: Path, migrate: Prepare, settle: Prepare) -> None:
        self._file: Final = home / "refurb.sqlite3"
        self._folder: Final = folder
        self.url: Final = f"sqlite:///{self._file}"
        self._clear()
        self.templates: Final = {}
        for settled, prepare in ((False, migrate), (True, settle)):
            prepare(self.url)
            self.templates[settled] = self._copied(f"{'settled' if settled else 'empty'}.sqlite3")
        self.beginning: Final = self.templates[True]

    def _clear(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)

    def _copied(self, name: str) -> Path:
        """A copy of the file, to which nobody is connected any more."""
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # What is copied is the one file.
        return Path(shutil.copy(self._file, self._folder / name))

    def give(self, *, settled: bool) -> str:
        """The address of a database as it was made."""
        self._clear()
        shutil.copy(self.templates[settled], self._file)
        return self.url

    def keep(self, engine: Engine, number: int) -> Path:
        """What the database holds now; nobody may be in the middle of something there."""
        engine.dispose()
        return self._copied(f"{number}.sqlite3")

    def turn_to(self, engine: Engine, kept: Path, _now: Path | None) -> None:
        """Let it hold what was kept."""
        engine.dispose()
        self._clear()
        shutil.copy(kept, self._file)


@dataclass(frozen=True)
class Rows:
    """The rows of each table, as PostgreSQL copies them out, and where each sequence stands."""

    tables: dict[str, bytes]
    numbers: dict[str, int | None]


class OnPostgres:
    """One database of the run's server; what is kept are its rows."""

    def __init__(self, cluster: Cluster, worker: str, migrate: Prepare, settle: Prepare, let_go: Callable[[], None]) -> None:
        """`let_go` is called before a database is dropped: whoever rests connected to it would meet a dead connection."""
        self._cluster: Final = cluster
        self._let_go: Final = let_go
        self.templates: Final = {settled: f"{'settled' if settled else 'empty'}_{worker}" for settled in (False, True)}
        self._names: Final = {settled: f"{name}_test" for settled, name in self.templates.items()}
        for settled, prepare in ((False, migrate), (True, settle)):
            for name in (self.templates[settled], self._names[settled]):
                cluster.drop_database(name)
            prepare(cluster.create_database(self._names[settled], self.templates[False] if settled else None))
            cluster.create_database(self.templates[settled], self._names[settled])
            cluster.keep_rows(self._names[settled])
        self.url: Final = cluster.url(self._names[True])
        found = cluster.lasting(self._names[True]).execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        self._tables: Final = [name for (name,) in found]
        self.beginning: Final = self.keep(None, 0)

    def give(self, *, settled: bool) -> str:
        """The address of a database as it was made."""
        name = self._names[settled]
        if not self._cluster.put_back(name):
            self._let_go()
            self._cluster.drop_database(name)
            self._cluster.create_database(name, self.templates[settled])
            self._cluster.keep_rows(name)
        return self._cluster.url(name)

    def keep(self, _engine: Engine | None, _number: int) -> Rows:
        """What the database holds now."""
        connection = self._cluster.lasting(self._names[True])
        found = connection.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        # Most tables are empty, and to copy nothing out costs as much as a few rows.
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in self._tables)
        filled = {name for (name,) in connection.execute(asked.encode(), prepare=True)}
        return Rows({name: _copied_out(connection, name) if name in filled else b"" for name in self._tables}, dict(found))

    def turn_to(self, _engine: Engine, kept: Rows, now: Rows | None) -> None:
        """Let it hold what was kept, as a replica's rows, which no trigger looks at again; `now`: what it holds, if that was kept."""
        before = now or Rows({}, {})
        changed = {name: rows for name, rows in kept.tables.items() if before.tables.get(name) != rows}
        numbers = [(name, last) for name, last in kept.numbers.items() if name not in before.numbers or before.numbers[name] != last]
        deeds = [f'DELETE FROM "{name}"' for name in changed]
        deeds += [f"SELECT setval('\"{name}\"', {last or 1}, {last is not None})" for name, last in numbers]
        connection = self._cluster.lasting(self._names[True])
        with connection.transaction():
            connection.execute(";".join(deeds).encode())
            for name, rows in changed.items():
                if rows:
                    _copy_in(connection, name, rows)


def _copied_out(connection: Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(f'COPY "{table}" TO STDOUT'.encode()) as rows:
        return b"".join(bytes(each) for each in rows)


def _copy_in(connection: Connection[Any], table: str, rows: bytes) -> None:
    with connection.cursor().copy(f'COPY "{table}" FROM STDIN'.encode()) as into:
        into.write(rows)
