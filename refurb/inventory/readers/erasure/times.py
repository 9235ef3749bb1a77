"""Times as erasing tools write them: with their zone where one is written, as a wall clock where none is."""

import re
from datetime import UTC, datetime, timedelta, timezone

_TIME = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ]+(\d\d):(\d\d):(\d\d)(?:[.,]\d{1,9})? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?(?![\d:])", re.ASCII
)
_LONGEST_OFFSET = 14 * 60


def moment(text: object) -> datetime | None:
    """The first date with a time in the text, to the second; without a zone when it names none; None when there is no date."""
    found = _TIME.search(text[:200]) if isinstance(text, str) else None
    if found is None:
        return None
    *parts, offset = found.groups()
    year, month, day, hour, minute, second = map(int, parts)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(offset))
    except ValueError:
        return None


def epoch(value: object) -> datetime | None:
    """The instant of a number of seconds since 1970, to the second, in UTC."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**33:
        return None
    return datetime.fromtimestamp(int(value), UTC)


def in_zone_of(when: datetime | None, other: datetime | None) -> datetime | None:
    """A wall clock's time in the zone of another moment of the same report; as it is when either says nothing."""
    if when is None or other is None or when.tzinfo is not None:
        return when
    return when.replace(tzinfo=other.tzinfo)


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    if offset in {"Z", "UTC", "GMT"}:
        return UTC
    digits = offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    if minutes > _LONGEST_OFFSET:
        raise ValueError
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
