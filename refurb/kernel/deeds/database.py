"""The database: one declarative base, its column types, and how each connection is prepared."""

import sqlite3
import time
from contextlib import ExitStack
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Connection, DateTime, Engine, Enum, MetaData, String, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from refurb.kernel.deeds.turns import NotMyTurn, turns_of, writing
from refurb.kernel.speech.errors import StrayWrite
from refurb.kernel.speech.folding import fold

E = TypeVar("E", bound=StrEnum)

# What the open unit holds until its end: its turn to write.
holding: ContextVar[ExitStack | None] = ContextVar("holding", default=None)

BUSY_TIMEOUT_MS = 10_000
CACHE_KIB = 256
"""What each connection to a SQLite file keeps of it in memory of its own; the system keeps the rest, once for all of them."""
# As libpq numbers them: the answer of a query, and a connection inside a transaction that has not failed.
ROWS_CAME = 2
IN_TRANSACTION = 2

ASKED_AGAIN_AFTER = 2.0
"""Seconds of rest after which a connection to a server is asked whether it still stands; to ask each time costs as much as to read."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC date and time; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table's class inherits from."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: Instant(), dict[str, Any]: JSON(), list[Any]: JSON()},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def word_column(kind: type[E], *, constraint: str | None = None, **options: Any) -> MappedColumn[Any]:
    """A column holding one value of a `StrEnum`, as its plain word, with a CHECK behind it, named by `constraint`."""
    longest = max(len(member.value) for member in kind)
    return mapped_column(
        Enum(
            kind,
            name=constraint or kind.__name__.lower(),
            native_enum=False,
            create_constraint=True,
            length=max(32, longest),
            values_callable=lambda members: [member.value for member in members],
        ),
        **options,
    )


def size_column(**options: Any) -> MappedColumn[Any]:
    """A column for a number of bytes: disks have long passed 2**31."""
    return mapped_column(BigInteger, **options)


def insert_into(model: type[Base]) -> Any:
    """An INSERT in the words of the database in use, which may say what happens `on_conflict`; the other's words stay unloaded."""
    return import_module(f"sqlalchemy.dialects.{db.engine.dialect.name}").insert(model)


def bytes_of_database() -> int:
    """How many bytes the database takes on its disk; of SQLite the file, without the log beside it."""
    if db.engine.dialect.name == "sqlite":
        return Path(str(db.engine.url.database)).stat().st_size
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar() or 0)


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # SQLAlchemy's "begin" below decides, not the driver.
        cursor = connection.cursor()
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "secure_delete=ON",  # What is erased is overwritten in the file.
            "synchronous=FULL",  # What was answered is on the disk, also when the power fails.
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "temp_store=MEMORY",
            f"cache_size=-{CACHE_KIB}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "checkin")
def _rest(connection: Any, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()
    # The thread that only read on it has ended; the next one may write, and then wants a transaction.
    if getattr(connection, "autocommit", False) is True:
        connection.autocommit = False


@event.listens_for(Engine, "checkout")
def _ask_whether_it_stands(connection: Any, record: Any, _proxy: Any) -> None:
    if (
        isinstance(connection, sqlite3.Connection)
        or time.monotonic() - record.info.get("rests_since", time.monotonic()) < ASKED_AGAIN_AFTER
    ):
        return
    try:
        stands = connection.pgconn.exec_(b"SELECT 1").status == ROWS_CAME
    except connection.Error:
        stands = False
    if not stands:  # The server was restarted: the others that rest here are as dead as this one.
        raise InvalidatePoolError


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        _take_turn(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def _take_turn(connection: Connection) -> None:
    """Queue before the file; a unit that was rolled back and goes on has kept its turn."""
    held, file = holding.get(), connection.engine.url.database
    if held is None or not file or file == ":memory:":
        return
    turns = turns_of(file)
    if turns.is_held_by(held):
        return
    try:
        held.enter_context(turns.taken(held))
    except NotMyTurn as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error, hide_parameters=True) from error


@event.listens_for(Engine, "rollback")
def _end_of_reading(connection: Connection) -> None:
    """End on PostgreSQL what only read without the driver's own rollback, which throws away every statement that was prepared.

    It does so because a rollback may take back a table that a statement was prepared for; nobody makes tables here.
    """
    # One that the server has cut has nothing to end.
    if connection.dialect.name == "postgresql" and not writing.get() and not connection.invalidated:
        server: Any = connection.connection.dbapi_connection.pgconn  # type: ignore[union-attr]  # of psycopg
        if server.transaction_status == IN_TRANSACTION:
            server.exec_(b"ROLLBACK")


@event.listens_for(db.session, "before_flush")
def _refuse_stray_flush(session: Any, _context: Any, _instances: Any) -> None:
    if not session.info.get("unit") and (session.new or session.dirty or session.deleted):
        raise StrayWrite("a flush outside a unit of work")


@event.listens_for(db.session, "do_orm_execute")
def _refuse_stray_statement(state: Any) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("unit"):
        raise StrayWrite("a writing statement outside a unit of work")


__all__ = ["Base", "Instant", "String", "date", "db", "fold", "size_column", "word_column", "writing"]
