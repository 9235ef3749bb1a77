"""What one visit, one computer, one loan costs: what was noted for it, divided by how many there were; never an error."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from refurb.funding.queries import Money
from refurb.funding.words import Activity
from refurb.reporting.figures.tables import Report

DIVIDED = {Activity.VISITS: "visits", Activity.COMPUTERS: "given", Activity.LOANS: "lent"}


@dataclass(frozen=True)
class UnitCost:
    """What one of them costs in cents; None where it cannot be said, or may not be told (`hidden`)."""

    activity: Activity
    spent: int
    number: int | None
    cents: int | None
    hidden: bool


def unit_costs(found: Report, money: Money) -> list[UnitCost]:
    """Of each activity, over the whole year; a number that is hidden would be told by what one of them costs, and is not."""
    return [_cost(found, money, activity, cell) for activity, cell in DIVIDED.items()] if found.asked.whole else []


def _cost(found: Report, money: Money, activity: Activity, cell: str) -> UnitCost:
    spent, number = money.activities.get(activity, {}).get(found.asked.year, 0), found.exactly(cell)
    cents = int((Decimal(spent) / number).quantize(Decimal(1), ROUND_HALF_UP)) if spent and number else None
    return UnitCost(activity, spent, number, cents, hidden=number is None)
