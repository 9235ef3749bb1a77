"""The enumerations of ceremonies."""

from enum import StrEnum


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
