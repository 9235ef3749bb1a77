"""How appointments are said: where, when, how full a slot is; on pages, in letters and in a text for a telephone."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from refurb.accounts.queries import doers_of
from refurb.directory.sites.queries import every_site
from refurb.directory.sites.words import SITE_ICONS, said_hour
from refurb.kernel.deeds.history import events_of
from refurb.kernel.speech.words import _, day, moment
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSlot
from refurb.referrals.handovers.queries import SlotRoom
from refurb.referrals.handovers.states import invitation_machine

WEEKDAY = "EEEE d MMMM"


def when_said(slot: HandoverSlot) -> str:
    """« mercredi 9 décembre à 14 h »."""
    return _("%(day)s à %(hour)s", day=day(slot.day, WEEKDAY), hour=said_hour(slot.from_minute))


def where_said(slot: HandoverSlot, *, to_family: bool = False) -> str:
    """The place with its address, as somebody finds it; of a home visit, that it is one, as who reads it says that."""
    if slot.at_home:
        return _("Chez vous") if to_family else _("Chez la famille")
    site = every_site()[slot.site_id]
    return ", ".join(part for part in (site.name, site.where) if part)


def place_said(site_id: int, *, at_home: bool) -> str:
    """The place in few words, for the office."""
    name = every_site()[site_id].name
    return _("À domicile, depuis %(place)s", place=name) if at_home else name


@dataclass(frozen=True)
class DayOfSlots:
    """The slots of one place on one day."""

    day: str
    place: str
    where: str
    icon: str
    rooms: tuple[SlotRoom, ...]


def by_day(rooms: list[SlotRoom]) -> list[DayOfSlots]:
    """The slots as pages show them, a day and a place at a time."""
    ordered = sorted(rooms, key=lambda each: (each.slot.day, each.slot.site_id, each.slot.at_home, each.slot.from_minute))
    found = []
    for (_day, site_id, at_home), each in groupby(ordered, key=lambda room: (room.slot.day, room.slot.site_id, room.slot.at_home)):
        group = tuple(each)
        icon = "house" if at_home else SITE_ICONS[every_site()[site_id].kind]
        found.append(
            DayOfSlots(day(group[0].slot.day, WEEKDAY), place_said(site_id, at_home=at_home), where_said(group[0].slot), icon, group)
        )
    return found


@dataclass(frozen=True)
class AppointmentStep:
    """One line of the history of an invitation."""

    icon: str
    kind: str
    text: str
    who: str | None
    when: str


def history_of(invitation: HandoverInvitation) -> list[AppointmentStep]:
    """What happened to an invitation, newest first; whoever pressed the link is « la famille, par son lien »."""
    events = events_of(invitation, most=50)
    doers = doers_of(events)
    shown = []
    for event in events:
        if event.move == "created":
            text, icon, tone = _("Invitée à venir"), "send", "wait"
        else:
            row = invitation_machine[event.move]
            text, icon, tone = str(row.done), row.icon, invitation_machine.looks[row.target].tone
        if event.move in {"choose", "reschedule"}:
            text = _("%(done)s : %(when)s", done=text, when=_then(event.facts["day"], event.facts["minute"]))
        shown.append(AppointmentStep(icon, tone, text, doers.get(event.id), moment(event.at, near=True)))
    return shown


def _then(on: str, minute: int) -> str:
    return _("%(day)s à %(hour)s", day=day(date.fromisoformat(on), WEEKDAY), hour=said_hour(minute))
