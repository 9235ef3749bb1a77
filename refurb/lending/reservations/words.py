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


TO_COME = frozenset({ReservationState.PENDING, ReservationState.HELD, ReservationState.APPROVED})
UNANSWERED = frozenset({ReservationState.PENDING, ReservationState.HELD})
