"""By which way a donation came, and where it stands."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class LegalOrigin(StrEnum):
    """By which legal way a device came to us; decides who may receive it, at what price, and which reports count it."""

    COMPANY = "don_entreprise"
    INDIVIDUAL = "don_particulier"
    ASSOCIATION = "don_association"
    PUBLIC_BODY = "cession_gratuite_personne_publique"
    OWN_STOCK = "propre_parc_reforme"
    PURCHASE = "achat"


LEGAL_ORIGINS = {
    LegalOrigin.COMPANY: _l("Don d'une entreprise"),
    LegalOrigin.INDIVIDUAL: _l("Don d'un particulier"),
    LegalOrigin.ASSOCIATION: _l("Don d'une association"),
    LegalOrigin.PUBLIC_BODY: _l("Cession gratuite d'une personne publique"),
    LegalOrigin.OWN_STOCK: _l("Notre propre parc réformé"),
    LegalOrigin.PURCHASE: _l("Achat"),
}


class DataImpact(StrEnum):
    """How much harm the data of what is given could do, as its donor says: three levels, after ADISA's « data impact assurance level »."""

    ONE = "1"
    TWO = "2"
    THREE = "3"


DATA_IMPACTS = {
    DataImpact.ONE: _l("1, courantes : leur perte gênerait peu"),
    DataImpact.TWO: _l("2, personnelles ou internes : leur perte nuirait à des personnes ou à la structure"),
    DataImpact.THREE: _l("3, sensibles : santé, mineurs, aide sociale, secrets"),
}


class DonationState(StrEnum):
    """Where a donation stands."""

    ANNOUNCED = "announced"
    NEEDS_INFORMATION = "needs_information"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    RECEIVED = "received"
    SORTED = "sorted"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def is_announced(self) -> bool:
        """Whether the donor waits for our answer."""
        return self is DonationState.ANNOUNCED

    @property
    def awaits_an_answer(self) -> bool:
        """Whether we asked the donor something."""
        return self is DonationState.NEEDS_INFORMATION

    @property
    def is_accepted(self) -> bool:
        """Whether it is accepted, without an appointment yet."""
        return self is DonationState.ACCEPTED

    @property
    def is_refused(self) -> bool:
        """Whether we said no."""
        return self is DonationState.REFUSED

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self is DonationState.CANCELLED

    @property
    def will_not_come(self) -> bool:
        """Whether nothing of it arrives any more."""
        return self in {DonationState.REFUSED, DonationState.CANCELLED}

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for anything."""
        return self is DonationState.CLOSED or self.will_not_come


class ActKind(StrEnum):
    """Who accepted a gift: the body that decides itself, or somebody to whom it delegated (CGCT L.2242-1, L.2122-22 9°; CASF R.123-21)."""

    COUNCIL = "deliberation"
    DELEGATED = "decision_deleguee"
    BOARD = "decision_ca_ccas"


ACT_KINDS = {
    ActKind.COUNCIL: _l("Délibération du conseil"),
    ActKind.DELEGATED: _l("Décision prise par délégation"),
    ActKind.BOARD: _l("Décision du conseil d'administration (CCAS)"),
}


class DonationRefusal(StrEnum):
    """Why a donation is refused, as the donor is told."""

    TOO_OLD = "too_old"
    WRONG_KIND = "wrong_kind"
    TOO_DAMAGED = "too_damaged"
    TOO_FEW = "too_few"
    TOO_FAR = "too_far"
    NO_ROOM = "no_room"
    PROTECTED_DATA = "protected_data"
    OTHER = "other"


DONATION_REFUSALS = {
    DonationRefusal.TOO_OLD: _l("Matériel trop ancien pour être réemployé"),
    DonationRefusal.WRONG_KIND: _l("Type de matériel que nous ne reprenons pas"),
    DonationRefusal.TOO_DAMAGED: _l("Matériel trop abîmé"),
    DonationRefusal.TOO_FEW: _l("Quantité trop faible pour un déplacement"),
    DonationRefusal.TOO_FAR: _l("Trop loin de notre territoire"),
    DonationRefusal.NO_ROOM: _l("Plus de place à l'atelier en ce moment"),
    DonationRefusal.PROTECTED_DATA: _l("Supports classifiés ou protégés, à détruire par une filière habilitée"),
    DonationRefusal.OTHER: _l("Autre raison"),
}
