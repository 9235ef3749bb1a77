"""What laptops that were given avoid, estimated from config/policy/carbon.toml: a formula with its source, never a measure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import DayEntry, PartEntry, TextEntry, WholeEntry
from refurb.kernel.speech.words import _, _l, _lp


@dataclass(frozen=True)
class Carbon:
    """Kilograms of CO2e that a laptop avoids in a year of second life, and for how many years that is supposed."""

    laptop_kg_a_year: int
    years: int
    source: str
    read_on: date
    version: str = ""

    def avoided(self, laptops: int) -> int:
        """The estimate for so many laptops, in kg CO2e. Other kinds are not estimated."""
        return laptops * self.laptop_kg_a_year * self.years


class CarbonSchema(PolicySchema):
    """The shape of carbon.toml."""

    laptop_kg_a_year = WholeEntry(1, 500, label=_l("Évité par portable et par année de seconde vie"), unit=_lp("unit", "kg CO₂e"))
    source = TextEntry(label=_lp("policy", "Source"))
    read_on = DayEntry(label=_l("Texte relu le"))
    years = WholeEntry(1, 10, label=_l("Années de seconde vie supposées"), unit=_lp("unit", "ans"))


def _carbon(content: dict[str, Any], version: str) -> Carbon:
    return Carbon(**content, version=version)


def _summary(made: Carbon) -> str:
    return _("%(kg)s kg CO₂e par portable et par an, sur %(years)s ans.", kg=made.laptop_kg_a_year, years=made.years)


CARBON = PolicyFile("carbon", PartEntry(CarbonSchema), _carbon, _l("Estimation carbone"), PolicyGroup.DONORS, _summary)
