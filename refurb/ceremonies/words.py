"""The enumerations of ceremonies."""

from enum import StrEnum


class CeremonyState(StrEnum):
    """Where a ceremony stands."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_planned(self) -> bool:
        """Whether it has not begun."""
        return self is CeremonyState.PLANNED

    @property
    def is_held(self) -> bool:
        """Whether it is going on."""
        return self is CeremonyState.HELD

    @property
    def is_to_come(self) -> bool:
        """Whether somebody is still expected there."""
        return self in {CeremonyState.PLANNED, CeremonyState.HELD}


class Attendance(StrEnum):
    """What became of one family on the day."""

    EXPECTED = "expected"
    SERVED = "served"
    ABSENT = "absent"
    ALONE = "alone"

    @property
    def is_expected(self) -> bool:
        """Whether the family has not come yet."""
        return self is Attendance.EXPECTED

    @property
    def is_served(self) -> bool:
        """Whether the family has its device."""
        return self is Attendance.SERVED

    @property
    def is_absent(self) -> bool:
        """Whether the family was called and did not come."""
        return self is Attendance.ABSENT
