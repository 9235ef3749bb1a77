"""The enumerations of reservations."""

from enum import StrEnum


class ReservationState(StrEnum):
    """Where a reservation stands."""

    PENDING = "pending"
    HELD = "held"
    APPROVED = "approved"
    OUT = "out"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    EXPIRED = "expired"
    MISSED = "missed"

    @property
    def is_pending(self) -> bool:
        """Whether somebody has to decide about it."""
        return self is ReservationState.PENDING

    @property
    def is_to_come(self) -> bool:
        """Whether something is still promised by it."""
        return self in TO_COME

    @property
    def is_packable(self) -> bool:
        """Whether its bag may be filled ahead, and opened at the counter."""
        return self in PACKABLE


TO_COME = frozenset({ReservationState.PENDING, ReservationState.HELD, ReservationState.APPROVED})
PACKABLE = frozenset({ReservationState.APPROVED, ReservationState.HELD})
UNANSWERED = frozenset({ReservationState.PENDING, ReservationState.HELD})
