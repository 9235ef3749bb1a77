"""Looking up rotas, their stops and passages: who comes where, when next, and what of it waits for somebody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from refurb.directory.rota.models import OdometerReading, Passage, Rota, RotaAdviser, RotaClosure, RotaStop
from refurb.directory.rota.words import PassageState
from refurb.directory.sites.queries import SiteCard, every_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import local, now, today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.folding import fold, slug
from refurb.kernel.speech.words import _, _lp

_AROUND = 60
"""Minutes before and after its hours in which somebody is still at a stop."""


def vehicle_choices() -> list[tuple[str, str]]:
    """The vehicles that can be chosen, for a field; and none."""
    vans = [each for each in every_site().values() if each.kind is SiteKind.VAN and each.archived_at is None]
    return [("", str(_lp("rota", "Aucun"))), *((str(each.id), each.name) for each in vans)]


def adviser_choices() -> list[tuple[str, str]]:
    """Who can be on the road, for a field."""
    return [(str(number), name) for number, name in wired().able(Permission.ROTA_WRITE)]


def _whole() -> tuple[ExecutableOption, ...]:
    return selectinload(Rota.stops).joinedload(RotaStop.site), selectinload(Rota.closures), selectinload(Rota.advisers)


def rotas(*, over: bool = False) -> Sequence[Rota]:
    """The rotas by name, with their stops, closures and advisers; those that are over only where asked."""
    query = select(Rota).options(*_whole()).order_by(Rota.name)
    if not over:
        query = query.where(Rota.until.is_(None) | (Rota.until > today()))
    return db.session.scalars(query).all()


def rota_by_id(actor: Actor, number: int) -> Rota:
    """One rota, whole; `NotFound` for a stranger."""
    found = db.session.scalar(select(Rota).where(Rota.id == number).options(*_whole())) if actor.may(Permission.DIRECTORY_READ) else None
    if found is None:
        raise NotFound
    return found


def stop_by_id(actor: Actor, number: int) -> RotaStop:
    """The rule of a stop; `NotFound` for a stranger."""
    found = db.session.get(RotaStop, number) if actor.may(Permission.DIRECTORY_READ) else None
    if found is None:
        raise NotFound
    return found


def rota_closure_by_id(actor: Actor, number: int) -> RotaClosure:
    """A closure of a rota that was not withdrawn; `NotFound` for a stranger."""
    found = db.session.get(RotaClosure, number) if actor.may(Permission.DIRECTORY_READ) else None
    if found is None or found.withdrawn_at is not None:
        raise NotFound
    return found


def passage_by_id(actor: Actor, number: int) -> Passage:
    """A passage with its stop and rota; `NotFound` for a stranger."""
    query = select(Passage).where(Passage.id == number).options(joinedload(Passage.site), joinedload(Passage.rota))
    found = db.session.scalar(query) if actor.may(Permission.DIRECTORY_READ) else None
    if found is None:
        raise NotFound
    return found


def passages(first: date, until: date, *conditions: ColumnElement[bool]) -> Sequence[Passage]:
    """The passages between two days, half-open, whatever became of them, in the order of the road, with their stops."""
    query = select(Passage).join(Passage.site).options(contains_eager(Passage.site)).where(Passage.day >= first, Passage.day < until)
    return db.session.scalars(query.where(*conditions).order_by(Passage.day, Passage.opens, Passage.id)).all()


def passages_at(site_ids: Collection[int], first: date, until: date) -> Sequence[Passage]:
    """The passages of some stops between two days, half-open."""
    return passages(first, until, Passage.site_id.in_(site_ids))


def tour_of(rota: Rota, day: date) -> Sequence[Passage]:
    """The stops of a day in the order of the road, those that are off among them."""
    return passages(day, day + timedelta(days=1), Passage.rota_id == rota.id)


def next_passage(place: str | int, day: date) -> Passage | None:
    """The first passage planned after a day, strictly: at a stop, or at any of a commune, by its name."""
    sites = [place] if isinstance(place, int) else stops_in(place)
    query = select(Passage).where(Passage.site_id.in_(sites), Passage.day > day, Passage.state == PassageState.PLANNED)
    return db.session.scalar(query.order_by(Passage.day, Passage.opens).limit(1))


def next_passages(site_ids: Collection[int], day: date, most: int = 2) -> dict[int, list[Passage]]:
    """Of each stop the next passages planned from a day on, that day included."""
    place = func.row_number().over(partition_by=Passage.site_id, order_by=Passage.day).label("place")
    ranked = (
        select(Passage.id, place).where(Passage.site_id.in_(site_ids), Passage.day >= day, Passage.state == PassageState.PLANNED).subquery()
    )
    query = select(Passage).join(ranked, ranked.c.id == Passage.id).where(ranked.c.place <= most).order_by(Passage.day)
    found: dict[int, list[Passage]] = {each: [] for each in site_ids}
    for each in db.session.scalars(query):
        found[each.site_id].append(each)
    return found


def stops_in(commune: str) -> list[int]:
    """The places of the stops of a commune, however its name is written."""
    return [each.id for each in served() if slug(each.commune or each.name) == slug(commune)]


def served(day: date | None = None) -> list[SiteCard]:
    """The places that some rota serves on a day or later, by commune."""
    ids = db.session.scalars(
        select(RotaStop.site_id)
        .join(Rota, Rota.id == RotaStop.rota_id)
        .where(RotaStop.until.is_(None) | (RotaStop.until > (day or today())), Rota.until.is_(None) | (Rota.until > (day or today())))
        .distinct()
    ).all()
    sites = every_site()
    return sorted((sites[each] for each in ids), key=lambda each: (fold(each.commune or each.name), each.name))


def stop_rules(site_ids: Collection[int], day: date) -> dict[int, list[RotaStop]]:
    """Of each stop the rules that hold on a day, or from later on, with their rotas."""
    query = select(RotaStop).join(RotaStop.rota).options(contains_eager(RotaStop.rota))
    query = query.where(RotaStop.site_id.in_(site_ids), RotaStop.until.is_(None) | (RotaStop.until > day))
    found: dict[int, list[RotaStop]] = {each: [] for each in site_ids}
    for each in db.session.scalars(query.order_by(RotaStop.since, RotaStop.weekday, RotaStop.opens)):
        found[each.site_id].append(each)
    return found


@dataclass(frozen=True)
class MissingDecision:
    """A closure of which nobody has said what comes after, with its rota."""

    rota: Rota
    closure: RotaClosure


def missing_decisions(found: Iterable[Rota]) -> list[MissingDecision]:
    """The closures of which it makes a difference what comes after, and nobody has said it; the next first."""
    missing = [
        MissingDecision(rota, each)
        for rota in found
        for each in rota.closures
        if each.withdrawn_at is None and each.effect is None and each.weeks % rota.cycle
    ]
    return sorted(missing, key=lambda each: each.closure.first)


def count_missing_decisions(actor: Actor) -> int:
    """How many closures wait for a decision; for the navigation."""
    if not actor.may(Permission.ROTA_WRITE):
        return 0
    query = select(func.count()).select_from(RotaClosure).join(Rota, Rota.id == RotaClosure.rota_id)
    waits = RotaClosure.withdrawn_at.is_(None) & RotaClosure.effect.is_(None) & (RotaClosure.weeks % Rota.cycle != 0)
    return db.session.scalar(query.where(waits, RotaClosure.until > today())) or 0


def rota_of_adviser(account_id: int | None, day: date) -> Rota | None:
    """The rota that somebody is on the road with, on a day."""
    query = select(Rota).join(RotaAdviser, RotaAdviser.rota_id == Rota.id).where(RotaAdviser.account_id == (account_id or 0))
    return db.session.scalar(query.where(Rota.since <= day, Rota.until.is_(None) | (Rota.until > day)).order_by(Rota.name).limit(1))


def stop_here(account_id: int | None) -> Passage | None:
    """The passage at which somebody on the road is now, an hour before and after its hours among them; None elsewhere."""
    rota = rota_of_adviser(account_id, today())
    clock = local(now())
    minute = clock.hour * 60 + clock.minute
    here = [each for each in tour_of(rota, today()) if not each.state.is_off] if rota else []
    near = [each for each in here if each.opens - _AROUND <= minute < each.closes + _AROUND]
    return min(near, key=lambda each: max(each.opens - minute, minute - each.closes, 0), default=None)


def rotas_of_account(account_id: int) -> list[int]:
    """The ids of the rotas that an account is on the road with."""
    return list(db.session.scalars(select(RotaAdviser.rota_id).where(RotaAdviser.account_id == account_id)))


def readings_of(site_id: int, most: int = 60) -> Sequence[OdometerReading]:
    """What the counter of a vehicle showed, the latest first."""
    query = select(OdometerReading).where(OdometerReading.site_id == site_id)
    return db.session.scalars(query.order_by(OdometerReading.day.desc(), OdometerReading.id.desc()).limit(most)).all()


def upkeep_due(site_ids: Collection[int]) -> dict[int, OdometerReading]:
    """Of each vehicle the upkeep that is to be done again first, of what was not done again since."""
    newest: dict[tuple[int, str], OdometerReading] = {}
    query = select(OdometerReading).where(OdometerReading.site_id.in_(site_ids), OdometerReading.upkeep.is_not(None))
    for each in db.session.scalars(query.order_by(OdometerReading.day, OdometerReading.id)):
        newest[each.site_id, fold(each.upkeep or "")] = each
    due = sorted((each for each in newest.values() if each.again_on is not None), key=lambda each: each.again_on or date.max, reverse=True)
    return {each.site_id: each for each in due}


def advisers_of(rota: Rota) -> str:
    """Who is on the road with it, by name."""
    return ", ".join(name for each in rota.advisers if (name := wired().name_of(each.account_id)))


def passages_to_come_at(site_id: int) -> int:
    """How many passages are planned at a place, or of a vehicle, from today on."""
    query = select(func.count()).select_from(Passage).join(Rota, Rota.id == Passage.rota_id)
    there = (Passage.site_id == site_id) | (Rota.vehicle_id == site_id)
    return db.session.scalar(query.where(there, Passage.day >= today(), Passage.state == PassageState.PLANNED)) or 0


def stop_name(commune: str, place: str) -> str:
    """What the place of a stop is called: « Charroux, place du Marché »."""
    return _("%(commune)s, %(place)s", commune=commune, place=place)
