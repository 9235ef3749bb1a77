"""What a convention is about, and how an organisation is found in the list."""

from enum import StrEnum

from refurb.directory.words import NATURES
from refurb.kernel.speech.words import _l, _lp


class ConventionKind(StrEnum):
    """What a convention is about."""

    PARTNER = "partner"
    DONOR = "donor"
    LOAN = "loan"
    OTHER = "other"
    ENDOWMENT = "endowment"


CONVENTION_KINDS = {
    ConventionKind.PARTNER: _l("Orientation de familles"),
    ConventionKind.DONOR: _l("Don de matériel"),
    ConventionKind.LOAN: _l("Prêt de matériel"),
    ConventionKind.ENDOWMENT: _l("Dotation en matériel"),
    ConventionKind.OTHER: _l("Autre objet"),
}


class Tristate(StrEnum):
    """A yes or a no that somebody has said, or nobody yet."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


TRISTATES = {Tristate.YES: _l("Oui"), Tristate.NO: _l("Non"), Tristate.UNKNOWN: _l("On ne sait pas")}


class FirstConvention(StrEnum):
    """Where the convention stands when an organisation is added."""

    SIGNED = "signed"
    PREPARING = "preparing"
    NONE = "none"


FIRST_CONVENTIONS = {
    FirstConvention.SIGNED: _lp("convention", "Signée"),
    FirstConvention.PREPARING: _lp("convention", "En préparation"),
    FirstConvention.NONE: _lp("convention", "Sans convention"),
}
FIRST_MEANS = {
    FirstConvention.SIGNED: _l("Elle oriente entre ses deux dates"),
    FirstConvention.PREPARING: _l("Orientations fermées jusqu'à la signature"),
    FirstConvention.NONE: _l("Elle oriente, sans fin prévue"),
}

MOVED = {
    "donations": _l("Dons"),
    "referrals": _lp("merger", "Orientations"),
    "role_grants": _l("Rôles de comptes"),
    "invitations": _l("Invitations en attente"),
    "contacts": _l("Contacts"),
    "conventions": _l("Conventions"),
    "borrowers": _l("Emprunteurs"),
    "items": _l("Matériel à prêter"),
    "certificates": _l("Attestations d'assurance et d'adhésion"),
    "activity_sheets": _lp("merger", "Fiches d'activité"),
    "asking_links": _l("Liens pour orienter"),
    "endowments": _l("Demandes d'appareils pour la structure"),
    "donor_years": _l("Années de dons"),
    "papers": _l("Documents de l'année d'un donateur"),
    "ceremony_guests": _l("Invités de cérémonies"),
    "committee_members": _l("Sièges en commission"),
    "grants": _l("Aides notées dans « Financements »"),
    "purchase_funders": _l("Parts d'achats pour des remises"),
    "list_mappings": _l("Colonnes de listes, reconnues"),
    "organisations": _l("Fiches réunies plus tôt"),
}
"""What follows an organisation when it is merged, by its table."""

TAKEN = {
    "siren": _l("SIREN"),
    "siret": _l("SIRET"),
    "rna": _l("Numéro RNA"),
    "typology": _lp("organisation", "Type"),
    "in_qpv": _l("Quartier prioritaire (QPV)"),
    "email": _l("Adresse de courriel"),
    "phone": _l("Téléphone"),
    "address": _lp("address", "Adresse"),
    "postcode": _lp("address", "Code postal"),
    "place": _lp("address", "Commune"),
    "commune_code": _l("Code de la commune"),
    "is_public_body": _l("Personne publique"),
    **{each.flag: word for each, word in NATURES.items()},
}
"""What the record that stands takes over of the one that goes."""
