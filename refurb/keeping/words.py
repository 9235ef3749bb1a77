"""What is kept, and how it ended, as the page says it."""

from enum import StrEnum

from refurb.kernel.deeds.machine import Look
from refurb.kernel.speech.words import _l, _lp


class KeepingKind(StrEnum):
    """What a run does."""

    BACKUP = "backup"
    REHEARSAL = "rehearsal"


class KeepingOutcome(StrEnum):
    """How a run ended."""

    DONE = "done"
    FAILED = "failed"


KEEPING_KINDS = {
    KeepingKind.BACKUP: _lp("keeping", "Sauvegarde"),
    KeepingKind.REHEARSAL: _l("Essai de restauration"),
}

GOING_ON = Look(_lp("keeping", "En cours"), "loader", "work")
KEEPING_LOOKS = {
    KeepingOutcome.DONE: Look(_lp("keeping", "Réussi"), "circle-check", "ok"),
    KeepingOutcome.FAILED: Look(_lp("keeping", "Échec"), "octagon-x", "stop"),
}
