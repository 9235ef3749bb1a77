"""What time it is, for the database (UTC) and for people (the territory's own zone)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


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
