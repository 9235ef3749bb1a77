"""The enumerations of committees, each with its French word beside it."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp
from refurb.referrals.words import REFUSAL_REASONS, RefusalReason


class CommitteeState(StrEnum):
    """Where a session of the committee stands."""

    PREPARED = "prepared"
    IN_SESSION = "in_session"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_prepared(self) -> bool:
        """Whether its agenda and its members are still chosen."""
        return self is CommitteeState.PREPARED

    @property
    def is_in_session(self) -> bool:
        """Whether decisions are noted."""
        return self is CommitteeState.IN_SESSION

    @property
    def is_closed(self) -> bool:
        """Whether its decisions were done."""
        return self is CommitteeState.CLOSED


class Seat(StrEnum):
    """As what somebody sits."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"


SEATS = {
    Seat.MEMBER: _lp("committee", "Membre"),
    Seat.CHAIR: _l("Préside la séance"),
    Seat.SECRETARY: _l("Tient le secrétariat"),
}


class LineVerdict(StrEnum):
    """What the committee decides on one file; the order is that of the keys, from 1."""

    ALLOCATE = "allocate"
    RESERVE = "reserve"
    LATER = "later"
    REFUSE = "refuse"

    @property
    def allocates(self) -> bool:
        """Whether a device goes to it."""
        return self is LineVerdict.ALLOCATE

    @property
    def is_in_reserve(self) -> bool:
        """Whether it is served when another falls."""
        return self is LineVerdict.RESERVE


VERDICTS = {
    LineVerdict.ALLOCATE: _lp("committee", "Attribuer"),
    LineVerdict.RESERVE: _lp("committee", "En réserve"),
    LineVerdict.LATER: _lp("committee", "Reporter"),
    LineVerdict.REFUSE: _lp("committee", "Refuser"),
}
DECIDED = {
    LineVerdict.ALLOCATE: _lp("committee", "Attribué"),
    LineVerdict.RESERVE: _lp("committee", "Réserve"),
    LineVerdict.LATER: _lp("committee", "Reporté"),
    LineVerdict.REFUSE: _lp("committee", "Refusé"),
}
MEANINGS = {
    LineVerdict.ALLOCATE: _l("Réservé à la clôture"),
    LineVerdict.RESERVE: _l("Sert si un dossier tombe"),
    LineVerdict.LATER: _l("Garde son rang"),
    LineVerdict.REFUSE: _l("Avec un motif"),
}
ICONS = {
    LineVerdict.ALLOCATE: ("ok", "circle-check"),
    LineVerdict.RESERVE: ("wait", "list-ordered"),
    LineVerdict.LATER: ("todo", "clock"),
    LineVerdict.REFUSE: ("stop", "octagon-x"),
}
"""How each is shown: tone and icon."""


class LineReason(StrEnum):
    """Why: from a list, so that decisions of the same sort are told by the same words. Reasons of a refusal are those of a referral's."""

    IN_ORDER = "in_order"
    URGENT = "urgent"
    POSTPONED_BEFORE = "postponed_before"
    QUOTA_FULL = "quota_full"
    NO_STOCK = "no_stock"
    INFORMATION = "information"
    NEXT_TIME = "next_time"
    ALREADY_EQUIPPED = RefusalReason.ALREADY_EQUIPPED.value
    OUTSIDE_TERRITORY = RefusalReason.OUTSIDE_TERRITORY.value
    DUPLICATE = RefusalReason.DUPLICATE.value
    NO_ANSWER = RefusalReason.NO_ANSWER.value
    OTHER = "other"

    @property
    def is_in_words(self) -> bool:
        """Whether it has to be said in a sentence."""
        return self is LineReason.OTHER


LINE_REASONS = {
    LineReason.IN_ORDER: _l("Suit l'ordre de la règle"),
    LineReason.URGENT: _l("Urgence d'emploi ou de formation"),
    LineReason.POSTPONED_BEFORE: _l("Déjà reporté"),
    LineReason.QUOTA_FULL: _l("Quota de la structure atteint"),
    LineReason.NO_STOCK: _l("Stock insuffisant"),
    LineReason.INFORMATION: _l("Une information manque"),
    LineReason.NEXT_TIME: _l("À revoir à la prochaine commission"),
    **{LineReason(reason.value): word for reason, word in REFUSAL_REASONS.items()},
    LineReason.OTHER: _l("Autre, en une phrase"),
}
SUITS = {
    LineVerdict.ALLOCATE: (LineReason.IN_ORDER, LineReason.URGENT, LineReason.POSTPONED_BEFORE, LineReason.OTHER),
    LineVerdict.RESERVE: (LineReason.QUOTA_FULL, LineReason.NO_STOCK, LineReason.OTHER),
    LineVerdict.LATER: (LineReason.INFORMATION, LineReason.NEXT_TIME, LineReason.OTHER),
    LineVerdict.REFUSE: tuple(LineReason(each.value) for each in REFUSAL_REASONS),
}
"""Which reasons may be given for which verdict; the first is meant where nothing else is said."""
