"""Kept counts: how many rows there are of each sort, noted by the database itself whenever a row changes, and read instead of counted.

A count is declared by its room (`CountKind`): which rows, by which keys. From the declaration come the triggers that keep it, the statement
that counts afresh, and the reading. Why it is done so: docs/decisions/0006-kept-counts.md.
"""

# ruff: noqa: S608 - statements are made of our own declarations (tables, columns, words of enumerations); no value from outside is.

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, String, Subquery, cast, func, literal, select, text, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.walls import Statements

Verb = Literal["INSERT", "UPDATE", "DELETE"]

# The months of a territory's life, and of any test's.
_YEARS = range(1970, 2101)
# What PostgreSQL's advisory lock is called by which one process folds, or counts afresh, at a time.
_FOLDING = 6_006


class KeptCount(Base):
    """How many rows of one sort there are: of the count `name`, with up to three keys; keys that are not used are empty."""

    __tablename__ = "kept_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    a: Mapped[str] = mapped_column(String(40), primary_key=True)
    b: Mapped[str] = mapped_column(String(40), primary_key=True)
    c: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class CountChange(Base):
    """What is to be added to a kept count: on PostgreSQL writers append here, so that none of them waits for another."""

    __tablename__ = "count_changes"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(db.Integer, "sqlite"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    a: Mapped[str] = mapped_column(String(40))
    b: Mapped[str] = mapped_column(String(40))
    c: Mapped[str] = mapped_column(String(40))
    n: Mapped[int] = mapped_column(BigInteger)


class MonthSpan(Base):
    """A month on the territory's wall clock: the instant at which it begins, and its name (`2026-11`); databases know no such clock."""

    __tablename__ = "months"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(7))


class Sql:
    """What declarations say in SQL where the two databases use other words."""

    def __init__(self, dialect: str) -> None:
        """`dialect` is `sqlite` or `postgresql`."""
        self.sqlite = dialect == "sqlite"

    def month(self, instant: str) -> str:
        """The name of the month, on the territory's wall clock, in which an instant falls."""
        return f"(SELECT name FROM months WHERE starts_at <= {instant} ORDER BY starts_at DESC LIMIT 1)"

    def week(self, instant: str) -> str:
        """The Monday (in UTC) of the week in which an instant falls: `2026-11-23`."""
        if self.sqlite:
            return f"date({instant}, 'weekday 0', '-6 days')"
        return f"to_char(date_trunc('week', {instant} AT TIME ZONE 'UTC'), 'YYYY-MM-DD')"

    def seconds(self, begin: str, end: str) -> str:
        """The whole seconds between two instants; none where the clock went back."""
        if self.sqlite:
            return f"max(0, CAST((julianday({end}) - julianday({begin})) * 86400 AS INTEGER))"
        return f"greatest(0, CAST(extract(epoch FROM {end} - {begin}) AS INTEGER))"

    def fact(self, facts: str, name: str) -> str:
        """A fact of an event, as text."""
        return f"json_extract({facts}, '$.{name}')" if self.sqlite else f"({facts} ->> '{name}')"

    def padded(self, number: str, digits: int) -> str:
        """A number as text that sorts like the number."""
        return f"printf('%0{digits}d', {number})" if self.sqlite else f"lpad(CAST({number} AS TEXT), {digits}, '0')"


@dataclass(frozen=True)
class Counted:
    """What one row adds to a count: one for its keys, where the condition holds; `beside` are other tables, then one for each match."""

    keys: tuple[str, ...]
    where: str
    beside: str = ""


@dataclass(frozen=True)
class Rows:
    """The rows of a table that a count is about.

    `counted` is given the word by which the row goes in the statement (`NEW`, `OLD`, an alias), and the dialect. It may ask other tables:
    then the count says, as another of its `Rows`, what changes when a row of theirs does. `columns` are those that change the answer.
    """

    table: str
    counted: Callable[[str, Sql], Counted]
    columns: tuple[str, ...]
    verbs: tuple[Verb, ...] = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class CountKind:
    """One kept count: how many of the first `rows` there are by their keys; the others only say when else that changes."""

    name: str
    rows: tuple[Rows, ...]

    @property
    def width(self) -> int:
        """How many keys it has."""
        return len(self.rows[0].counted("row", Sql("sqlite")).keys)


# --- how it is kept -----------------------------------------------------------------------------------------------------


def _keys(told: Counted) -> str:
    return ", ".join([*told.keys, *["''"] * (3 - len(told.keys))])


def _told(count: CountKind, rows: Rows, row: str, sql: Sql, amount: int) -> str:
    told = rows.counted(row, sql)
    beside = f" FROM {told.beside}" if told.beside else ""
    return f"SELECT '{count.name}', {_keys(told)}, {amount}{beside} WHERE {told.where}"


def _changed(rows: Rows, differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in rows.columns)


def _told_of(count: CountKind, rows: Rows, verb: Verb, sql: Sql) -> list[str]:
    """What the old row takes away, and what the new one adds."""
    old = [_told(count, rows, "OLD", sql, -1)] if verb != "INSERT" else []
    new = [_told(count, rows, "NEW", sql, 1)] if verb != "DELETE" else []
    return old + new


def _sqlite(count: CountKind, rows: Rows, verb: Verb) -> Iterator[str]:
    """SQLite has one writer at a time, who adds at once."""
    name = f"kept_{count.name}_{rows.table}_{verb.lower()}"
    of = f" OF {', '.join(rows.columns)}" if verb == "UPDATE" else ""
    when = f" WHEN {_changed(rows, 'IS NOT')}" if verb == "UPDATE" else ""
    added = " ".join(
        f"INSERT INTO kept_counts (name, a, b, c, n) {told} ON CONFLICT (name, a, b, c) DO UPDATE SET n = n + excluded.n;"
        for told in _told_of(count, rows, verb, Sql("sqlite"))
    )
    yield f"CREATE TRIGGER {name} AFTER {verb}{of} ON {rows.table}{when} BEGIN {added} END"


def _postgresql(count: CountKind, rows: Rows, verb: Verb) -> Iterator[str]:
    """PostgreSQL appends; rows that one statement inserts are told together."""
    name = f"kept_{count.name}_{rows.table}_{verb.lower()}"
    sql = Sql("postgresql")
    if verb == "INSERT":
        told = rows.counted("fresh", sql)
        beside = f", {told.beside}" if told.beside else ""
        what = f"SELECT '{count.name}', {_keys(told)}, count(*) FROM fresh{beside} WHERE {told.where} GROUP BY 2, 3, 4"
        when = f"{verb} ON {rows.table} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT"
    else:
        what = " UNION ALL ".join(_told_of(count, rows, verb, sql))
        of = f" OF {', '.join(rows.columns)}" if verb == "UPDATE" else ""
        condition = f" WHEN ({_changed(rows, 'IS DISTINCT FROM')})" if verb == "UPDATE" else ""
        when = f"{verb}{of} ON {rows.table} FOR EACH ROW{condition}"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO count_changes (name, a, b, c, n) {what}; RETURN NULL; END $$"
    )
    yield f"CREATE TRIGGER {name} AFTER {when} EXECUTE FUNCTION {name}()"


def triggers(counts: Sequence[CountKind]) -> Statements:
    """The triggers that keep some counts, by dialect; run by the migrations."""
    each = [(count, rows, verb) for count in counts for rows in count.rows for verb in rows.verbs]
    return {
        "sqlite": tuple(statement for one in each for statement in _sqlite(*one)),
        "postgresql": tuple(statement for one in each for statement in _postgresql(*one)),
    }


# --- how it is counted afresh -------------------------------------------------------------------------------------------


def _each(count: CountKind, dialect: str) -> str:
    first = count.rows[0]
    told = first.counted("one", Sql(dialect))
    beside = f", {told.beside}" if told.beside else ""
    a, b, c = [*told.keys, *["''"] * (3 - len(told.keys))]
    return f"SELECT {a} AS a, {b} AS b, {c} AS c FROM {first.table} AS one{beside} WHERE {told.where}"


def afresh(count: CountKind, dialect: str) -> str:
    """The statement that counts the rows themselves: name, three keys, number."""
    return f"SELECT '{count.name}' AS name, a, b, c, count(*) AS n FROM ({_each(count, dialect)}) AS each_row GROUP BY a, b, c"


def _months_of(zone: ZoneInfo) -> list[dict[str, Any]]:
    told = [{"starts_at": datetime(1900, 1, 1, tzinfo=UTC), "name": ""}]
    # What stands on the wall at midnight of a first day, in UTC.
    told += [
        {"starts_at": datetime(year, month, 1, tzinfo=zone).astimezone(UTC), "name": f"{year:04d}-{month:02d}"}
        for year in _YEARS
        for month in range(1, 13)
    ]
    return told


def has_months_of(connection: Connection | Session, zone: ZoneInfo) -> bool:
    """Whether the months that counts go by are those of a time zone; after a change of it, everything is to be counted afresh."""
    there = connection.execute(select(MonthSpan.starts_at, MonthSpan.name).order_by(MonthSpan.starts_at)).all()
    return [tuple(each) for each in there] == [(each["starts_at"], each["name"]) for each in _months_of(zone)]


def fill_months(connection: Connection | Session, zone: ZoneInfo) -> bool:
    """Write the months of a time zone; False when they stand there already."""
    if has_months_of(connection, zone):
        return False
    connection.execute(MonthSpan.__table__.delete())  # type: ignore[attr-defined]  # of a table
    connection.execute(MonthSpan.__table__.insert(), _months_of(zone))  # type: ignore[attr-defined]  # of a table
    return True


def rebuild(session: Session, count: CountKind) -> None:
    """Count afresh, within a unit of work; on PostgreSQL whoever writes waits meanwhile."""
    dialect = _dialect()
    if dialect == "postgresql":
        session.execute(text("LOCK TABLE count_changes, kept_counts IN EXCLUSIVE MODE"))
    for table in ("kept_counts", "count_changes"):
        session.execute(text(f"DELETE FROM {table} WHERE name = :name"), {"name": count.name})
    session.execute(text(f"INSERT INTO kept_counts (name, a, b, c, n) {afresh(count, dialect)}"))


@dataclass(frozen=True)
class Difference:
    """Where a kept count is not what the rows say."""

    name: str
    keys: tuple[str, ...]
    kept: int
    afresh: int

    def __str__(self) -> str:
        return f"{self.name} {' '.join(self.keys)}: kept {self.kept}, counted {self.afresh}"


def differences(count: CountKind) -> list[Difference]:
    """Where a count that was kept is not what counting afresh gives; both are asked in one statement, at one instant."""
    known = " UNION ALL ".join(
        f"SELECT a, b, c, n AS kept, 0 AS fresh FROM {table} WHERE name = '{count.name}'" for table in ("kept_counts", "count_changes")
    )
    fresh = f"SELECT a, b, c, 0, n FROM ({afresh(count, _dialect())}) AS counted"
    rows = db.session.execute(
        text(
            f"SELECT a, b, c, sum(kept), sum(fresh) FROM ({known} UNION ALL {fresh}) AS both_ways "
            "GROUP BY a, b, c HAVING sum(kept) <> sum(fresh) ORDER BY a, b, c"
        )
    )
    return [Difference(count.name, tuple(row[: count.width]), int(row[3]), int(row[4])) for row in rows]


# --- how it is folded ---------------------------------------------------------------------------------------------------

_FOLD = text("""
    WITH gone AS (DELETE FROM count_changes RETURNING name, a, b, c, n),
         summed AS (SELECT name, a, b, c, CAST(sum(n) AS BIGINT) AS n FROM gone GROUP BY name, a, b, c HAVING sum(n) <> 0)
    INSERT INTO kept_counts (name, a, b, c, n) SELECT name, a, b, c, n FROM summed
    ON CONFLICT (name, a, b, c) DO UPDATE SET n = kept_counts.n + excluded.n
""")


def is_to_fold() -> bool:
    """Whether changes wait to be added; on SQLite they never do."""
    return _dialect() == "postgresql" and db.session.scalar(select(CountChange.id).limit(1)) is not None


def fold(session: Session) -> None:
    """Add what was appended to what is kept, within a unit of work; a process that finds another at it leaves it to that one."""
    if _dialect() == "postgresql" and session.scalar(text(f"SELECT pg_try_advisory_xact_lock({_FOLDING})")):
        session.execute(_FOLD)


def forget_empty() -> int:
    """Drop the rows of what there is none of any more, within a unit of work; how many."""
    return int(db.session.execute(text("DELETE FROM kept_counts WHERE n = 0")).rowcount)  # type: ignore[attr-defined]  # of a cursor


# --- how it is read -----------------------------------------------------------------------------------------------------


def _dialect() -> str:
    return db.session.get_bind().dialect.name


@lru_cache
def _kept(name: str, dialect: str) -> Subquery:
    added = select(KeptCount.a, KeptCount.b, KeptCount.c, KeptCount.n).where(KeptCount.name == literal(name, literal_execute=True))
    if dialect == "sqlite":
        return added.subquery()
    appended = select(CountChange.a, CountChange.b, CountChange.c, CountChange.n).where(
        CountChange.name == literal(name, literal_execute=True)
    )
    both = union_all(added, appended).subquery()
    total = cast(func.sum(both.c.n), BigInteger).label("n")
    return select(both.c.a, both.c.b, both.c.c, total).group_by(both.c.a, both.c.b, both.c.c).subquery()


def kept(count: CountKind) -> Subquery:
    """A count as rows to ask: its keys `a`, `b`, `c` and the number `n`, which may be none."""
    return _kept(count.name, _dialect())


@lru_cache
def _all(name: str, dialect: str) -> Read:
    found = _kept(name, dialect)
    return Read(select(found).where(found.c.n != 0))


def tally(count: CountKind) -> dict[tuple[str, ...], int]:
    """All of a count, by its keys; for counts of few keys."""
    rows = _all(count.name, _dialect()).all()
    return {tuple(row[: count.width]): row[3] for row in rows}
