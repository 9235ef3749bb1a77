"""What comes in about money."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema

from refurb.funding.models import FIRST_YEAR
from refurb.funding.words import ACTIVITIES, COST_KINDS, Activity, CostKind
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Number, Pick, Text, Word, Wrong

MOST_CENTS = 1_000_000_000
_SHORT = {"class": "w-short"}


class Amount(Text):
    """An amount of euros, with a comma or a point, loaded as whole cents; up to ten millions."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, max=20, attrs={"inputmode": "decimal", "autocomplete": "off", "class": "w-mid"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        said = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        typed = "".join(super()._deserialize(said, attr, data, **kwargs).removesuffix("€").split())
        try:
            cents = Decimal(typed.replace(",", ".")) * 100
        except ArithmeticError:
            raise Wrong("field.amount") from None
        if not cents.is_finite() or not 0 <= cents <= MOST_CENTS or cents != int(cents):
            raise Wrong("field.amount")
        return int(cents)


class FundedYear(Number):
    """A year of accounts: the next one at most, since nobody grants further ahead here."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, min=FIRST_YEAR, max=2100, attrs=_SHORT, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        year = super()._deserialize(value, attr, data, **kwargs)
        if year > today().year + 1:
            raise Wrong("funding.year_ahead", last=today().year + 1)
        return year


class GrantFacts(Schema):
    """What a funder pays for something in a year."""

    funder_id = Pick(_l("Financeur"), required=True)
    year = FundedYear(_lp("funding", "Année"), required=True)
    purpose = Text(_l("Pour quoi"), required=True, max=80, help=_l("Les mêmes mots chaque année : « Poste de conseiller »."))
    euros = Amount(_l("Montant, en euros"), required=True, attribute="amount_cents")
    rate = Number(
        _l("Taux, en %"), min=0, max=100, attrs=_SHORT,
        help=_l("La part que le financeur paie, s'il le dit ainsi : 80, 70, 50. À eux tous, 100 au plus pour une même chose."),
    )  # fmt: skip


class CostFacts(Schema):
    """What was spent on something in a year."""

    year = FundedYear(_lp("funding", "Année"), required=True)
    label = Text(_l("Quelle dépense"), required=True, max=80)
    kind = Word(CostKind, _lp("cost", "Nature"), labels=COST_KINDS, required=True)
    activity = Word(
        Activity, _lp("cost", "Pour"), labels=ACTIVITIES, required=True,
        help=_l("Le coût d'une visite, d'un ordinateur ou d'un prêt ne compte que ce qui est noté pour lui."),
    )  # fmt: skip
    euros = Amount(_l("Montant, en euros"), required=True, attribute="amount_cents")
