"""What follows a proof: the wipe that it finishes is finished, and nobody has to say so again."""

from collections.abc import Iterable

from refurb.inventory.devices.rules import every_drive_is_clean
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.actions.erasures import ErasureReading
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, ErasureStatement
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import Refusal


def finish_wipes(actor: Actor, drives: Iterable[Drive | None]) -> list[Device]:
    """Finish the wipe of the devices that hold these drives, where it is going on and this was the last drive of theirs to be proven.

    Called by the doors through which a proof, a confirmation or a destruction comes in, in the unit of work of that deed.
    """
    holders = {stay.device_id: stay.device for drive in drives if drive is not None for stay in drive.stays if stay.until is None}
    return [device for _, device in sorted(holders.items()) if finish_wipe(actor, device)]


def finish_wipe(actor: Actor, device: Device) -> bool:
    """Finish the wipe of one device, where it is going on and nothing is left to erase in it; whether it was."""
    move = device_machine["finish_erasure"]
    if device.state != DeviceState.ERASING or not actor.may(move.permission):
        return False
    db.session.flush()
    try:
        every_drive_is_clean(device)
    except Refusal:
        return False
    device_machine.fire(device, move.name, actor)
    return True


def proven_drives(readings: Iterable[ErasureReading]) -> list[Drive | None]:
    """The drives that some reports speak of."""
    return [erasure.drive for reading in readings for erasure in reading.report.erasures]


def finish_stated(actor: Actor, statement: ErasureStatement) -> None:
    """Finish the wipe of the device of which something stated was confirmed: of its drive, or of its soldered memory."""
    if statement.device is not None:
        finish_wipe(actor, statement.device)
    elif statement.erasure is not None:
        finish_wipes(actor, [statement.erasure.drive])
