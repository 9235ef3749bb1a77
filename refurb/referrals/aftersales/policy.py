"""What a family is promised once it has its device: config/policy/after.toml."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import ListEntry, PartEntry, WholeEntry
from refurb.kernel.deeds.terms import Months
from refurb.kernel.speech.words import _, _l, _lp

FURTHEST = 60
"""No place of ours is closed for so many days in a row; past that, the day counted so far is told."""


@dataclass(frozen=True)
class AfterPolicy:
    """Open days within which somebody answers; months for which a repair or a swap is free, from the first hand-over on.

    News are asked so many days after it (`stages`), once more `remind_days` later, by a link that holds `link_days`, or by so many calls.
    """

    version: str
    answer_days: int
    warranty: Months
    stages: tuple[int, ...]
    remind_days: int
    link_days: int
    tries: int

    def answer_by(self, since: date, site_id: int) -> date:
        """The last of so many open days after one."""
        days, left, furthest = days_of(site_id), self.answer_days, since + timedelta(days=FURTHEST)
        day = since
        while left and day < furthest:
            day += timedelta(days=1)
            left -= days.is_open(day)
        return day

    def warranty_until(self, handed_on: date) -> date:
        """The last day of the warranty of what was first handed over on a day; it follows the family to the next device."""
        return self.warranty.after(handed_on)


class AfterSchema(PolicySchema):
    """The shape of after.toml."""

    answer_days = WholeEntry(1, 30, label=_l("Une personne répond à une panne en"), unit=_lp("unit", "jours ouverts"))
    warranty_months = WholeEntry(
        0,
        60,
        label=_l("Réparer ou échanger est gratuit pendant"),
        unit=_lp("unit", "mois"),
        help=_l("Depuis la première remise. Après un échange, la garantie suit la famille."),
    )

    news_days = ListEntry(WholeEntry(7, 730), least=1, label=_l("Des nouvelles sont demandées, en jours après la remise"))
    news_remind_days = WholeEntry(1, 60, label=_l("Une seule relance, après"), unit=_lp("unit", "jours"))
    news_link_days = WholeEntry(
        2, 90, label=_l("Le lien pour répondre vaut"), unit=_lp("unit", "jours"), help=_l("Ensuite, la question reste sans réponse.")
    )
    news_tries = WholeEntry(1, 10, label=_l("Essais au téléphone"))

    @validates_schema
    def _reminded_in_time(self, data: dict[str, Any], **_options: Any) -> None:
        if data["news_remind_days"] >= data["news_link_days"]:
            kept = data["news_link_days"]
            wrong = Wrongly(f"must be less than news_link_days, {kept}", "policy.reminder_after_link", kept=kept)
            raise ValidationError(wrong, "news_remind_days")


def _policy(content: dict[str, Any], version: str) -> AfterPolicy:
    return AfterPolicy(
        version,
        content["answer_days"],
        Months(content["warranty_months"]),
        tuple(sorted(set(content["news_days"]))),
        content["news_remind_days"],
        content["news_link_days"],
        content["news_tries"],
    )


def _summary(made: AfterPolicy) -> str:
    return _("Réponse en %(days)s jours ouverts, garantie de %(warranty)s.", days=made.answer_days, warranty=made.warranty)


AFTER = PolicyFile("after", PartEntry(AfterSchema), _policy, _l("Après la remise"), PolicyGroup.FAMILIES, _summary)
