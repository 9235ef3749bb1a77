"""How the letterhead's choices are said: legal forms, and the papers that a signatory signs."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class LegalForm(StrEnum):
    """What the territory is in law; it decides whether gifts are accepted by an act (CGCT L.2242-1, L.2242-3)."""

    ASSOCIATION = "association"
    COMMUNE = "commune"
    CCAS = "ccas"
    EPCI = "epci"
    DEPARTMENT = "departement"
    REGION = "region"
    SYNDICATE = "syndicat_mixte"
    PUBLIC_BODY = "etablissement_public"
    GROUPING = "gip"
    COOPERATIVE = "scic"
    FOUNDATION = "fondation"
    OTHER = "autre"


LEGAL_FORMS = {
    LegalForm.ASSOCIATION: _l("Association loi 1901"),
    LegalForm.COMMUNE: _lp("legal form", "Commune"),
    LegalForm.CCAS: _l("CCAS ou CIAS"),
    LegalForm.EPCI: _l("Communauté de communes, d'agglomération ou urbaine, métropole"),
    LegalForm.DEPARTMENT: _lp("legal form", "Département"),
    LegalForm.REGION: _lp("legal form", "Région"),
    LegalForm.SYNDICATE: _lp("legal form", "Syndicat mixte"),
    LegalForm.PUBLIC_BODY: _l("Autre établissement public"),
    LegalForm.GROUPING: _l("Groupement d'intérêt public"),
    LegalForm.COOPERATIVE: _l("Société coopérative d'intérêt collectif"),
    LegalForm.FOUNDATION: _lp("legal form", "Fondation"),
    LegalForm.OTHER: _l("Autre personne morale de droit privé"),
}

PUBLIC_FORMS = frozenset(
    {
        LegalForm.COMMUNE,
        LegalForm.CCAS,
        LegalForm.EPCI,
        LegalForm.DEPARTMENT,
        LegalForm.REGION,
        LegalForm.SYNDICATE,
        LegalForm.PUBLIC_BODY,
        LegalForm.GROUPING,
    }
)
"""Legal persons under public law: they act by deliberation or decision."""


class SignedPaper(StrEnum):
    """The papers that somebody signs for the territory, by the letters their numbers begin with."""

    DONATION = "AD"
    ERASURE = "AE"
    TAX = "RF"


SIGNED_PAPERS = {
    SignedPaper.DONATION: _l("Attestations de don"),
    SignedPaper.ERASURE: _l("Attestations d'effacement"),
    SignedPaper.TAX: _l("Reçus fiscaux"),
}

# What a version changed, as its line of the history names it; by the columns of a letterhead, signatories besides.
CHANGED = {
    "name": _l("nom complet"),
    "short_name": _l("nom court"),
    "legal_form": _l("forme juridique"),
    "siret": _lp("letterhead", "SIRET"),
    "rna": _l("RNA"),
    "street": _lp("letterhead", "adresse"),
    "postcode": _l("code postal"),
    "commune": _lp("letterhead", "commune"),
    "email": _lp("letterhead", "courriel"),
    "phone": _lp("letterhead", "téléphone"),
    "dpo_name": _l("délégué à la protection des données"),
    "dpo_email": _l("courriel du délégué"),
    "dpo_address": _l("adresse du délégué"),
    "publisher": _l("direction de la publication"),
    "host": _lp("letterhead", "hébergeur"),
    "logo": _lp("letterhead", "logo"),
    "accent": _lp("letterhead", "couleur"),
    "signatories": _lp("letterhead", "signataires"),
}
