"""What a device is told of its hand-over by those who hand it over: that it left, and that its slip is signed."""

from typing import Any

from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now


@device_machine.does("let_go")
def _let_go(device: Device, _actor: Actor, _facts: dict[str, Any]) -> None:
    device.unsigned_since = now()


def slip_signed(actor: Actor, device: Device) -> None:
    """The slip of a device that left is signed: from now on it was handed over, and the figures count it, in the month of the signature."""
    lock(device)
    if device.unsigned_since is not None:
        device.unsigned_since = None
        record(device, "hand_over", actor, **{"from": device.state, "to": device.state})
