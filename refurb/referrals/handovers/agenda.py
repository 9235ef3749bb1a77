"""When devices are handed over, as the calendars of advisers and places have it: the hour, the place and how many come, never who."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import current_app

from refurb.directory.queries import home
from refurb.directory.rota.agendas import FollowedAgenda, agenda_room, stops_of_person
from refurb.directory.rota.words import FeedKind
from refurb.kernel.speech.calendar import CalendarEntry
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _, _n
from refurb.referrals.handovers.models import HandoverSlot
from refurb.referrals.handovers.queries import SlotRoom, slots_between
from refurb.referrals.handovers.shown import place_said


@agenda_room
def handovers_in(asked: FollowedAgenda) -> Iterable[CalendarEntry]:
    """The slots of a place, or of the stops that an adviser serves on those days; those of which no place is taken are left out."""
    if asked.kind is FeedKind.SITE:
        found = slots_between(asked.first, asked.until, {asked.number})
    elif asked.kind is FeedKind.PERSON:
        stops = stops_of_person(asked)
        found = [
            each
            for each in slots_between(asked.first, asked.until, {site for site, _day in stops})
            if (each.slot.site_id, each.slot.day) in stops
        ]
    else:
        found = []
    return [_entry(each) for each in found if each.taken]


def _entry(room: SlotRoom) -> CalendarEntry:
    slot: HandoverSlot = room.slot
    return CalendarEntry(
        uid=f"remises-{slot.id}@{urlsplit(current_app.config['BASE_URL']).hostname}",
        sequence=0,  # How many are expected goes up and down: who subscribes reads the whole again.
        stamp=now(),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=_n("Remise : %(num)s personne attendue", "Remises : %(num)s personnes attendues", room.taken),
        location=place_said(slot.site_id, at_home=slot.at_home),
        description=_("Qui vient se lit dans « Remises du jour »."),
        organizer=home().name,
        organizer_email="",
    )
