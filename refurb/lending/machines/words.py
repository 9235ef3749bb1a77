"""The enumerations of machines."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class SlotKind(StrEnum):
    """What a stretch of a machine's time is for."""

    SESSION = "session"
    INTRODUCTION = "introduction"
    UPKEEP = "upkeep"


class SlotState(StrEnum):
    """Where a slot stands."""

    HELD = "held"
    BOOKED = "booked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    MISSED = "missed"

    @property
    def is_to_come(self) -> bool:
        """Whether somebody still means to come."""
        return self in TO_COME


TO_COME = frozenset({SlotState.HELD, SlotState.BOOKED})
FREED = frozenset({SlotState.CANCELLED, SlotState.MISSED})
"""Where a slot takes none of the machine's time any more."""


class Result(StrEnum):
    """What came of a session."""

    GOOD = "good"
    MACHINE_FAILED = "machine_failed"
    FILE_FAILED = "file_failed"


RESULTS = {
    Result.GOOD: _lp("piece", "Réussie"),
    Result.MACHINE_FAILED: _l("Ratée, la machine : rien à payer"),
    Result.FILE_FAILED: _l("Ratée, le fichier"),
}
RESULT_LOOKS = {Result.GOOD: ("ok", "circle-check"), Result.MACHINE_FAILED: ("stop", "x"), Result.FILE_FAILED: ("wait", "file-x")}

PICTURES = {
    "imprimante": _l("Imprimante 3D"),
    "projecteur": _lp("machine", "Découpe"),
    "malle": _lp("machine", "Autre machine"),
}
"""The drawings of machines that we have, by the name of their file."""
