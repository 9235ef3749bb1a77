"""Looking up our places; read once for all pages, since there are few and they seldom change."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from refurb.directory.sites.hours import WeekHours, read_kept
from refurb.directory.sites.models import FIRST, Site, UsualSite
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.errors import NotFound


@dataclass(frozen=True)
class SiteCard:
    """A place as pages and deeds name it."""

    id: int
    name: str
    kind: SiteKind
    address: str | None
    postcode: str | None
    commune: str | None
    phone: str | None
    hours: str | None
    archived_at: datetime | None

    @cached_property
    def week(self) -> WeekHours | None:
        """Its opening hours; None where nobody has said them."""
        return read_kept(self.hours)

    @property
    def where(self) -> str:
        """Its address in one line, as far as it is known."""
        town = " ".join(each for each in (self.postcode, self.commune) if each)
        return ", ".join(each for each in (self.address, town) if each)


_SITES = Read(select(*(Site.__table__.c[each.name] for each in fields(SiteCard))).order_by(Site.__table__.c.id))


def _read() -> dict[int, SiteCard]:
    return {row.id: SiteCard(*row) for row in _SITES.all()}


_USUAL = Read(select(UsualSite.__table__.c.account_id, UsualSite.__table__.c.site_id))


def _read_usual() -> dict[int, int]:
    return {row.account_id: row.site_id for row in _USUAL.all()}


def every_site() -> Mapping[int, SiteCard]:
    """Every place by its id, the first first, those that were given up among them."""
    return kept("sites", _read)


def open_sites() -> list[SiteCard]:
    """The places that we have, the first first."""
    return [each for each in every_site().values() if each.archived_at is None]


def kept_at() -> list[SiteCard]:
    """The places that we have and at which things are kept: all but the stops, to which the vehicle comes and which it leaves."""
    return [each for each in open_sites() if each.kind is not SiteKind.STOP]


def many_sites() -> bool:
    """Whether things are kept at more than one place; where they are not, no page speaks of places."""
    return sum(each.kind is not SiteKind.STOP for each in every_site().values()) > 1


def site_choices() -> list[tuple[str, str]]:
    """The places that can be chosen, for a field."""
    return [(str(each.id), each.name) for each in kept_at()]


def site_name(site_id: int) -> str:
    """What a place is called."""
    return every_site()[site_id].name


def usual_site(actor: Actor) -> int:
    """Where somebody's deed takes place when they do not say otherwise: where they usually work, while that is a place of ours.

    Whose roles are all for one site works there.
    """
    found = every_site().get(kept("usual_sites", _read_usual).get(actor.id or 0, FIRST))
    usual = FIRST if found is None or found.archived_at is not None else found.id
    return usual if not actor.sites or usual in actor.sites else min(actor.sites)


def site_by_id(actor: Actor, number: int) -> Site:
    """The row of a place, to do something with; `NotFound` for a stranger, and for a number that is none."""
    found = db.session.get(Site, number) if actor.may(Permission.DIRECTORY_READ) else None
    if found is None:
        raise NotFound
    return found
