"""What becomes of each machine of the demonstration."""

from enum import StrEnum


class Fate(StrEnum):
    """How far a machine came through the workshop, or where it left it."""

    RECEIVED = "received"
    REFUSED = "refused"
    TO_ERASE = "to_erase"
    BIOS_LOCKED = "bios_locked"
    ACTIVATION_LOCK = "activation_lock"
    ERASING = "erasing"
    FAILED_WIPE = "failed_wipe"
    DESTROYED = "destroyed"
    ERASED = "erased"
    MISSING_PART = "missing_part"
    PARTS = "parts"
    WASTE = "waste"
    LOST = "lost"
    TESTING = "testing"
    SECOND_LOOK = "second_look"
    READY = "ready"
