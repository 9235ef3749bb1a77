"""By which way a donation came, and where it stands."""

from enum import StrEnum

from refurb.kernel.words import _l


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


class DonationState(StrEnum):
    """Where a donation stands."""

    ANNOUNCED = "announced"
    SCHEDULED = "scheduled"
    RECEIVED = "received"
    SORTED = "sorted"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
