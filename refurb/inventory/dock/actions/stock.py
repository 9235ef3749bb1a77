"""What stood here before this service did: one donation for each donor and day, and its machines, one by one."""

from datetime import date
from typing import Any

from refurb.inventory.devices.actions.devices import refuse_same_serial
from refurb.inventory.devices.actions.entries import DeviceEntry, enter_devices
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.donations.queries.donations import line_of
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Actor


@donation_machine.does("take_stock")
def note_since_when(donation: Donation, _actor: Actor, facts: dict[str, Any]) -> None:
    """It has been here since then; nobody is written to about it, and no half-day was held."""
    donation.received_on = facts["received_on"]


def open_stock(
    actor: Actor, *, donor_name: str, donor_siren: str | None, legal_origin: LegalOrigin, kind: DeviceKind, received_on: date,
    site_id: int | None,
) -> Donation:  # fmt: skip
    """Make the donation by which what is here already enters: announced and received in one deed. Raises what `announce_donation` does."""
    donation = announce_donation(
        actor, legal_origin=legal_origin, lines={kind: 1}, donor_name=donor_name, donor_siren=donor_siren, announced_on=received_on,
        site_id=site_id, source="stock",
    )  # fmt: skip
    donation_machine.fire(donation, "take_stock", actor, received_on=received_on.isoformat())
    return donation


def enter_stock(actor: Actor, donation: Donation, entry: DeviceEntry) -> Device:
    """Enter one machine that is here already: `received`, whatever a file says of it. Raises `NotReceived`, `SerialTaken`."""
    refuse_same_serial(Device(manufacturer=entry.manufacturer, serial=entry.serial))
    (device,) = enter_devices(actor, donation, [entry])
    line = line_of(donation, entry.kind)
    if line is not None:  # As many as are there were announced: nothing is missing, and nothing came besides.
        line.announced = line.received or 0
    return device
