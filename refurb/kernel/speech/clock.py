"""What time it is, for the database (UTC) and for people (the territory's own zone)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app

# Set only by `at`: demonstrations tell what happened weeks ago, tests what happens when something is late.
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block, it is that instant."""
    token = _told.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def zone() -> ZoneInfo:
    """The time zone people of this territory live in."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def local(instant: datetime) -> datetime:
    """The same instant on the territory's wall clock."""
    return instant.astimezone(zone())


def today() -> date:
    """The date on the territory's wall."""
    return local(now()).date()


def from_wall(naive: datetime) -> datetime:
    """The UTC instant of a date and time read on a wall clock of the territory."""
    return naive.replace(tzinfo=zone()).astimezone(UTC)


def midnight(day: date) -> datetime:
    """The instant at which a day begins, on the territory's wall clock."""
    return datetime.combine(day, time(), tzinfo=zone())
