"""How long what was decided on waits for whoever is to receive it: config/policy/holding.toml."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import PartEntry, WholeEntry
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _l, _lp


@dataclass(frozen=True)
class HoldingPolicy:
    """For how many days a device stays reserved after the decision, and how many days before the end somebody is told."""

    version: str
    days: int
    told_days: int

    def until(self) -> date:
        """The last day of what is decided today."""
        return today() + timedelta(days=self.days)

    @property
    def to_tell(self) -> date:
        """The last day of a reservation whose end is to be told by today."""
        return today() + timedelta(days=self.told_days)


class HoldingSchema(PolicySchema):
    """The shape of holding.toml."""

    days = WholeEntry(7, 366, label=_l("Un appareil attribué reste réservé"), unit=_lp("unit", "jours"))
    told_days = WholeEntry(1, 60, label=_l("La structure est prévenue avant la fin"), unit=_lp("unit", "jours"))

    @validates_schema
    def _told_meanwhile(self, data: dict[str, Any], **_options: Any) -> None:
        if data["told_days"] >= data["days"]:
            raise ValidationError(
                Wrongly(f"must be less than days, {data['days']}", "policy.told_after_the_end", days=data["days"]), "told_days"
            )


def _holding(content: dict[str, Any], version: str) -> HoldingPolicy:
    return HoldingPolicy(version, content["days"], content["told_days"])


def _summary(made: HoldingPolicy) -> str:
    return _("Réservé %(days)s jours, fin annoncée %(told)s jours avant.", days=made.days, told=made.told_days)


HOLDING = PolicyFile("holding", PartEntry(HoldingSchema), _holding, _l("Durée d'une réservation"), PolicyGroup.FAMILIES, _summary)
