"""Slots of machines on days that are to be closed: somebody calls whoever is expected at each."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import PlannedThing, on_closed_days
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _
from refurb.lending.machines.models import MachineSlot, WorkMachine
from refurb.lending.machines.words import TO_COME


def machine_slots_on(_actor: Actor, span: ClosedSpan) -> list[PlannedThing]:
    """What machines are booked for on days, or in hours, that are to be closed. Told by the machine, never by borrower."""
    query = select(MachineSlot).join(MachineSlot.machine).options(contains_eager(MachineSlot.machine))
    query = query.where(MachineSlot.state.in_(TO_COME), on_closed_days(span, MachineSlot.day))
    if span.hours is not None:
        query = query.where(MachineSlot.from_minute < span.hours[1], MachineSlot.until_minute > span.hours[0])
    if span.site_id is not None:
        query = query.where(WorkMachine.site_id == span.site_id)
    return [
        PlannedThing(_("Créneau, %(machine)s", machine=each.machine.name), each.day, "lending.machine_slot", {"number": each.id})
        for each in db.session.scalars(query.order_by(MachineSlot.day, MachineSlot.from_minute))
    ]
