"""A drive that lost its proof elsewhere: the machines that held it before are stopped, as their gate asks of every drive ever held."""

from sqlalchemy import exists, select

from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.devices.rules import DrivesNotClean, every_drive_is_clean
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.verdicts import counts
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay, Erasure
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.kernel.speech.words import _

AT_ONCE = 50

_PROVEN = exists().where(Erasure.drive_id == Drive.id, Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None))
_EVER_HELD = exists().where(DriveStay.device_id == Device.id, DriveStay.drive_id == Drive.id, Drive.destroyed_at.is_(None), ~_PROVEN)
_READY_UNPROVEN = select(Device.id).where(Device.state == DeviceState.READY, _EVER_HELD).order_by(Device.id).limit(AT_ONCE)


def stop_former_holders(drive: Drive) -> None:
    """Stop each machine that held a drive before, where nothing proves any more that the drive is clean.

    A ready one goes back to the bench; one that is promised is flagged: the gate would refuse it at the desk, in front of the family.
    The caller holds the locks of the drive's holders, former ones included, in the order of their ids.
    """
    db.session.flush()
    if drive.destroyed_at is not None or any(counts(each) for each in drive.erasures):
        return
    former = {stay.device_id: stay.device for stay in drive.stays if stay.until is not None}
    inside = {stay.device_id for stay in drive.stays if stay.until is None}
    for number, device in sorted(former.items()):
        if number not in inside:
            _stop(device, drive.serial)


def lock_holders(drive: Drive) -> None:
    """Wait for whoever is deciding about a machine that holds a drive, or ever held it."""
    for _number, device in sorted({stay.device_id: stay.device for stay in drive.stays}.items()):
        lock(device)


def recall_unproven() -> int:
    """Send back the ready machines that an older release left ready after a drive of theirs had lost its proof; how many were looked at."""
    waiting = db.session.scalars(_READY_UNPROVEN).all()
    db.session.rollback()
    for number in waiting:
        with unit_of_work() as session:
            device = session.get_one(Device, number)
            lock(device)
            try:
                every_drive_is_clean(device)
            except DrivesNotClean as refusal:
                _stop(device, refusal.facts["serials"])
    return len(waiting)


def _stop(device: Device, serial: str | None) -> None:
    why = _("Un support qui a été dans cette machine n'a plus de preuve d'effacement : %(serial)s.", serial=serial or "?")
    if device.state == DeviceState.READY:
        device_machine.fire(device, "back_to_bench", SERVICE, reason=why)
    elif device.state == DeviceState.RESERVED and FlagKind.SECOND_LOOK not in {each.kind for each in raised_flags(device)}:
        raise_flag(SERVICE, device, FlagKind.SECOND_LOOK, why)
