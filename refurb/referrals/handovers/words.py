"""The enumerations of hand-over appointments."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class InvitationState(StrEnum):
    """Where an invitation stands."""

    INVITED = "invited"
    CHOSEN = "chosen"
    DECLINED = "declined"
    CAME = "came"
    ABSENT = "absent"
    EXPIRED = "expired"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Whether an hour can be chosen, or is."""
        return self in OPEN

    @property
    def is_chosen(self) -> bool:
        """Whether somebody is expected."""
        return self is InvitationState.CHOSEN

    @property
    def is_fetched(self) -> bool:
        """Whether the device was fetched."""
        return self is InvitationState.CAME

    @property
    def is_missed(self) -> bool:
        """Whether nobody came to the hour that was chosen."""
        return self is InvitationState.ABSENT


OPEN = frozenset({InvitationState.INVITED, InvitationState.CHOSEN, InvitationState.DECLINED})


class InvitedBy(StrEnum):
    """How the family is invited; its partner is told each time."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    PARTNER = "partner"


INVITED_BY = {
    InvitedBy.EMAIL: _l("Par courriel : il part tout de suite"),
    InvitedBy.SMS: _l("Par SMS : le texte est prêt à copier"),
    InvitedBy.LETTER: _l("Par lettre : à imprimer"),
    InvitedBy.PARTNER: _l("Par sa structure, qui choisit l'heure avec elle"),
}


class DeclinedBecause(StrEnum):
    """Why no hour was chosen; who says so gave notice."""

    CALL = "call"
    CANNOT_TRAVEL = "cannot_travel"
    NOT_THIS_TIME = "not_this_time"


DECLINED_BECAUSE = {
    DeclinedBecause.CALL: _l("Appelez-moi"),
    DeclinedBecause.CANNOT_TRAVEL: _l("Je ne peux pas me déplacer"),
    DeclinedBecause.NOT_THIS_TIME: _l("Je ne peux pas venir ce jour-là"),
}
