"""How things leave as waste: the life cycle of a batch, its slips, and the codes of the nomenclature."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class WasteState(StrEnum):
    """Where a batch stands."""

    OPEN = "open"
    COLLECTED = "collected"
    CERTIFIED = "certified"

    @property
    def is_collected(self) -> bool:
        """Whether its operator has it, without a certificate yet."""
        return self is WasteState.COLLECTED


class SlipType(StrEnum):
    """Which paper followed a batch out of the door (code de l'environnement R.541-45; Trackdéchets for hazardous waste)."""

    BSDD = "bsdd"
    ECO = "eco"
    OTHER = "other"


SLIP_TYPES = {
    SlipType.BSDD: _l("Bordereau Trackdéchets (BSDD)"),
    SlipType.ECO: _l("Bon d'enlèvement d'un éco-organisme"),
    SlipType.OTHER: _l("Bon ou certificat de l'opérateur"),
}


class WasteCode(StrEnum):
    """The codes of the nomenclature (code de l'environnement R.541-7; décision 2000/532/CE) that a workshop meets.

    A star marks hazardous waste.
    """

    HOUSEHOLD_HAZARDOUS = "20 01 35*"
    HOUSEHOLD = "20 01 36"
    HAZARDOUS = "16 02 13*"
    EQUIPMENT = "16 02 14"
    HAZARDOUS_PARTS = "16 02 15*"
    PARTS = "16 02 16"
    LEAD_BATTERIES = "16 06 01*"
    NICKEL_BATTERIES = "16 06 02*"
    ALKALINE_BATTERIES = "16 06 04"
    OTHER_BATTERIES = "16 06 05"
    TONER = "08 03 18"
    PACKAGING = "15 01 01"

    @property
    def is_hazardous(self) -> bool:
        """Whether the code is starred: then a BSDD follows it, or the tracking of an éco-organisme."""
        return self.value.endswith("*")


WASTE_CODES = {
    WasteCode.HOUSEHOLD_HAZARDOUS: _l("Équipements de particuliers, avec composants dangereux (écrans, portables)"),
    WasteCode.HOUSEHOLD: _l("Équipements de particuliers, sans composant dangereux"),
    WasteCode.HAZARDOUS: _l("Équipements professionnels, avec composants dangereux (écrans, portables)"),
    WasteCode.EQUIPMENT: _l("Équipements professionnels, sans composant dangereux"),
    WasteCode.HAZARDOUS_PARTS: _l("Composants dangereux retirés d'équipements"),
    WasteCode.PARTS: _l("Composants retirés d'équipements : disques, cartes, câbles"),
    WasteCode.LEAD_BATTERIES: _l("Accumulateurs au plomb (onduleurs)"),
    WasteCode.NICKEL_BATTERIES: _l("Accumulateurs nickel-cadmium"),
    WasteCode.ALKALINE_BATTERIES: _l("Piles alcalines"),
    WasteCode.OTHER_BATTERIES: _l("Autres piles et accumulateurs (lithium-ion)"),
    WasteCode.TONER: _l("Cartouches de toner sans substance dangereuse"),
    WasteCode.PACKAGING: _l("Emballages en papier et carton"),
}
