"""What the statements of the stock say differently in each database, over one connection of its own, outside the product's session."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from refurb.kernel.deeds.counts import triggers
from refurb.kernel.deeds.database import db
from refurb.wiring import COUNTS


class Dialect(Protocol):
    """Expressions over whole seconds since 1970 and over texts, as one database writes them."""

    def instant(self, seconds: str) -> str: ...

    def day(self, seconds: str) -> str: ...

    def iso(self, seconds: str) -> str: ...

    def sha256(self, text: str) -> str: ...

    def json(self, text: str) -> str: ...

    def numbered(self, number: str, width: int) -> str: ...

    def look_at(self, table: str) -> str | None: ...


class Sqlite:
    """SQLite: instants are texts, sums are a function that the connection is given."""

    def instant(self, seconds: str) -> str:
        return f"strftime('%Y-%m-%d %H:%M:%S', {seconds}, 'unixepoch') || '.000000'"

    def day(self, seconds: str) -> str:
        return f"date({seconds}, 'unixepoch')"

    def iso(self, seconds: str) -> str:
        return f"strftime('%Y-%m-%dT%H:%M:%S', {seconds}, 'unixepoch') || '.000000+00:00'"

    def sha256(self, text: str) -> str:
        return f"sha256({text})"

    def json(self, text: str) -> str:
        return text

    def numbered(self, number: str, width: int) -> str:
        return f"printf('%0{width}d', {number})"

    def look_at(self, table: str) -> str | None:
        del table


class Postgres:
    """PostgreSQL, from version 11."""

    def instant(self, seconds: str) -> str:
        return f"to_timestamp({seconds})"

    def day(self, seconds: str) -> str:
        return f"(to_timestamp({seconds}) AT TIME ZONE 'UTC')::date"

    def iso(self, seconds: str) -> str:
        return f"to_char(to_timestamp({seconds}) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || '+00:00'"

    def sha256(self, text: str) -> str:
        return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"

    def json(self, text: str) -> str:
        return f"({text})::json"

    def numbered(self, number: str, width: int) -> str:
        return f"lpad(({number})::text, greatest({width}, length(({number})::text)), '0')"

    def look_at(self, table: str) -> str | None:
        """Without it the walls and the references go on reading the table as the empty one that they were planned for."""
        return f"ANALYZE {table}"


class Writer:
    """Statements that write the stock inside the database, each with its walls up; `says` is how the database speaks."""

    def __init__(self, connection: Any, says: Dialect) -> None:
        self._connection = connection
        self.says = says

    def run(self, statement: str) -> None:
        """Execute one statement; its percent signs are its own."""
        cursor = self._connection.cursor()
        cursor.execute(statement)
        cursor.close()

    def one(self, statement: str) -> Any:
        """The first value of the first row."""
        cursor = self._connection.cursor()
        cursor.execute(statement)
        row = cursor.fetchone()
        cursor.close()
        return row[0]

    def all(self, statement: str) -> list[Any]:
        """Every row."""
        cursor = self._connection.cursor()
        cursor.execute(statement)
        rows = list(cursor.fetchall())
        cursor.close()
        return rows

    def insert(self, table: str, source: str, **columns: str) -> None:
        """Insert a row for each of `source` (what follows FROM), each column by its expression."""
        self.run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {source}")
        self.look_at(table)

    def make(self, table: str, query: str) -> None:
        """Make a table of numbers to write from, which lasts as long as the connection; its column `n` is the key."""
        self.run(f"CREATE TEMPORARY TABLE {table} AS {query}")
        self.run(f"CREATE UNIQUE INDEX ix_{table}_n ON {table} (n)")
        self.look_at(table)

    def look_at(self, table: str) -> None:
        """Let the planner see what was written."""
        statement = self.says.look_at(table)
        if statement:
            self.run(statement)

    def tables(self) -> Iterable[str]:
        """The product's tables that number their rows themselves."""
        return [table.name for table in db.metadata.sorted_tables if "id" in table.c]


@contextmanager
def _uncounted(writer: Writer) -> Iterator[None]:
    """While millions of rows are written, nothing is kept counted: it is counted afresh afterwards, by the product's own command."""
    made = [each for each in triggers(COUNTS)[db.engine.dialect.name] if each.startswith("CREATE TRIGGER")]
    for statement in made:
        name, table = re.search(r"^CREATE TRIGGER (\w+) .*? ON (\w+)", statement).groups()  # type: ignore[union-attr]  # written so
        writer.run(f"DROP TRIGGER {name} ON {table}" if db.engine.dialect.name == "postgresql" else f"DROP TRIGGER {name}")
    yield
    for statement in made:
        writer.run(statement)


@contextmanager
def writing() -> Iterator[Writer]:
    """A connection of its own that writes as fast as its database can: nothing of a measure must survive a power cut."""
    db.session.remove()
    db.engine.dispose()
    connection = db.engine.raw_connection()
    try:
        yield from _on_sqlite(connection) if db.engine.dialect.name == "sqlite" else _on_postgres(connection)
    finally:
        connection.close()
        db.engine.dispose()


def _on_sqlite(connection: Any) -> Iterator[Writer]:
    raw = connection.driver_connection
    raw.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest(), deterministic=True)
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-400000"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute("BEGIN IMMEDIATE")
    writer = Writer(raw, Sqlite())
    with _uncounted(writer):
        yield writer
    raw.execute("COMMIT")
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-2000"):
        raw.execute(f"PRAGMA {pragma}")


def _on_postgres(connection: Any) -> Iterator[Writer]:
    raw = connection.driver_connection
    writer = Writer(raw, Postgres())
    with _uncounted(writer):
        yield writer
    # What was written with its number leaves the sequence behind: every later insert would be refused.
    for table in writer.tables():
        writer.run(
            f"SELECT setval(pg_get_serial_sequence('public.{table}', 'id'), greatest(max(id), 1)) FROM public.{table} "
            f"HAVING pg_get_serial_sequence('public.{table}', 'id') IS NOT NULL"
        )
    raw.commit()
    raw.autocommit = True
    writer.run("VACUUM ANALYZE")  # As the server does by itself after a while.
    raw.autocommit = False
