"""What became of an erasure, and what it reaches."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class ErasureStatus(StrEnum):
    """What became of one drive's line in an erasure report."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNMATCHED = "unmatched"
    # Stated by one person, waiting for another to confirm it.
    PENDING = "pending"
    # Looked at and put away with a reason: it speaks of no drive of ours; should one appear, it is judged after all.
    SET_ASIDE = "set_aside"


ERASURE_STATUSES = {
    ErasureStatus.ACCEPTED: _l("Effacé et vérifié"),
    ErasureStatus.REFUSED: _l("Preuve refusée"),
    ErasureStatus.UNMATCHED: _l("Support non reconnu"),
    ErasureStatus.PENDING: _l("À confirmer"),
    ErasureStatus.SET_ASIDE: _l("Mis de côté"),
}


class ProofFate(StrEnum):
    """What a person decided of a proof that was accepted once, and that today's rules would refuse."""

    KEPT = "kept"
    DROPPED = "dropped"


PROOF_FATES = {
    ProofFate.KEPT: _l("Elle compte encore"),
    ProofFate.DROPPED: _l("Elle ne compte plus"),
}


# Names of the standard (NIST SP 800-88), the same in every language.
LEVELS = {"clear": "Clear", "purge": "Purge", "destroy": "Destroy"}

VERIFICATIONS = {
    "all": _l("tous les passages relus"),
    "last": _l("dernier passage relu"),
    "sample": _l("quelques secteurs relus"),
    "device": _l("état rendu par le support lui-même"),
    "none": _l("aucune relecture"),
}
