"""The databases that stand for as long as a worker works: made once by the migrations and the story, given to each test as they were.

Each kind keeps them in two states, empty and settled by the story's people, and can keep what a test left, to go back to it later.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from psycopg import Connection

from tests.support.postgres import Cluster

INDEX_HEAD: Final = 96
"""Bytes at the beginning of the index of a log, twice the same: SQLite's file format, § « The WAL-Index »."""

Prepare = Callable[[str], None]
"""Does one step of making a database, which is told by its address."""


class OnSqlite:
    """One file at one place, never written once it was made: what a test writes stays in the log beside it (WAL), and goes with it.

    Who opens a database reads its six hundred tables, indexes and triggers first, which takes as long as many a test. So connections
    stay open from one test to the next, and the log alone is dropped, kept and put back; whatever would not be the same by that, such
    as another table, another file in its place or somebody who still writes, has the file made anew and everybody open it again.
    """

    def __init__(self, home: Path, folder: Path, migrate: Prepare, settle: Prepare, let_go: Callable[[], None]) -> None:
        """`let_go` is called before the file is made anew: whoever rests connected to it would read the old one."""
        self._file: Final = home / "refurb.sqlite3"
        self._folder: Final = folder
        self._let_go: Final = let_go
        self.url: Final = f"sqlite:///{self._file}"
        self._opened: _Opened | None = None
        self._clear()
        self.templates: Final = {}
        for settled, prepare in ((False, migrate), (True, settle)):
            prepare(self.url)
            self.templates[settled] = self._copied(f"{'settled' if settled else 'empty'}.sqlite3")
        self.beginning: Final = b""

    def _beside(self, ending: str) -> Path:
        return self._file.with_name(self._file.name + ending)

    def _clear(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._beside(ending).unlink(missing_ok=True)

    def _copied(self, name: str) -> Path:
        """A copy of the file, to which nobody is connected any more."""
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # What is copied is the one file.
        return Path(shutil.copy(self._file, self._folder / name))

    def give(self, *, settled: bool) -> str:
        """The address of a database as it was made."""
        self._hold(b"", settled=settled)
        return self.url

    def keep(self) -> bytes | None:
        """What was written since; None where it went into the file itself. Nobody may be in the middle of something there."""
        return self._beside("-wal").read_bytes() if self._opened and self._opened.is_as_it_was() else None

    def turn_to(self, kept: bytes, _now: bytes | None) -> None:
        """Let it hold what was kept."""
        self._hold(kept, settled=True)

    def _hold(self, log: bytes, *, settled: bool) -> None:
        opened = self._opened
        if opened is not None and opened.settled is settled and opened.is_as_it_was():
            opened.turn_to(log)
            return
        self._let_go()
        self.close()
        self._clear()
        shutil.copy(self.templates[settled], self._file)
        os.utime(self._file, (0, 0))  # Written since, it is of today.
        self._beside("-wal").write_bytes(log)
        self._opened = _Opened(self._file, settled=settled)

    def close(self) -> None:
        """Let the file go; whoever wants it afterwards has it made anew."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class _Opened:
    """The file while it stands: a connection that keeps the log from being written into it, and what it was when it was opened."""

    def __init__(self, file: Path, *, settled: bool) -> None:
        self.settled: Final = settled
        self._log, self._index = (file.with_name(file.name + ending) for ending in ("-wal", "-shm"))
        self._file: Final = file
        self._connection: Final = sqlite3.connect(file, isolation_level=None, timeout=0)
        self._version: Final = self._schema()
        # Stays open: to close it would take back every lock that this process has there.
        self._at_index: Final = os.open(self._index, os.O_RDWR)
        self._stamps: Final = self._stamped()

    def _schema(self) -> int:
        """The number of the tables as they are; refused while somebody writes."""
        self._connection.execute("BEGIN IMMEDIATE")
        (version,) = self._connection.execute("PRAGMA schema_version").fetchone()
        self._connection.execute("ROLLBACK")
        return int(version)

    def _stamped(self) -> tuple[int, ...]:
        """What tells each file from another in its place, and the database from one that was written."""
        return (*(each.stat().st_ino for each in (self._file, self._log, self._index)), self._file.stat().st_mtime_ns)

    def is_as_it_was(self) -> bool:
        """Whether the file is the same, whatever was written lies in the log, and nobody is about to write."""
        try:
            return self._stamped() == self._stamps and self._schema() == self._version
        except (FileNotFoundError, sqlite3.Error):
            return False

    def turn_to(self, log: bytes) -> None:
        """Put another log in the place of this one, whose index is found broken, as after a power cut, and is read again from it."""
        with self._log.open("r+b") as file:
            file.truncate(0)
            file.write(log)
        os.pwrite(self._at_index, bytes(INDEX_HEAD), 0)

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()
        os.close(self._at_index)


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
        self.beginning: Final = self.keep()

    def give(self, *, settled: bool) -> str:
        """The address of a database as it was made."""
        name = self._names[settled]
        if not self._cluster.put_back(name):
            self._let_go()
            self._cluster.drop_database(name)
            self._cluster.create_database(name, self.templates[settled])
            self._cluster.keep_rows(name)
        return self._cluster.url(name)

    def keep(self) -> Rows:
        """What the database holds now."""
        connection = self._cluster.lasting(self._names[True])
        found = connection.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        # Most tables are empty, and to copy nothing out costs as much as a few rows.
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in self._tables)
        filled = {name for (name,) in connection.execute(asked.encode(), prepare=True)}
        return Rows({name: _copied_out(connection, name) if name in filled else b"" for name in self._tables}, dict(found))

    def turn_to(self, kept: Rows, now: Rows | None) -> None:
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
