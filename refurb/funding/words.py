"""What money is spent on, and for which of our jobs."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class CostKind(StrEnum):
    """What money is spent on."""

    STAFF = "staff"
    EQUIPMENT = "equipment"
    TRAVEL = "travel"
    PREMISES = "premises"
    SERVICES = "services"
    OTHER = "other"


COST_KINDS = {
    CostKind.STAFF: _l("Personnel"),
    CostKind.EQUIPMENT: _l("Matériel et pièces"),
    CostKind.TRAVEL: _l("Déplacements"),
    CostKind.PREMISES: _l("Locaux"),
    CostKind.SERVICES: _l("Prestations"),
    CostKind.OTHER: _lp("cost", "Autre dépense"),
}


class Activity(StrEnum):
    """For which of our jobs; what serves all of them is divided among none."""

    VISITS = "visits"
    COMPUTERS = "computers"
    LOANS = "loans"
    ALL = "all"


ACTIVITIES = {
    Activity.VISITS: _l("Permanences et visites"),
    Activity.COMPUTERS: _l("Ordinateurs, du don à la remise"),
    Activity.LOANS: _l("Prêt de matériel"),
    Activity.ALL: _l("Tout le service"),
}
