"""Looking up visits: the place of today, today's list, what people come for at a place, and the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, func, or_, select
from sqlalchemy.orm import selectinload

from refurb.directory.rota.queries import rota_of_adviser, stop_here, tour_of
from refurb.directory.sites.queries import SiteCard, open_sites, usual_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.counts import kept
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import midnight, today
from refurb.visits.counts import ALL, VISIT_REASONS, VISITS
from refurb.visits.models import OpinionCount, Visit
from refurb.visits.words import USUAL, AgeBand, Motive, Opinion

FIRST_SHOWN = len(USUAL)
LOOKED_BACK = timedelta(days=366)
FEWEST = 5
"""Answers of one month at one place below which none is shown."""


def visited_places(actor: Actor) -> list[SiteCard]:
    """The places that people come to, and at which somebody counts: all that we have but vehicles, which come to a stop."""
    return [each for each in open_sites() if each.kind is not SiteKind.VAN and counts_at(actor, each.id)]


def counts_at(actor: Actor, site_id: int) -> bool:
    """Whether somebody's roles let her count at a place."""
    within = actor.sites_for(Permission.VISIT_COUNT)
    return within is None or site_id in within


def place_of_today(actor: Actor) -> int:
    """Where somebody counts when she does not say otherwise: her stop now, else the first of her round today, else her usual place."""
    here = stop_here(actor.id)
    if here is not None and counts_at(actor, here.site_id):
        return here.site_id
    rota = rota_of_adviser(actor.id, today())
    on_the_road = (
        next((each for each in tour_of(rota, today()) if not each.state.is_off and counts_at(actor, each.site_id)), None) if rota else None
    )
    return on_the_road.site_id if on_the_road is not None else usual_site(actor)


@dataclass(frozen=True)
class CountedLine:
    """One press of today: a visit, or a group (`people` more than one, or counted as one)."""

    number: int
    at: datetime
    site_id: int
    day: date
    is_group: bool
    visits: tuple[Visit, ...]

    @property
    def people(self) -> int:
        """How many it counts."""
        return len(self.visits)


def _entered_today(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Visit.counted_by == actor.id, Visit.entered_at >= midnight(today())


def number_today(actor: Actor) -> int:
    """How many people somebody counted today."""
    return db.session.scalars(select(func.count(Visit.id)).where(*_entered_today(actor))).one()


def counted_today(actor: Actor, most: int | None = None) -> list[CountedLine]:
    """What somebody entered today, the newest first, groups as one line; `most` lines where it is told."""
    firsts = select(Visit.id).where(*_entered_today(actor), or_(Visit.group_id.is_(None), Visit.group_id == Visit.id))
    shown = db.session.scalars(firsts.order_by(Visit.entered_at.desc(), Visit.id.desc()).limit(most)).all()
    query = select(Visit).where(or_(Visit.id.in_(shown), Visit.group_id.in_(shown)), Visit.entered_at.is_not(None))
    lines: dict[int, list[Visit]] = {}
    for each in db.session.scalars(query.order_by(Visit.entered_at.desc(), Visit.id.desc()).options(selectinload(Visit.reasons))):
        lines.setdefault(each.group_id or each.id, []).append(each)
    return [
        CountedLine(number, found[0].entered_at, found[0].site_id, found[0].day, found[0].group_id is not None, tuple(found))
        for number, found in lines.items()
        if found[0].entered_at is not None
    ]


def group_of(first: Visit) -> Sequence[Visit]:
    """All the visits of a group."""
    return db.session.scalars(select(Visit).where(Visit.group_id == first.id)).all()


def usual_reasons(site_id: int) -> list[Motive]:
    """The reasons that come first at a place: those most told there in a year, then those usual everywhere."""
    counted = kept(VISIT_REASONS)
    since = f"{today() - LOOKED_BACK:%Y-%m}"
    told = func.sum(counted.c.n)
    query = (
        select(counted.c.c)
        .where(counted.c.a == str(site_id), counted.c.b >= since, counted.c.c != Motive.UNTOLD.value)
        .group_by(counted.c.c)
        .having(told > 0)
        .order_by(told.desc(), counted.c.c)
        .limit(FIRST_SHOWN)
    )
    found = [Motive(each) for each in db.session.scalars(query)]
    return [*found, *(each for each in USUAL if each not in found)][:FIRST_SHOWN]


@dataclass(frozen=True)
class VisitFigures:
    """The figures of one place, or all, over some months, exact. `said` is by question how often each answer was given.

    `asked`, `opinions`: of months that are over and had five answers at least at their place; `left_out` is how many had fewer.
    """

    total: int
    by_place: Mapping[int, int]
    by_month: Mapping[str, int]
    said: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, int]
    asked: int
    opinions: Mapping[Opinion, int]
    left_out: int


def visit_figures(site_id: int | None, first: str, last: str) -> VisitFigures:
    """What was counted from one month (`2026-01`) to another, both included."""
    counted = kept(VISITS)
    told = func.sum(counted.c.n)
    within = _within(counted, site_id, first, last)
    rows = db.session.execute(
        select(counted.c.c, told)
        .where(*within, counted.c.c != ALL)
        .group_by(counted.c.c)
        .having(told != 0)
        .order_by(told.desc(), counted.c.c)
    )
    said: dict[str, dict[str, int]] = {}
    for key, number in rows:
        question, _space, answer = key.partition(" ")
        said.setdefault(question, {})[answer] = int(number)
    alls = select(counted.c.a, counted.c.b, counted.c.n).where(*within, counted.c.c == ALL, counted.c.n != 0).order_by(counted.c.b)
    by_place: dict[int, int] = {}
    by_month: dict[str, int] = {}
    for place, month, number in db.session.execute(alls):
        by_place[int(place)] = by_place.get(int(place), 0) + number
        by_month[month] = by_month.get(month, 0) + number
    by_place = dict(sorted(by_place.items(), key=lambda each: -each[1]))
    reasons = kept(VISIT_REASONS)
    why = func.sum(reasons.c.n)
    query = select(reasons.c.c, why).where(*_within(reasons, site_id, first, last)).group_by(reasons.c.c).having(why != 0)
    found = {key: int(number) for key, number in db.session.execute(query.order_by(why.desc(), reasons.c.c))}
    return VisitFigures(sum(by_month.values()), by_place, by_month, said, found, *shown_opinions(site_id, first, last))


def _within(counted: Subquery, site_id: int | None, first: str, last: str) -> list[ColumnElement[bool]]:
    months = [counted.c.b >= first, counted.c.b <= last]
    return [counted.c.a == str(site_id), *months] if site_id is not None else months


def shown_opinions(site_id: int | None, first: str, last: str) -> tuple[int, dict[Opinion, int], int]:
    """How often it was asked, how often each answer was given, and how many months of a place were left out for having too few."""
    query = select(OpinionCount).where(OpinionCount.month >= first, OpinionCount.month <= last, OpinionCount.month < f"{today():%Y-%m}")
    if site_id is not None:
        query = query.where(OpinionCount.site_id == site_id)
    cells: dict[tuple[int, str], dict[Opinion, int]] = {}
    for each in db.session.scalars(query):
        cells.setdefault((each.site_id, each.month), {})[each.answer] = each.n
    answers = (Opinion.MUCH, Opinion.SOME, Opinion.LITTLE, Opinion.NOT)
    enough = [cell for cell in cells.values() if sum(cell.get(each, 0) for each in answers) >= FEWEST]
    summed = {each: sum(cell.get(each, 0) for cell in enough) for each in Opinion}
    return summed.pop(Opinion.ASKED), summed, len(cells) - len(enough)


def seniors(figures: VisitFigures) -> int:
    """How many were sixty or older."""
    ages = figures.said.get("age", {})
    return ages.get(AgeBand.FROM_60, 0) + ages.get(AgeBand.FROM_70, 0)
