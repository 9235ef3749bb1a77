"""Calendars of the rota that somebody subscribes to: of a stop for everybody, of an adviser by an address that is signed."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from refurb.directory.queries import home
from refurb.directory.rota.models import Passage
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.speech.calendar import CalendarEntry, write_feed
from refurb.kernel.speech.clock import from_wall, now
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _

BACK: Final = timedelta(days=60)
"""How far back a calendar shows what was."""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys_for("feeds"), salt="refurb feed adviser", signer_kwargs={"digest_method": hashlib.sha256})


def open_feed(token: str) -> int:
    """The account of a token of before « Mes agendas », which are made no more; `NotFound` for what we did not sign."""
    try:
        found = _signer().loads(token)
    except BadData as error:
        raise NotFound from error
    if not isinstance(found, int) or not 0 < found < 2**31:
        raise NotFound
    return found


def instant(on: date, minute: int) -> datetime:
    """The instant of a minute of a day on the territory's clock; 24:00 is the next day's midnight."""
    return from_wall(datetime.combine(on + timedelta(days=minute // 1440), time(minute // 60 % 24, minute % 60)))


def feed(title: str, passages: Iterable[Passage], base_url: str) -> bytes:
    """Passages as an iCalendar file: those that do not take place are in it, cancelled, so that who has them sees that."""
    return write_feed(title, [entry_of(each, base_url) for each in passages])


def entry_of(passage: Passage, base_url: str) -> CalendarEntry:
    """A passage for a calendar; one that does not take place is cancelled there."""
    site = every_site()[passage.site_id]
    host = base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    return CalendarEntry(
        uid=f"passage-{passage.site_id}-{passage.day.isoformat()}@{host}",
        sequence=1 if passage.by_hand else 0,
        stamp=now(),
        starts_at=instant(passage.day, passage.opens),
        ends_at=instant(passage.day, passage.closes),
        summary=_("Passage à %(commune)s", commune=site.commune or site.name),
        location=site.where or site.name,
        description="",
        organizer=home().name,
        organizer_email="",
        cancelled=passage.state.is_off,
    )
