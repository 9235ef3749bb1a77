"""What comes in about upkeep: the same for the pages and for the API."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, LongText, Number, Picture, Text, Tick, Word
from refurb.kernel.web.money import Euros
from refurb.lending.upkeep.words import PLAN_SCOPES, PlanScope


class NewPlan(Schema):
    """What is to be done again and again, and when: after some loans, after some months, or on one day."""

    name = Text(_l("Ce qu'il faut faire"), required=True, max=120, help=_l("« Charge des batteries », « Contrôle complet »"))
    scope = Word(PlanScope, _lp("upkeep", "Pour"), labels=PLAN_SCOPES, widget="radio", load_default=PlanScope.ITEM)
    every_loans = Number(_l("Tous les combien de prêts ?"), min=1, max=1000)
    every_months = Number(_l("Ou tous les combien de mois ?"), min=1, max=240)
    on_date = Date(_l("Ou un seul jour"), future=True)
    days = Number(
        _l("Jours pendant lesquels le matériel ne sort pas"),
        max=60,
        load_default=1,
        help=_l("0 : cela se fait au comptoir, entre deux prêts."),
    )
    minutes = Number(_l("Minutes de travail"), min=1, max=10_000)

    @validates_schema
    def _is_due_in_one_way(self, data: dict[str, Any], **_: Any) -> None:
        told = [name for name in ("every_loans", "every_months", "on_date") if data.get(name) is not None]
        if len(told) != 1:
            raise ValidationError([Fault("upkeep.one_rhythm")], told[1] if told else "every_loans")


class NewRepair(Schema):
    """What is wrong with a thing, with a picture of it; whether it stays with us until it is mended."""

    what = Text(_l("Qu'est-ce qui ne va pas ?"), required=True, max=200)
    photo = Picture(_lp("item", "Photo"))
    stays = Tick(_l("Il ne sort pas avant d'être réparé"))


class Finished(Schema):
    """What was done: what it cost, where, with which parts."""

    cost = Euros(_l("Coût, en euros"), attribute="cost_cents", help=_l("Vide : on ne le sait pas. 0 : cela n'a rien coûté."))
    workshop = Text(_l("Entreprise ou atelier"), max=120)
    parts = Text(_l("Pièces changées"), max=300)
    note = LongText(_l("Ce qui a été fait"), max=500, private=True)
