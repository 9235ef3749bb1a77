"""Raising and lifting what blocks a device beside its state."""

from sqlalchemy import select

from refurb.inventory.devices.actions.held import is_pending
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.words.devices import FLAG_KINDS, FlagKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict


class FlagRaised(Conflict):
    """This flag is raised already."""

    code = "flag.already_raised"


class FlagNotRaised(Conflict):
    """This flag is not raised, or was lifted already."""

    code = "flag.not_raised"


class StillClaimed(Conflict):
    """Its donor has not released this machine, or nobody has proven it: the release list lifts the flag, nobody else."""

    code = "flag.still_claimed"


def raise_flag(actor: Actor, device: Device, kind: FlagKind, note: str | None = None) -> Flag:
    """Block a device: the moves that ask for no flag stay closed until it is lifted. The note stays out of the history."""
    check(actor, Permission.DEVICE_FLAG)
    lock(device)
    if _raised(device, kind) is not None:
        raise FlagRaised(flag=FLAG_KINDS[kind])
    flag = Flag(device_id=device.id, kind=kind, note=note or None, raised_at=now(), raised_by=actor.id)
    db.session.add(flag)
    record(device, "flag_raised", actor, flag=kind)
    return flag


def lift_flag(actor: Actor, device: Device, kind: FlagKind) -> Flag:
    """Say that what blocked is settled."""
    check(actor, Permission.DEVICE_FLAG)
    lock(device)
    flag = _raised(device, kind)
    if flag is None:
        raise FlagNotRaised(flag=FLAG_KINDS[kind])
    if kind is FlagKind.NOT_RELEASED and is_pending(device.id):
        raise StillClaimed(reference=device.donation.reference)
    flag.lifted_at, flag.lifted_by = now(), actor.id
    record(device, "flag_lifted", actor, flag=kind)
    return flag


def _raised(device: Device, kind: FlagKind) -> Flag | None:
    return db.session.scalar(select(Flag).where(Flag.device_id == device.id, Flag.kind == kind, Flag.lifted_at.is_(None)))
