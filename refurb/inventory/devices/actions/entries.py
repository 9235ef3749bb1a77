"""Entering many devices of one donation at once: each has its code, its event and its words, as if it had been entered by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from refurb.directory.actions import fresh_codes, lead_to
from refurb.inventory.devices.actions.devices import NotReceived, words_of
from refurb.inventory.devices.queries.devices import entered_by_kind
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.queries.donations import line_of
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now

TAKES_DEVICES = frozenset({DonationState.RECEIVED, DonationState.SORTED})


@dataclass(frozen=True)
class DeviceEntry:
    """What is known of one machine when it is entered."""

    kind: DeviceKind
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None


def enter_devices(actor: Actor, donation: Donation, entries: Sequence[DeviceEntry], **told: Any) -> list[Device]:
    """Enter devices of a donation that has arrived, and count them on its lines; `told` is what the history of each says besides."""
    check(actor, Permission.DEVICE_INTAKE)
    lock(donation)
    if donation.state not in TAKES_DEVICES:
        raise NotReceived(reference=donation.reference)
    devices = make_devices(actor, donation, entries, **told)
    entered = entered_by_kind(donation)
    for kind in {each.kind for each in devices}:
        line = line_of(donation, kind)
        if line is None:
            line = DonationLine(donation_id=donation.id, kind=kind, announced=0, received=0)
            db.session.add(line)
        # Those that were counted on the dock and had no record yet are these; only more than that is counted besides.
        line.received = max(line.received or 0, entered[kind])
    db.session.flush()
    return devices


def make_devices(actor: Actor, donation: Donation, entries: Sequence[DeviceEntry], **told: Any) -> list[Device]:
    """The rows, codes and histories of many devices; the caller holds the donation and counts."""
    at = now()
    codes = fresh_codes(len(entries))
    devices = [
        Device(
            code=code.code,
            donation_id=donation.id,
            site_id=donation.site_id,
            kind=entry.kind,
            manufacturer=entry.manufacturer,
            model=entry.model,
            serial=entry.serial,
            received_at=at,
            moved_at=at,
        )
        for code, entry in zip(codes, entries, strict=True)
    ]
    for device in devices:
        device.search = words_of(device)
    facts = [{"donation_id": donation.id, "kind": each.kind, "code": each.code, **told} for each in devices]
    device_machine.begin_each(list(zip(devices, facts, strict=True)), actor)
    for code, device in zip(codes, devices, strict=True):
        lead_to(code, device)
    return devices
