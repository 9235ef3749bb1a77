"""Reading the figures: every number comes from what is kept counted, by month."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from refurb.inventory.models.counts import FATES
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.counts import CountKind, kept
from refurb.kernel.deeds.database import db
from refurb.lending.loans.counts import LENT
from refurb.referrals.cases.counts import BARRIERS, FAMILIES, GIVEN_TO_FAMILIES, GIVEN_TO_ORGANISATIONS
from refurb.reporting.figures.periods import FiguresAsked
from refurb.visits.queries import VisitFigures, visit_figures

COMPUTERS = (DeviceKind.LAPTOP, DeviceKind.DESKTOP)
"""What is called a computer: tablets, telephones, screens are told apart."""
FATE_MOVES = ("refuse", "strip", "discard", "lose", "join_pool", "come_back")


@dataclass
class Machines:
    """Machines to which one thing happened: computers by month, all by kind."""

    by_month: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All computers."""
        return sum(self.by_month.values())

    def add(self, month: str, kind: str, number: int) -> None:
        """Count so many of a kind in a month."""
        self.by_kind[kind] += number
        if kind in COMPUTERS:
            self.by_month[month] += number


@dataclass
class Numbers:
    """Everything that is counted over the months asked for. Given machines are computers, unless they are told by kind."""

    received: Machines = field(default_factory=Machines)
    ready: Machines = field(default_factory=Machines)
    given: Machines = field(default_factory=Machines)
    fates: Counter[str] = field(default_factory=Counter)
    given_to_families: int = 0
    given_to_organisations: int = 0
    given_by_partner: Counter[int] = field(default_factory=Counter)
    families: int = 0
    organisations: int = 0
    asks_by_partner: Counter[int] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    lent_by_product: Counter[int] = field(default_factory=Counter)
    lent_by_place: Counter[int] = field(default_factory=Counter)
    visits: VisitFigures | None = None

    @property
    def asks(self) -> int:
        """All that partners sent."""
        return sum(self.asks_by_partner.values())

    @property
    def lent(self) -> int:
        """All that went out."""
        return sum(self.lent_by_product.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted."""
        visits = self.visits.total if self.visits else 0
        return not any(
            (self.received.total, self.ready.total, self.given.total, self.asks, self.lent, visits, sum(self.received.by_kind.values()))
        )


def _rows(count: CountKind, asked: FiguresAsked) -> Any:
    found = kept(count)
    first, last = asked.bounds
    return db.session.execute(
        select(found.c.a, found.c.b, found.c.c, found.c.n).where(found.c.a >= first, found.c.a <= last, found.c.n != 0)
    )


def numbers(asked: FiguresAsked) -> Numbers:
    """Count what is asked for; of a place, what is counted by place, of a structure, what is counted by structure."""
    found = Numbers()
    if asked.place is None and asked.partner is None:
        _workshop(found, asked)
        _places_given(found, asked)
    if asked.place is None:
        _partners(found, asked)
    if asked.partner is None:
        _lent(found, asked)
        found.visits = visit_figures(asked.place, *asked.bounds)
    return found


def _workshop(found: Numbers, asked: FiguresAsked) -> None:
    into: Mapping[str, Machines] = {"created": found.received, "pass_tests": found.ready}
    for month, move, kind, number in _rows(FATES, asked):
        if move in into:
            into[move].add(month, kind, number)
        else:
            found.fates[move] += number


def _places_given(found: Numbers, asked: FiguresAsked) -> None:
    helped = set()
    for month, kind, organisation, number in _rows(GIVEN_TO_ORGANISATIONS, asked):
        found.given.add(month, kind, number)
        helped.add(organisation)
        found.given_to_organisations += number if kind in COMPUTERS else 0
    found.organisations = len(helped)


def _partners(found: Numbers, asked: FiguresAsked) -> None:
    for month, kind, partner, number in _rows(GIVEN_TO_FAMILIES, asked):
        if not asked.is_of(partner):
            continue
        found.given.add(month, kind, number)
        if kind in COMPUTERS:
            found.given_by_partner[int(partner)] += number
            found.given_to_families += number
    found.families = sum(number for _month, partner, _none, number in _rows(FAMILIES, asked) if asked.is_of(partner))
    for _month, move, partner, number in _rows(BARRIERS, asked):
        if not asked.is_of(partner):
            continue
        if move == "submit":
            found.asks_by_partner[int(partner)] += number
        elif move.startswith(("refuse ", "withdraw")):
            found.stops[move] += number


def _lent(found: Numbers, asked: FiguresAsked) -> None:
    for _month, product, place, number in _rows(LENT, asked):
        if asked.place is None or place == str(asked.place):
            found.lent_by_product[int(product)] += number
            found.lent_by_place[int(place)] += number
