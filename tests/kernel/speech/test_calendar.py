"""An appointment as an iCalendar file: what RFC 5545 asks of each line."""

from datetime import UTC, datetime

from refurb.kernel.speech.calendar import CalendarEntry, method_of, write_calendar

ENTRY = CalendarEntry(
    uid="dn-2026-0001@refurb.example",
    sequence=2,
    stamp=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
    starts_at=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
    summary="Enlèvement ; DN-2026-0001, portables",
    location="12, rue des Œillets\\quai",
    description="Première ligne\nSeconde ligne " + "é" * 80,
    organizer='Le "Relais" numérique',
    organizer_email="relais@refurb.example",
)


def unfolded(content: bytes) -> dict[str, str]:
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return dict(line.partition(":")[::2] for line in lines if ":" in line)


def test_what_the_calendar_shows():
    told = unfolded(write_calendar(ENTRY))
    assert told["METHOD"] == "PUBLISH"
    assert (told["UID"], told["SEQUENCE"], told["STATUS"]) == ("dn-2026-0001@refurb.example", "2", "CONFIRMED")
    assert (told["DTSTART"], told["DTEND"]) == ("20261124T080000Z", "20261124T110000Z")
    assert told["SUMMARY"] == "Enlèvement \\; DN-2026-0001\\, portables"
    assert told["LOCATION"] == "12\\, rue des Œillets\\\\quai"
    assert told["DESCRIPTION"].startswith("Première ligne\\nSeconde ligne é")
    assert 'ORGANIZER;CN="Le Relais numérique"' in told


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut():
    content = write_calendar(ENTRY)
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_one_that_is_given_up_is_taken_away():
    gone = CalendarEntry(**{**vars(ENTRY), "cancelled": True})
    told = unfolded(write_calendar(gone))
    assert (method_of(gone), told["METHOD"], told["STATUS"], told["UID"]) == ("CANCEL", "CANCEL", "CANCELLED", ENTRY.uid)
