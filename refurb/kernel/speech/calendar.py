"""Appointments or whole days as an iCalendar file (RFC 5545), for whatever calendar somebody keeps: one that is sent, or a feed of many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//Refurb//Refurb//FR"
MIMETYPE = "text/calendar"
_OCTETS = 75
"""The longest content line, its end not counted (RFC 5545, 3.1)."""


@dataclass(frozen=True)
class CalendarEntry:
    """What the calendar shows. `uid` stays the same when the appointment moves, and `sequence` then grows by one (3.8.7.4).

    The instants are aware; they are written in UTC, which every calendar shows in its owner's zone. The span is half-open. An address of
    the organizer may be left empty: then none is named.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    organizer: str
    organizer_email: str
    cancelled: bool = False


def method_of(entry: CalendarEntry) -> str:
    """What the file asks of a calendar (RFC 5546): to show the appointment, or to take it away."""
    return "CANCEL" if entry.cancelled else "PUBLISH"


def write_calendar(entry: CalendarEntry) -> bytes:
    """The file of one appointment: UTF-8, lines ended by CR LF and folded at 75 octets."""
    return _calendar([f"METHOD:{method_of(entry)}"], [_event(entry)])


def write_feed(title: str, entries: Iterable[CalendarEntry]) -> bytes:
    """The file of many appointments, for who subscribes to it; it is called `title` there."""
    return _calendar(_feed(title), (_event(each) for each in entries))


def _feed(title: str) -> list[str]:
    """How a feed is called, and that it is read again every twelve hours (RFC 7986, 5.7, and the older words for the same)."""
    named = [f"NAME:{_text(title)}", f"X-WR-CALNAME:{_text(title)}"]
    return ["METHOD:PUBLISH", *named, "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"]


def _calendar(head: Sequence[str], events: Iterable[Sequence[str]]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", *head]
    for event in events:
        lines += event
    return "".join(_fold(line) for line in [*lines, "END:VCALENDAR"]).encode()


def _event(entry: CalendarEntry) -> list[str]:
    organizer = f'ORGANIZER;CN="{_parameter(entry.organizer)}":mailto:{entry.organizer_email}' if entry.organizer_email else ""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_instant(entry.stamp)}",
        f"DTSTART:{_instant(entry.starts_at)}",
        f"DTEND:{_instant(entry.ends_at)}",
        f"SUMMARY:{_text(entry.summary)}",
        f"LOCATION:{_text(entry.location)}",
        f"DESCRIPTION:{_text(entry.description)}",
        organizer,
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]
    return [each for each in lines if each]


@dataclass(frozen=True)
class WholeDays:
    """Whole days of a calendar, whatever its zone: from `first` to `until`, half-open (3.6.1); without an end, one day."""

    uid: str
    stamp: datetime
    first: date
    summary: str
    location: str = ""
    description: str = ""
    until: date | None = None
    cancelled: bool = False


def write_days(name: str, entries: Iterable[WholeDays]) -> bytes:
    """A feed of days that a calendar may follow; it is called `name` there."""
    return _calendar(_feed(name), (_day_lines(each) for each in entries))


def _day_lines(entry: WholeDays) -> list[str]:
    until = entry.until or entry.first + timedelta(days=1)
    told = {"SUMMARY": entry.summary, "LOCATION": entry.location, "DESCRIPTION": entry.description}
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"DTSTAMP:{_instant(entry.stamp)}",
        f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{until:%Y%m%d}",
        *(f"{field}:{_text(value)}" for field, value in told.items() if value),
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A value of type TEXT (3.3.11): backslash, semicolon, comma and line end are escaped, other control characters left out."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in escaped if letter.isprintable() or letter in {"\u202f", "\u00a0"})


def _parameter(value: str) -> str:
    """A parameter between quotes, in which there is no way to write a quote (3.2)."""
    return "".join(letter for letter in value if letter.isprintable() and letter != '"')


def _fold(line: str) -> str:
    """One content line with its end; what is too long goes on in lines that begin with a space, no letter being cut in two."""
    parts, part, room = [], "", _OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append(part)
            part, room = "", _OCTETS - 1
        part += letter
        room -= size
    return "\r\n ".join([*parts, part]) + "\r\n"
