"""Serve a stop, serve it otherwise from a day on, serve it no more."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from refurb.directory.rota.models import Rota, RotaStop
from refurb.directory.rota.planning import adopt, schedule_of
from refurb.directory.rota.queries import stop_name
from refurb.directory.rota.rules import StopOfAnother, rule_fits
from refurb.directory.rota.turns import CallRule, Schedule
from refurb.directory.sites.actions import enter_site, rename_site
from refurb.directory.sites.models import Site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock


def place_of_stop(actor: Actor, *, commune: str, postcode: str, place: str) -> Site:
    """The place of a stop: the one of ours that is called so, else a new one."""
    name = stop_name(commune, place)
    found = db.session.scalar(select(Site).where(Site.name == name))
    if found is not None:
        return found
    return enter_site(actor, name=name, kind=SiteKind.STOP, address=place, postcode=postcode, commune=commune)


def add_stop(actor: Actor, rota: Rota, rule: CallRule) -> RotaStop:
    """A rota serves a stop by a rule, whose `site_id` is the stop's place. Its passages are made at once."""
    check(actor, Permission.ROTA_WRITE)
    lock(rota)
    rule_fits(rota, rule)
    if db.session.scalar(select(RotaStop.id).where(RotaStop.site_id == rule.site_id, RotaStop.rota_id != rota.id).limit(1)):
        raise StopOfAnother
    stop = _row(rota, rule)
    record(stop, "created", actor, **_told(rule))
    adopt(actor, rota, schedule_of(rota), seen=None, keeping=())
    return stop


def _row(rota: Rota, rule: CallRule) -> RotaStop:
    stop = RotaStop(
        site_id=rule.site_id, weekday=rule.weekday, turn=rule.turn, nth=rule.nth, opens=rule.opens, closes=rule.closes,
        since=rule.since, until=rule.until,
    )  # fmt: skip
    rota.stops.append(stop)
    db.session.flush()
    return stop


def _told(rule: CallRule) -> dict[str, object]:
    names = ("weekday", "turn", "nth", "opens", "closes", "since", "until")
    return {"site": rule.site_id, **{name: getattr(rule, name) for name in names}}


def with_rule(rota: Rota, stop: RotaStop, rule: CallRule) -> Schedule:
    """A rota as it would be if a stop followed another rule from the day on which that begins."""
    schedule = schedule_of(rota)
    before = [each for each in schedule.rules if each.id != stop.id]
    ended = [replace(stop.rule, until=rule.since)] if rule.since > stop.since else []
    return schedule.with_rules([*before, *ended, rule])


def without_stop(rota: Rota, stop: RotaStop, since: date) -> Schedule:
    """A rota as it would be if a stop were served no more from a day on."""
    schedule = schedule_of(rota)
    ended = [replace(stop.rule, until=since)] if since > stop.since else []
    return schedule.with_rules([*(each for each in schedule.rules if each.id != stop.id), *ended])


def change_stop(
    actor: Actor, stop: RotaStop, rule: CallRule, *, place: str, seen: str | None = None, keeping: Collection[int] = ()
) -> RotaStop:
    """A stop follows another rule from the day on which that begins; the passages before keep the old one.

    Where it is, within its commune, is corrected at once. What the rule changes was seen before (`Changes.digest`).
    """
    check(actor, Permission.ROTA_WRITE)
    lock(stop.rota)
    rule_fits(stop.rota, replace(rule, id=stop.id))
    _correct_place(actor, stop, place)
    if _told(rule) | {"since": None} == _told(stop.rule) | {"since": None}:
        return stop
    end_rule(stop, rule.since)
    anew = _row(stop.rota, rule)
    record(anew, "created", actor, instead_of=stop.id, **_told(rule))
    record(stop, "ended", actor, until=stop.until)
    adopt(actor, stop.rota, schedule_of(stop.rota), seen=seen, keeping=keeping)
    return anew


def _correct_place(actor: Actor, stop: RotaStop, place: str) -> None:
    if place != stop.site.address:
        rename_site(actor, stop.site, name=stop_name(stop.site.commune or stop.site.name, place), address=place)


def end_rule(stop: RotaStop, since: date) -> None:
    """A rule holds no more from a day on; one that had not begun never does."""
    stop.until = max(since, stop.since)
    db.session.flush()


def end_stop(actor: Actor, stop: RotaStop, *, since: date, seen: str | None = None, keeping: Collection[int] = ()) -> None:
    """A stop is served no more from a day on."""
    check(actor, Permission.ROTA_WRITE)
    lock(stop.rota)
    end_rule(stop, since)
    record(stop, "ended", actor, until=stop.until)
    adopt(actor, stop.rota, schedule_of(stop.rota), seen=seen, keeping=keeping)
