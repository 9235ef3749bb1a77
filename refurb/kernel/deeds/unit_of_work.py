"""The one way to write: everything inside one `with unit_of_work():` becomes true together, or not at all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final, TypeVar

from flask import g
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, InvalidRequestError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from refurb.kernel.deeds.database import db, holding, writing
from refurb.kernel.deeds.places import NoPlaceLeft, Places
from refurb.kernel.deeds.turns import NotMyTurn
from refurb.kernel.speech.errors import Conflict, NotFound, StrayWrite

T = TypeVar("T")

# What every unit begins with (the request's idempotency key); `create_app` fills it.
on_opening: list[Callable[[Session], None]] = []
# What every unit ends with, before it is committed: figures that follow from whatever was written.
on_closing: list[Callable[[Session], None]] = []


class _Commits:
    """How many units this process has committed: what was counted before is to be counted again."""

    count = 0


commits = _Commits()

AT_ONCE = 4
"""Units of one process at the same time; on SQLite one of them writes and the others queue. Where they are stuck, one more is refused."""
STILL_SECONDS = 1.0
places = Places(AT_ONCE, waiting=64, still=STILL_SECONDS)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Open the transaction of one deed; commit at the end, roll back on any error.

    Opened in doors (views, API, command line, worker), never in an action. What was read before is read again, under the lock.
    A constraint of the database that speaks first is told as a `Conflict`.
    """
    session = db.session()
    if session.info.get("unit"):
        raise StrayWrite("a unit of work inside another")
    session.rollback()
    held = ExitStack()
    tokens = writing.set(True), holding.set(held)
    session.info["unit"] = True
    try:
        _take_place(held)
        for prepare in on_opening:
            prepare(session)
        yield session
        for conclude in on_closing:
            conclude(session)
        session.commit()
        commits.count += 1
        g.pop("version", None)
    except IntegrityError as error:
        session.rollback()
        raise Conflict("conflict.constraint") from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("unit", None)
        session.info.pop(HELD, None)
        writing.reset(tokens[0])
        holding.reset(tokens[1])
        held.close()


def _take_place(held: ExitStack) -> None:
    try:
        held.enter_context(places.taken())
    except NoPlaceLeft as error:
        raise OperationalError("BEGIN", None, NotMyTurn(), hide_parameters=True) from error


HELD: Final = "held"


def held_here() -> set[Any]:
    """What this unit holds already, and need not hold again: rows, pools; forgotten when a savepoint is rolled back, which lets go."""
    held: set[Any] = db.session.info.setdefault(HELD, set())
    return held


@event.listens_for(db.session, "after_soft_rollback")
def _let_go(session: Session, _before: Any) -> None:
    session.info.pop(HELD, None)


def held_rows(kind: type[T]) -> list[T]:
    """The rows of one kind that this unit holds: nobody else changes them, and they need not be asked for."""
    known = db.session.identity_map
    return [known[key] for key in held_here() if isinstance(key, tuple) and key[0] is kind and key in known]


def lock(subject: Any) -> None:
    """Read a row again and hold it until the end of the unit, so that what is decided about it stays true.

    Raises `NotFound` where somebody else has taken the row away meanwhile.
    Everything that could open or close a gate (drives, erasures, checks) locks the device first.
    """
    db.session.flush()
    # Of this row alone: what it was loaded with comes by outer joins, which PostgreSQL does not lock.
    try:
        db.session.refresh(subject, with_for_update={"of": type(subject)})
    except InvalidRequestError as gone:
        if subject in db.session:
            raise NotFound from gone
        raise
    held_here().add(identity_key(instance=subject))


def lock_each(subjects: Sequence[Any], *also: Any) -> None:
    """The same for several rows of one kind by one statement, in the order of their numbers; `also` says what is read along with them."""
    db.session.flush()
    if subjects:
        kind = type(subjects[0])
        held = select(kind).where(kind.id.in_(sorted({each.id for each in subjects}))).order_by(kind.id).options(*also)
        db.session.scalars(held.with_for_update(of=kind).execution_options(populate_existing=True)).all()
        held_here().update(identity_key(instance=each) for each in subjects)


def lock_once(subject: Any) -> None:
    """The same where this unit does not hold the row yet: nobody else can have changed it since, and it is not read again.

    For rows that are written through the session alone, never by a statement of its own.
    """
    if identity_key(instance=subject) not in held_here():
        lock(subject)
