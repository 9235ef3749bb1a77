"""How the life cycle of a device is reached, and what its JSON says."""

from typing import Any

from refurb.inventory.devices.queries.devices import Standing, device_by_code, standing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.codes import spell
from refurb.kernel.web.doors import Doors, moves_json


def device_title(device: Device | Standing) -> str:
    """What a device is called on its page."""
    return device.name or str(DEVICE_KINDS[device.kind])


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
        "site": shown.site_id,
        "drives": shown.gate.drives,
        "least_level": shown.least_level,
        "drives_to_erase": list(shown.gate.unproven),
        "checks": shown.gate.answers,
        "flags": list(shown.gate.flags),
        "moves": moves_json(device_machine.open_to(shown, actor)),
    }
    if actor.may(Permission.DONATION_READ):
        facts["donation"] = shown.donation_reference
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()}


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
    then={"start_tests": "inventory.checks"},
)
