"""Calendars that people subscribe to: of an adviser, a place, a machine, by an address that is signed and can be taken back.

What stands in one is asked of the rooms that know (`@agenda_room`): when and where, and how many; never who is helped, nor what for.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from refurb.directory.queries import home
from refurb.directory.rota.feeds import BACK, entry_of
from refurb.directory.rota.models import CalendarFeed, Passage
from refurb.directory.rota.queries import passages, passages_at, rotas_of_account
from refurb.directory.rota.words import FeedKind
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.calendar import CalendarEntry, write_feed
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden, NotFound
from refurb.kernel.speech.words import _

AHEAD: Final = timedelta(days=400)
"""How far ahead a calendar tells."""


@dataclass(frozen=True)
class FollowedAgenda:
    """What is asked for: an adviser's (`number` is her account), a place's or a machine's, between two days, half-open."""

    kind: FeedKind
    number: int
    first: date
    until: date


AgendaRoom = Callable[[FollowedAgenda], Iterable[CalendarEntry]]
_ROOMS: list[AgendaRoom] = []
machine_names: list[Callable[[], Sequence[tuple[int, str]]]] = []
"""Which machines there are, by their numbers; the room that has them says it."""


def agenda_room(tell: AgendaRoom) -> AgendaRoom:
    """Declare what a room knows of an agenda: entries that name nobody who is helped."""
    _ROOMS.append(tell)
    return tell


@agenda_room
def _passages(asked: FollowedAgenda) -> Iterable[CalendarEntry]:
    if asked.kind is FeedKind.PERSON:
        found = passages(asked.first, asked.until, Passage.rota_id.in_(rotas_of_account(asked.number)))
    else:
        found = passages_at([asked.number], asked.first, asked.until) if asked.kind is FeedKind.SITE else []
    return [entry_of(each, current_app.config["BASE_URL"]) for each in found]


def stops_of_person(asked: FollowedAgenda) -> set[tuple[int, date]]:
    """The stops that an adviser serves, each with its day, those that are off left out."""
    found = passages(asked.first, asked.until, Passage.rota_id.in_(rotas_of_account(asked.number)))
    return {(each.site_id, each.day) for each in found if not each.state.is_off}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys_for("feeds"), salt="refurb feed agenda", signer_kwargs={"digest_method": hashlib.sha256})


def token_of(feed: CalendarFeed) -> str:
    """What stands in the address of a feed."""
    return str(_signer().dumps(feed.id))


def open_token(token: str) -> CalendarFeed:
    """The feed of an address; `NotFound` for what we did not sign, what was taken back, and whose owner may not see it any more."""
    try:
        number = _signer().loads(token)
    except BadData as error:
        raise NotFound from error
    found = db.session.get(CalendarFeed, number) if isinstance(number, int) else None
    if found is None or found.revoked_at is not None or not may_follow(found.account_id):
        raise NotFound
    return found


def may_follow(account_id: int) -> bool:
    """Whether an account is open and may still see what a calendar tells."""
    return account_id in {number for number, _name in wired().able(Permission.DIRECTORY_READ)}


def subjects() -> dict[FeedKind, list[tuple[int, str]]]:
    """Of what there are calendars beside one's own: places and machines, each by its number and its name."""
    machines = [each for names in machine_names for each in names()]
    return {FeedKind.SITE: [(each.id, each.name) for each in every_site().values()], FeedKind.MACHINE: machines}


def names_of_feeds(feeds: Iterable[CalendarFeed]) -> dict[int, str]:
    """What each is called in a calendar, by its number."""
    known = {(kind, number): name for kind, found in subjects().items() for number, name in found}
    own = _("Mon agenda, %(house)s", house=home().name)
    return {each.id: own if each.kind is FeedKind.PERSON else known.get((each.kind, each.number), "–") for each in feeds}


def feeds_of(actor: Actor) -> Sequence[CalendarFeed]:
    """The addresses that somebody made and has not taken back, the newest first."""
    query = select(CalendarFeed).where(CalendarFeed.account_id == actor.id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalars(query.order_by(CalendarFeed.id.desc())).all()


def make_feed(actor: Actor, *, kind: FeedKind, number: int | None = None) -> CalendarFeed:
    """An address of one's own agenda, of a place's or of a machine's; who has one already gets that.

    Raises `NotFound` for a place or a machine that there is not.
    """
    check(actor, Permission.DIRECTORY_READ)
    if actor.id is None:
        raise Forbidden
    if kind is FeedKind.PERSON:
        number = actor.id
    elif number not in {each for each, _name in subjects()[kind]}:
        raise NotFound
    query = select(CalendarFeed).where(CalendarFeed.account_id == actor.id, CalendarFeed.kind == kind, CalendarFeed.number == number)
    standing = db.session.scalar(query.where(CalendarFeed.revoked_at.is_(None)))
    if standing is not None:
        return standing
    made = CalendarFeed(account_id=actor.id, kind=kind, number=number, made_at=now())
    db.session.add(made)
    db.session.flush()
    record(made, "feed_made", actor, kind=kind, number=number)
    return made


def revoke_feed(actor: Actor, number: int) -> None:
    """Take an address of one's own back: from then on it opens nothing. A second time changes nothing."""
    found = db.session.get(CalendarFeed, number)
    if found is None or found.account_id != actor.id:
        raise NotFound
    lock(found)
    if found.revoked_at is None:
        found.revoked_at = now()
        record(found, "feed_revoked", actor)


def calendar_of(feed: CalendarFeed) -> bytes:
    """The file of a feed: what was since two months ago, and what is to come; what is off is in it, cancelled."""
    asked = FollowedAgenda(feed.kind, feed.number, today() - BACK, today() + AHEAD)
    entries: list[Any] = [each for room in _ROOMS for each in room(asked)]
    return write_feed(names_of_feeds([feed])[feed.id], sorted(entries, key=lambda each: (each.starts_at, each.uid)))
