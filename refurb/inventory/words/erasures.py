"""What became of an erasure, and what it reaches."""

from enum import StrEnum

from refurb.kernel.words import _l


class ErasureStatus(StrEnum):
    """What became of one drive's line in an erasure report."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNMATCHED = "unmatched"


ERASURE_STATUSES = {
    ErasureStatus.ACCEPTED: _l("Effacé et vérifié"),
    ErasureStatus.REFUSED: _l("Preuve refusée"),
    ErasureStatus.UNMATCHED: _l("Support non reconnu"),
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
