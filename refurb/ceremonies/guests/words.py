"""The words of invitations to a ceremony."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class GuestKind(StrEnum):
    """Why somebody is invited who is handed nothing."""

    DONOR = "donor"
    PARTNER = "partner"
    OFFICIAL = "official"
    PRESS = "press"
    VISITOR = "visitor"


GUEST_KINDS = {
    GuestKind.DONOR: _lp("guest", "Donateur"),
    GuestKind.PARTNER: _lp("guest", "Partenaire"),
    GuestKind.OFFICIAL: _lp("guest", "Élu"),
    GuestKind.PRESS: _lp("guest", "Presse"),
    GuestKind.VISITOR: _lp("guest", "Autre"),
}


class GuestAnswer(StrEnum):
    """Where an invitation to a ceremony stands, a family's as well as a guest's."""

    TO_SEND = "to_send"
    INVITED = "invited"
    COMING = "coming"
    WAITING = "waiting"
    DECLINED = "declined"
    OFF = "off"

    @property
    def is_coming(self) -> bool:
        """Whether places are kept for it."""
        return self is GuestAnswer.COMING

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a place."""
        return self is GuestAnswer.WAITING

    @property
    def is_declined(self) -> bool:
        """Whether nobody comes by it."""
        return self is GuestAnswer.DECLINED

    @property
    def is_off(self) -> bool:
        """Whether nobody is expected by it any more: it was taken back, or the ceremony does not take place."""
        return self is GuestAnswer.OFF


class Need(StrEnum):
    """What somebody needs to be there as others are: a closed list, so that nobody writes why."""

    SIGN_LANGUAGE = "sign_language"
    HEARING_LOOP = "hearing_loop"
    WHEELCHAIR = "wheelchair"
    NEAR_EXIT = "near_exit"
    LIFT = "lift"


NEEDS = {
    Need.SIGN_LANGUAGE: _l("Interprète en langue des signes"),
    Need.HEARING_LOOP: _l("Boucle magnétique"),
    Need.WHEELCHAIR: _l("Place en fauteuil roulant"),
    Need.NEAR_EXIT: _l("Chaise près de la sortie"),
    Need.LIFT: _l("Un trajet pour venir"),
}


class GuestTelling(StrEnum):
    """What a letter about an invitation says."""

    INVITED = "invited"
    REMINDED = "reminded"
    ANSWERED = "answered"
    EVE = "eve"
    MOVED = "moved"
    THANKED = "thanked"
    OFF = "off"


TOLD = {
    GuestTelling.INVITED: _l("Invitation"),
    GuestTelling.MOVED: _l("Date ou lieu changés"),
    GuestTelling.OFF: _l("Invitation retirée, ou cérémonie annulée"),
    GuestTelling.THANKED: _l("Remerciement"),
}
"""What a letter on paper tells a guest."""
