"""Looking up money: what stands of a year, and what the figures read of some years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import and_, func, select

from refurb.directory.models import Organisation
from refurb.funding.models import Cost, FundingGrant
from refurb.funding.words import Activity, CostKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.errors import NotFound

Row = TypeVar("Row", FundingGrant, Cost)


def grants_of(years: Sequence[int]) -> Sequence[FundingGrant]:
    """What stands of some years, by year and funder."""
    query = select(FundingGrant).where(FundingGrant.year.in_(years), FundingGrant.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(FundingGrant.year.desc(), FundingGrant.purpose, FundingGrant.id)).all()


def costs_of(year: int) -> Sequence[Cost]:
    """What stands of a year, the dearest first."""
    query = select(Cost).where(Cost.year == year, Cost.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(Cost.amount_cents.desc(), Cost.id)).all()


def funded_years() -> list[int]:
    """The years of which anything stands, the newest first."""
    both = (select(each.year).where(each.withdrawn_at.is_(None)).distinct() for each in (FundingGrant, Cost))
    return sorted({year for query in both for year in db.session.scalars(query)}, reverse=True)


def funders(*, kept: int | None = None) -> Sequence[Organisation]:
    """The organisations that fund, by name; and the one that a grant has already, whatever became of it (`kept`)."""
    stands = and_(Organisation.is_funder, Organisation.archived_at.is_(None))
    return db.session.scalars(select(Organisation).where(stands | (Organisation.id == kept)).order_by(Organisation.search)).all()


def noted(kind: type[Row], actor: Actor, number: int) -> Row:
    """A grant or a cost, were it withdrawn; `NotFound` otherwise, and for who does not note them."""
    found = db.session.get(kind, number) if actor.may(Permission.FUNDING_WRITE) else None
    if found is None:
        raise NotFound
    return found


def standing(kind: type[Row], actor: Actor, number: int) -> Row:
    """A grant or a cost that stands; `NotFound` otherwise, and for who does not note them."""
    found = noted(kind, actor, number)
    if found.withdrawn_at is not None:
        raise NotFound
    return found


def withdrawn_of(kind: type[Row], year: int) -> Sequence[Row]:
    """What was noted of a year by mistake, and counts no more, the last first."""
    query = select(kind).where(kind.year == year, kind.withdrawn_at.is_not(None))
    return db.session.scalars(query.order_by(kind.withdrawn_at.desc(), kind.id.desc()).limit(50)).all()


@dataclass(frozen=True)
class FunderLine:
    """What one funder pays for one purpose, by year: cents, and the rate where it is told."""

    funder: str
    purpose: str
    cents: Mapping[int, int]
    rates: Mapping[int, int]


@dataclass(frozen=True)
class Money:
    """Some years in cents: who paid, what was spent on what and for what, and all of it."""

    years: Sequence[int]
    funders: Sequence[FunderLine]
    kinds: Mapping[CostKind, Mapping[int, int]]
    activities: Mapping[Activity, Mapping[int, int]]
    spent: Mapping[int, int]

    @property
    def is_empty(self) -> bool:
        """Whether nobody noted anything."""
        return not self.funders and not self.spent


def money_of(years: Sequence[int]) -> Money:
    """What stands of some years."""
    lines: dict[tuple[int, str], FunderLine] = {}
    for each in grants_of(years):
        line = lines.setdefault((each.funder_id, fold(each.purpose)), FunderLine(each.funder.name, each.purpose, {}, {}))
        cents, rates = dict(line.cents), dict(line.rates)
        cents[each.year] = cents.get(each.year, 0) + each.amount_cents
        if each.rate is not None:
            rates[each.year] = each.rate
        lines[each.funder_id, fold(each.purpose)] = FunderLine(line.funder, line.purpose, cents, rates)
    total = func.sum(Cost.amount_cents)
    query = select(Cost.year, Cost.kind, Cost.activity, total).where(Cost.year.in_(years), Cost.withdrawn_at.is_(None))
    kinds: dict[CostKind, dict[int, int]] = {}
    activities: dict[Activity, dict[int, int]] = {}
    spent: dict[int, int] = {}
    for year, kind, activity, cents_of in db.session.execute(query.group_by(Cost.year, Cost.kind, Cost.activity)):
        for into in (kinds.setdefault(kind, {}), activities.setdefault(activity, {}), spent):
            into[year] = into.get(year, 0) + int(cents_of)
    funders = sorted(lines.values(), key=lambda line: (-max(line.cents.values()), line.funder))
    return Money(tuple(years), funders, kinds, activities, spent)
