"""How the life cycles of a donation and of a device are reached, and what their JSON says."""

from typing import Any

from flask import current_app, request

from refurb.inventory.devices.queries.devices import Standing, device_by_code, standing
from refurb.inventory.devices.states import device_machine, donation_machine
from refurb.inventory.donations.queries.appointments import standing_appointment
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.donations.queries.refused_lots import refused_lots
from refurb.inventory.donations.slots import Slot
from refurb.inventory.duplicates.queries import came_again_with
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.machine import Choice
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _
from refurb.kernel.web.doors import Doors


def device_title(device: Device | Standing) -> str:
    """What a device is called on its page."""
    return device.name or str(DEVICE_KINDS[device.kind])


def moves_json(choices: list[Choice[Any]]) -> list[dict[str, Any]]:
    """The moves as the API shows them: open, or closed with the refusal that says why."""
    return [
        {
            "name": each.move.name,
            "label": str(each.move.label),
            "open": each.closed is None,
            "refusal": None if each.closed is None else {"code": each.closed.code, "message": sentence(each.closed)},
        }
        for each in choices
    ]


def device_json(device: Device | Standing, actor: Actor) -> dict[str, Any]:
    """One device as the API shows it, with the moves that this actor could make."""
    shown = standing(actor, device.code)
    facts: dict[str, Any] = {
        "code": shown.code,
        "kind": shown.kind,
        "state": shown.state,
        "manufacturer": shown.manufacturer,
        "model": shown.model,
        "serial": shown.serial,
        "cpu": shown.cpu,
        "ram_mb": shown.ram_mb,
        "received_at": shown.received_at,
        "without_drive_since": shown.without_drive_since,
        "labelled_at": shown.labelled_at,
        "moved_at": shown.moved_at,
        "drives": shown.gate.drives,
        "drives_to_erase": list(shown.gate.unproven),
        "checks": shown.gate.answers,
        "flags": list(shown.gate.flags),
        "moves": moves_json(device_machine.open_to(shown, actor)),
    }
    if actor.may(Permission.DONATION_READ):
        facts["donation"] = shown.donation_reference
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()}


def _appointment_json(donation: Donation) -> dict[str, Any] | None:
    held = standing_appointment(donation)
    if held is None:
        return None
    slot = Slot(held.day, held.half_day).key
    told = {
        "slot": slot,
        "way": held.way,
        "place": held.place,
        "starts_at": held.starts_at.isoformat(),
        "ends_at": held.ends_at.isoformat(),
    }
    return {**told, "sequence": held.sequence}


def donation_json(donation: Donation, actor: Actor) -> dict[str, Any]:
    """One donation as the API shows it: its lines with what was announced and received."""
    return {
        "reference": donation.reference,
        "state": donation.state,
        "donor": {"id": donation.donor_id, "name": donation.donor.name, "siren": donation.donor.siren},
        "legal_origin": donation.legal_origin,
        "announced_on": donation.announced_on.isoformat(),
        "scheduled_on": donation.scheduled_on.isoformat() if donation.scheduled_on else None,
        "received_on": donation.received_on.isoformat() if donation.received_on else None,
        "appointment": _appointment_json(donation),
        "accepted_by_act": donation.accepted_by_act,
        "act_kind": donation.act_kind,
        "with_conditions": donation.with_conditions,
        "refused": [{"kind": lot.kind, "count": lot.count, "reason": lot.reason} for lot in refused_lots(donation)],
        "lines": [{"kind": line.kind, "announced": line.announced, "received": line.received} for line in donation.lines],
        "devices": [device.code for device in donation.devices if device.merged_into_id is None],
        "came_again": list(came_again_with(donation)),
        "moves": moves_json(donation_machine.open_to(donation, actor)),
    }


# `join_pool` tells what the device is lent as: its page is lending's.
device_doors = Doors(
    machine=device_machine,
    path="/appareils/<code>",
    find=device_by_code,
    endpoint="inventory.device",
    url=lambda device: {"code": device.code},
    title=lambda device: f"{device_title(device)}, {spell(device.code)}",
    dump=device_json,
    custom=frozenset({"join_pool"}),
)

donation_doors = Doors(
    machine=donation_machine,
    path="/dons/<reference>",
    find=donation_by_reference,
    endpoint="inventory.donation",
    url=lambda donation: {"reference": donation.reference},
    title=lambda donation: _("Don %(reference)s", reference=donation.reference),
    dump=donation_json,
    custom=frozenset({"receive"}),
)


def move_url(base: str, name: str) -> str:
    """The address of a move's page, from that of its subject."""
    return f"{base}/{name.replace('_', '-')}"


def reachable(base: str, choices: list[Choice[Any]]) -> list[tuple[Choice[Any], str]]:
    """The moves that have a page in this service, each with its address."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    urls = [(each, move_url(base, each.move.name)) for each in choices]
    return [(each, url) for each, url in urls if adapter.test(url, method="GET")]
