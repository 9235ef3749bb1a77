"""The enumerations of ceremonies."""

from enum import StrEnum

from refurb.kernel.words import _l


class CeremonyState(StrEnum):
    """Where a ceremony stands."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    """What became of one family on the day."""

    EXPECTED = "expected"
    SERVED = "served"
    ABSENT = "absent"


ATTENDANCES = {
    Attendance.EXPECTED: _l("Attendu"),
    Attendance.SERVED: _l("Remis"),
    Attendance.ABSENT: _l("Absent"),
}
