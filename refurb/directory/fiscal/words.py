"""How the legal basis of tax receipts is said."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class FiscalStanding(StrEnum):
    """What the territory is for articles 200 and 238 bis of the CGI; of the categories of the form, the one that is its own is printed."""

    GENERAL_INTEREST = "general_interest"
    PUBLIC_UTILITY = "public_utility"
    ENDOWMENT_FUND = "endowment_fund"
    PUBLIC_BODY = "public_body"


STANDINGS = {
    FiscalStanding.GENERAL_INTEREST: _l("Œuvre ou organisme d'intérêt général"),
    FiscalStanding.PUBLIC_UTILITY: _l("Association ou fondation reconnue d'utilité publique"),
    FiscalStanding.ENDOWMENT_FUND: _l("Fonds de dotation"),
    FiscalStanding.PUBLIC_BODY: _l("Personne publique, pour une œuvre sociale ou humanitaire"),
}


class FiscalRuling(StrEnum):
    """Whether the tax administration was asked beforehand (LPF, article L. 80 C)."""

    OBTAINED = "obtained"
    ASKED = "asked"
    NONE = "none"


RULINGS = {
    FiscalRuling.OBTAINED: _l("Oui, et la réponse est favorable"),
    FiscalRuling.ASKED: _l("Oui, la réponse est attendue"),
    FiscalRuling.NONE: _l("Non"),
}
