"""Ceremonies, as the calendar of a place has them: neither who comes nor who gave."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from refurb.ceremonies.guests.effects import calendar_entry
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.words import CeremonyState
from refurb.directory.rota.agendas import FollowedAgenda, agenda_room
from refurb.directory.rota.words import FeedKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.calendar import CalendarEntry
from refurb.kernel.speech.clock import midnight
from refurb.kernel.speech.words import _


@agenda_room
def ceremonies_in(asked: FollowedAgenda) -> Iterable[CalendarEntry]:
    """The ceremonies of a place; one that was called off is cancelled there."""
    if asked.kind is not FeedKind.SITE:
        return []
    query = select(Ceremony).where(Ceremony.site_id == asked.number)
    query = query.where(Ceremony.starts_at >= midnight(asked.first), Ceremony.starts_at < midnight(asked.until))
    found = db.session.scalars(query.order_by(Ceremony.starts_at)).all()
    return [
        replace(calendar_entry(each, cancelled=each.state is CeremonyState.CANCELLED), summary=_("Cérémonie de remise")) for each in found
    ]
