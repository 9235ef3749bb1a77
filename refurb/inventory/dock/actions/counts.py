"""What `receive` writes: the count of each line, the devices that were counted, what was refused."""

from typing import Any

from refurb.inventory.devices.actions.entries import DeviceEntry, make_devices
from refurb.inventory.dock.actions.reception import note_refused
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.errors import Fault, Invalid


@donation_machine.does("receive")
def count_what_arrived(donation: Donation, actor: Actor, facts: dict[str, Any]) -> None:
    """Write the count of each line, and enter as many devices of each kind as were counted.

    Each announced line needs its number, nought included, so that a difference is a thing somebody saw; kinds that nobody announced get a
    line of their own. What is refused is noted apart, and never counted.
    """
    counts: dict[DeviceKind, int] = facts["counts"]
    forgotten = [line.kind for line in donation.lines if line.kind not in counts]
    if forgotten:
        raise Invalid({f"count_{kind}": [Fault("donation.count_missing")] for kind in forgotten})
    lines = {line.kind: line for line in donation.lines}
    counted: list[DeviceEntry] = []
    for kind in DEVICE_KINDS:
        count = counts.get(kind)
        if count is None or (count == 0 and kind not in lines):
            continue
        line = lines.get(kind)
        if line is None:
            line = DonationLine(kind=kind, announced=0)
            donation.lines.append(line)
        line.received = count
        counted += [DeviceEntry(kind)] * count
    if not facts["detail_later"]:
        make_devices(actor, donation, counted)
    for lot in facts["refused"]:
        note_refused(actor, donation, **lot)
        lot.pop("note", None)  # Free text: it stands in the lot's row, which can be erased.
    donation.received_on = facts["received_on"]
