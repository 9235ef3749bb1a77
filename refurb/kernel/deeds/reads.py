"""Prepared reads: a SELECT that is asked at every turn, worked out once and asked without the ORM's session around it."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import CompoundSelect, Engine, Select, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql import visitors

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.hands import Hand, hands

Process = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement in the words of one database: its text, and which value goes where."""

    text: str
    columns: tuple[Any, ...]
    order: tuple[str, ...] | None
    binders: dict[str, Process]
    own: dict[str, Any]

    def filled(self, values: dict[str, Any]) -> Any:
        """The values as the driver takes them: by place where the text has question marks, else by name."""
        if self.binders:
            values = {name: self.binders[name](value) if name in self.binders else value for name, value in values.items()}
        if self.own:
            values = self.own | values
        return values if self.order is None else [values[name] for name in self.order]


@dataclass(frozen=True, slots=True)
class _Rows:
    """How the rows of a statement are read: the tuple with a name for each place, and what turns a column's values into ours."""

    make: Callable[[Sequence[Any]], Any]
    processes: tuple[Process | None, ...] | None

    def read(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """The rows as tuples with names."""
        make, processes = self.make, self.processes
        if processes is None:
            return [make(row) for row in found]
        return [make([value if turn is None else turn(value) for turn, value in zip(processes, row, strict=True)]) for row in found]


class Read:
    """A SELECT of tables and columns (never of ORM objects), whose changing values are `bindparam`s given by name.

    Within a unit of work it sees what the unit wrote so far. Elsewhere it is a transaction of its own, and reads what is true now.
    """

    def __init__(self, statement: Select[Any] | CompoundSelect[Any]) -> None:
        self._statement = statement
        # By the name of the dialect: what two databases of one kind understand is the same.
        self._texts: dict[str, _Text] = {}
        self._rows: dict[str, _Rows] = {}

    def all(self, **values: Any) -> list[Any]:
        """Every row."""
        engine = db.engine
        text = self._texts.get(engine.dialect.name) or self._worked_out(engine.dialect)
        return _asked(engine, text.text, text.filled(values), self._taken)

    def one_or_none(self, **values: Any) -> Any:
        """The only row, or nothing; the statement finds one at most."""
        rows = self.all(**values)
        assert len(rows) < 2
        return rows[0] if rows else None

    def scalar(self, **values: Any) -> Any:
        """The first column of the first row, or nothing."""
        rows = self.all(**values)
        return rows[0][0] if rows else None

    def _taken(self, dialect: Dialect, cursor: DBAPICursor) -> list[Any]:
        rows = self._rows.get(dialect.name) or self._described(dialect, cursor)
        return rows.read(cursor.fetchall())

    def _worked_out(self, dialect: Dialect) -> _Text:
        # Constants are written into the text: binding them anew each time costs more than all the rest.
        asked: set[str] = set()
        constant: Any = visitors.cloned_traverse(self._statement, {}, {"bindparam": partial(_written_out, asked)})
        compiled = constant.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        kinds = {name: bind.type for bind, name in compiled.bind_names.items() if name in asked}
        binders = {name: binder for name, kind in kinds.items() if (binder := _binder(kind, dialect))}
        order = tuple(compiled.positiontup) if compiled.positional else None
        # What a database adds of its own (SQLite: an OFFSET to each LIMIT) is bound by its compiler.
        own = {name: value for name, value in compiled.construct_params().items() if name in set(order or ()) - asked}
        text = self._texts[dialect.name] = _Text(str(compiled), tuple(constant.selected_columns), order, binders, own)
        return text

    def _described(self, dialect: Dialect, cursor: DBAPICursor) -> _Rows:
        columns = self._texts[dialect.name].columns
        kinds = [each[1] for each in cursor.description]
        turns = tuple(_result(column.type, dialect, kind) for column, kind in zip(columns, kinds, strict=True))
        # Its names are the statement's.
        row = namedtuple("row", [each.key or "_" for each in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024
        rows = self._rows[dialect.name] = _Rows(row._make, turns if any(turns) else None)
        return rows


def _written_out(asked: set[str], bind: Any) -> None:
    if bind.required:
        asked.add(bind.key)
        bind.required = False  # Its value comes when the text is asked; there is none while it is worked out.
    else:
        bind.literal_execute = True


def _binder(kind: Any, dialect: Dialect) -> Process | None:
    found: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _result(kind: Any, dialect: Dialect, described: object) -> Process | None:
    found: Process | None = kind.dialect_impl(dialect).result_processor(dialect, described)
    return found


def _asked(engine: Engine, text: str, values: Any, take: Callable[[Dialect, DBAPICursor], list[Any]]) -> list[Any]:
    """Ask on the connection of the session where one is in use, so that a unit of work reads what it wrote; else on the lane."""
    dialect = engine.dialect
    session = db.session() if db.session.registry.has() else None
    if session is not None and (session.info.get("unit") or session.in_transaction()):
        session.flush()
        held = session.connection()
        try:
            return _on(held.connection.dbapi_connection, dialect, text, values, take)
        except DBAPIError as error:
            if error.connection_invalidated:
                held.invalidate(error)  # So that the rollback that follows knows that there is nobody to tell it to.
            raise
    lane = _lane(engine)
    try:
        return _on(lane.dbapi_connection, dialect, text, values, take)
    except DBAPIError as error:
        _leave()
        if not error.connection_invalidated:
            raise
    # The server was restarted since: what only reads may be asked again.
    return _on(_lane(engine).dbapi_connection, dialect, text, values, take)


def _on(connection: Any, dialect: Dialect, text: str, values: Any, take: Callable[[Dialect, DBAPICursor], list[Any]]) -> list[Any]:
    errors: Any = dialect.loaded_dbapi.Error
    cursor = connection.cursor()
    try:
        cursor.execute(text, values)
        return take(dialect, cursor)
    except errors as error:
        lost = dialect.is_disconnect(error, connection, cursor)
        raise DBAPIError.instance(
            text, None, error, errors, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from error  # fmt: skip
    finally:
        cursor.close()


def _connected(engine: Engine) -> Any:
    """A connection outside any session; what keeps it from being had is told as the session tells it."""
    errors: Any = engine.dialect.loaded_dbapi.Error
    try:
        return engine.raw_connection()
    except errors as error:
        raise DBAPIError.instance(None, None, error, errors, hide_parameters=True, dialect=engine.dialect) from error


def _lane(engine: Engine) -> PoolProxiedConnection:
    """The connection on which this thread's hand only reads, with no transaction to open or to end; kept between requests.

    When the session wants a connection it goes back to the pool, whose last one is the first it gives: a hand has one connection,
    not two, each with its own copy of the schema, of the cache and of the statements that were prepared.
    """
    hand = hands.mine()
    if hand.connection is None or hand.pool is not engine.pool:  # An engine that was disposed of has another pool.
        _leave()
        hand.pool, hand.connection = engine.pool, _connected(engine)
        if engine.dialect.name == "postgresql":
            hand.connection.dbapi_connection.autocommit = True  # of psycopg; SQLite's are so already
    lane: PoolProxiedConnection = hand.connection
    return lane


def _leave() -> None:
    """Go from the lane for good: it leads nowhere any more."""
    if hands.mine().connection is not None:
        hands.mine().connection.invalidate()
        _give_back()


def _give_back() -> None:
    _close_lane(hands.mine())


def _close_lane(hand: Hand) -> None:
    lane, hand.connection, hand.pool = hand.connection, None, None
    if lane is not None:
        lane.close()


def leave_own() -> None:
    """Give back the connection of a thread that goes back to wait for work: it read on it after it had let its hand go."""
    _close_lane(hands.own())


@event.listens_for(db.session, "after_transaction_create")
def _make_room(_session: Any, _transaction: Any) -> None:
    _give_back()


@event.listens_for(Engine, "engine_disposed")
def _close(_engine: Engine) -> None:
    _leave()
