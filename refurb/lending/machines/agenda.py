"""The slots of a machine, as its calendar has them: what the time is for, never whose."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from refurb.directory.queries import home
from refurb.directory.rota import agendas
from refurb.directory.rota.agendas import FollowedAgenda, agenda_room
from refurb.directory.rota.words import FeedKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.calendar import CalendarEntry
from refurb.kernel.speech.clock import from_wall, now
from refurb.kernel.speech.words import _lp
from refurb.lending.machines.models import MachineSlot, WorkMachine
from refurb.lending.machines.queries import machines
from refurb.lending.machines.words import SlotKind, SlotState

_SAID = {
    SlotKind.SESSION: _lp("machine agenda", "Réservé"),
    SlotKind.INTRODUCTION: _lp("machine agenda", "Initiation"),
    SlotKind.UPKEEP: _lp("machine agenda", "Entretien"),
}
_LEFT_OUT = (SlotState.HELD,)
"""What nobody confirmed yet."""


def _names() -> Sequence[tuple[int, str]]:
    return [(each.id, each.name) for each in machines()]


agendas.machine_names.append(_names)


@agenda_room
def slots_in(asked: FollowedAgenda) -> Iterable[CalendarEntry]:
    """The slots of a machine; those that were let go of are cancelled there."""
    if asked.kind is not FeedKind.MACHINE:
        return []
    query = select(MachineSlot, WorkMachine.name).join(WorkMachine, WorkMachine.id == MachineSlot.machine_id)
    query = query.where(MachineSlot.machine_id == asked.number, MachineSlot.day >= asked.first, MachineSlot.day < asked.until)
    found = db.session.execute(query.where(MachineSlot.state.not_in(_LEFT_OUT)).order_by(MachineSlot.day, MachineSlot.from_minute))
    return [_entry(slot, name) for slot, name in found]


def _entry(slot: MachineSlot, machine: str) -> CalendarEntry:
    return CalendarEntry(
        uid=f"machine-{slot.id}@{urlsplit(current_app.config['BASE_URL']).hostname}",
        sequence=0 if slot.freed_at is None else 1,
        stamp=now(),
        starts_at=_instant(slot, slot.from_minute),
        ends_at=_instant(slot, slot.until_minute),
        summary=str(_SAID[slot.kind]),
        location=machine,
        description="",
        organizer=home().name,
        organizer_email="",
        cancelled=slot.freed_at is not None,
    )


def _instant(slot: MachineSlot, minute: int) -> datetime:
    """The instant of a minute of the slot's day on the wall clock; 24:00 is the next day's midnight."""
    return from_wall(datetime.combine(slot.day, time()) + timedelta(minutes=minute))
