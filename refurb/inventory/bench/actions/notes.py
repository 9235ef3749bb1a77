"""Write a note at the bench, correct it for a while; the text stands beside the history, which only says that it was written."""

from datetime import timedelta

from sqlalchemy import select

from refurb.inventory.bench.policy import bench_policy
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event, record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound, Refusal


class NotYourNote(Refusal):
    """A note is corrected by whoever wrote it; others write one of their own."""

    code = "note.not_yours"


class NoteTooOld(Refusal):
    """A note is corrected for a while; later, another is written."""

    code = "note.too_old"


def correctable_for() -> timedelta:
    """For how long a note may be corrected (config/policy/bench.toml)."""
    return bench_policy().notes_correctable_for


def write_note(actor: Actor, device: Device, text: str) -> Event:
    """Note something about a device, for those at the bench."""
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    happened = record(device, "noted", actor)
    write_beside(happened, {"note": text})
    return happened


def correct_note(actor: Actor, device: Device, position: int, text: str) -> Event:
    """Write another text in the place of a note, known by its position in the device's history; the first one stays beside its event."""
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    first = db.session.scalar(
        select(Event).where(
            Event.subject_kind == Device.KIND, Event.subject_id == device.id, Event.position == position, Event.move == "noted"
        )
    )
    if first is None:
        raise NotFound
    if first.actor_id != actor.id:
        raise NotYourNote
    if now() - first.at > correctable_for():
        raise NoteTooOld(hours=int(correctable_for().total_seconds() // 3600))
    happened = record(device, "note_corrected", actor, of=position)
    write_beside(happened, {"note": text})
    return happened
