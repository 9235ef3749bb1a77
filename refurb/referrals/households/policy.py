"""When a household counts as helped already, and for how long it is known again: config/policy/households.toml."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import PartEntry, WholeEntry
from refurb.kernel.deeds.terms import Months, ago
from refurb.kernel.speech.words import _, _l, _lp


@dataclass(frozen=True)
class HouseholdPolicy:
    """Months for which a hand-over counts and for which hashes are kept after the last deed; look-ups of one person in a day."""

    version: str
    helped_months: int
    hashes_months: int
    told_a_day: int

    @property
    def hashes_kept(self) -> Months:
        """The term of the hashes."""
        return Months(self.hashes_months)

    def helped_since(self) -> datetime:
        """From when on a hand-over counts today."""
        return ago(Months(self.helped_months))


class HouseholdSchema(PolicySchema):
    """The shape of households.toml."""

    helped_months = WholeEntry(
        0,
        120,
        label=_l("Un foyer compte comme déjà aidé pendant"),
        unit=_lp("unit", "mois"),
        help=_l("C'est dit à qui décide, avec la date. Ce n'est jamais un refus automatique."),
    )
    hashes_months = WholeEntry(
        1,
        120,
        label=_l("Un foyer se reconnaît, après la dernière démarche, pendant"),
        unit=_lp("unit", "mois"),
        help=_l("Ensuite, les empreintes qui servent à le reconnaître sont effacées."),
    )
    told_a_day = WholeEntry(
        1,
        1000,
        label=_l("Recherches d'un foyer déjà connu, par personne et par jour"),
        help=_l("Au-delà, seule la coordination apprend qu'une demande existe : le formulaire ne sert pas à chercher des gens."),
    )

    @validates_schema
    def _known_as_long_as_it_counts(self, data: dict[str, Any], **_options: Any) -> None:
        if data["helped_months"] > data["hashes_months"]:
            kept = data["hashes_months"]
            raise ValidationError(
                Wrongly(f"must not be more than hashes_months, {kept}", "policy.window_after_hashes", kept=kept), "helped_months"
            )


def _policy(content: dict[str, Any], version: str) -> HouseholdPolicy:
    return HouseholdPolicy(version, content["helped_months"], content["hashes_months"], content["told_a_day"])


def _summary(made: HouseholdPolicy) -> str:
    return _("Déjà aidé : %(helped)s mois ; reconnu : %(known)s mois.", helped=made.helped_months, known=made.hashes_months)


HOUSEHOLDS = PolicyFile("households", PartEntry(HouseholdSchema), _policy, _l("Foyers déjà connus"), PolicyGroup.FAMILIES, _summary)
