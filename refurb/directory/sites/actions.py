"""Enter our places, correct what is known of them, give one up, and move things from one to another."""

from typing import Any

from sqlalchemy import select

from refurb.directory.agenda.planned import what_stands_at
from refurb.directory.sites.models import Site, UsualSite
from refurb.directory.sites.queries import site_name
from refurb.directory.sites.rules import SiteGivenUp, SiteInUse, SiteTaken, chosen_site, is_not_the_first
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now


def add_site(actor: Actor, *, name: str, kind: SiteKind, **facts: Any) -> Site:
    """Enter a place of ours. `facts`: `address`, `postcode`, `commune`, `phone`, `hours` (as `WeekHours` is written)."""
    check(actor, Permission.SITE_WRITE)
    return enter_site(actor, name=name, kind=kind, **facts)


def enter_site(actor: Actor, *, name: str, kind: SiteKind, **facts: Any) -> Site:
    """Enter a place; whoever calls has checked the permission that its kind needs. `facts` as of `add_site`."""
    _refuse_taken(name)
    site = Site(name=name, kind=kind, **facts)
    db.session.add(site)
    record(site, "entered", actor, site_kind=kind)
    return site


def correct_site(actor: Actor, site: Site, *, name: str, kind: SiteKind, **facts: Any) -> None:
    """Correct what is known of a place; the history says what changed. Days of return that were agreed on stay."""
    check(actor, Permission.SITE_WRITE)
    lock(site)
    _refuse_given_up(site)
    _refuse_taken(name, site)
    told = {"name": name, "kind": kind, **facts}
    changed = {field: [getattr(site, field), value] for field, value in told.items() if getattr(site, field) != value}
    for field, value in told.items():
        setattr(site, field, value)
    if changed:
        record(site, "corrected", actor, **changed)


def rename_site(actor: Actor, site: Site, *, name: str, address: str | None) -> None:
    """Correct what a place is called and where in its commune it is; whoever calls has checked the permission that its kind needs."""
    lock(site)
    _refuse_taken(name, site)
    before = {"name": [site.name, name], "address": [site.address, address]}
    site.name, site.address = name, address
    record(site, "corrected", actor, **before)


def archive_site(actor: Actor, site: Site) -> None:
    """Give a place up, once nothing is there and nothing is planned there; what was there before still says so."""
    check(actor, Permission.SITE_WRITE)
    lock(site)
    _refuse_given_up(site)
    is_not_the_first(site)
    held = what_stands_at(site.id)
    if held:
        raise SiteInUse(name=site.name, what=", ".join(each.what for each in held))
    site.archived_at = now()
    record(site, "archived", actor)


def reopen_site(actor: Actor, site: Site) -> None:
    """Take a place that was given up again."""
    check(actor, Permission.SITE_WRITE)
    lock(site)
    if site.archived_at is not None:
        site.archived_at = None
        record(site, "reopened", actor)


def move_to_site(actor: Actor, subject: Any, site_id: int) -> None:
    """Say that a thing is at another place of ours from now on; whoever calls has checked the permission that its kind needs."""
    lock(subject)
    there = chosen_site(actor, site_id)
    if there != subject.site_id:
        # Written while it is here: whose role is for one site sends away what is there, and fetches nothing from another.
        record(subject, "moved_to_site", actor, site_before=subject.site_id, site=there, name=site_name(there))
        subject.site_id = there


def work_at(actor: Actor, site_id: int) -> None:
    """Say where one usually works oneself."""
    check(actor, Permission.ACCOUNT_OWN)
    there = chosen_site(actor, site_id)
    if actor.id is None:
        return  # The service itself is nowhere.
    row = db.session.get(UsualSite, actor.id)
    if row is None:
        db.session.add(UsualSite(account_id=actor.id, site_id=there))
    else:
        row.site_id = there
    record(db.session.get_one(Site, there), "chosen_as_usual", actor)


def _refuse_taken(name: str, site: Site | None = None) -> None:
    held = db.session.scalar(select(Site.id).where(Site.name == name))
    if held is not None and (site is None or held != site.id):
        raise SiteTaken(name=name)


def _refuse_given_up(site: Site) -> None:
    if site.archived_at is not None:
        raise SiteGivenUp(name=site.name)
