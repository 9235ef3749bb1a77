"""What the bench's tools print in the story, and what is done with it: machines with drives, wipes that end well or badly."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from refurb.inventory.checks.actions.checks import answer_checks
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.evidence.actions.erasures import ErasureReading, read_erasure_report
from refurb.inventory.evidence.actions.reports import Reading, Upload, read_hardware_reports
from refurb.inventory.models.devices import Device
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.facts import ErasureReportFacts
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, now, today
from tests.support.chapters import chapter
from tests.support.story import answers, people
from tests.support.story.machines import devices_of

SIZE = 256_060_514_304


@dataclass(frozen=True)
class Disk:
    """A drive as the tools see it."""

    serial: str | None = "CHV0001"
    size: int = SIZE
    model: str = "CHAUVIGNY SSD 256G PRO"
    rotation: int = 0
    passed: bool = True


@dataclass(frozen=True)
class Wipe:
    """What a log says of one drive: `status` as its table has it."""

    serial: str = "CHV0001"
    size: int = SIZE
    status: str = "Erased"
    verified: bool = True
    model: str = "CHAUVIGNY SSD 256G"
    ended: datetime = field(default_factory=now)


def lshw(*disks: Disk, serial: str = "VI14K00731", maker: str = "Vienne Informatique", model: str = "Marais 14", ram_gib: int = 8) -> bytes:
    """The output of `lshw -json` on a laptop with these drives."""
    storage = [
        {
            "id": f"disk:{number}",
            "class": "disk",
            "description": "ATA Disk",
            "product": disk.model[:16],
            "logicalname": f"/dev/sd{chr(97 + number)}",
            "businfo": f"scsi@{number}:0.0.0",
            "units": "bytes",
            "size": disk.size,
            **({"serial": disk.serial} if disk.serial else {}),
        }
        for number, disk in enumerate(disks)
    ]
    core = [
        {"id": "memory", "class": "memory", "description": "System Memory", "units": "bytes", "size": ram_gib * 2**30},
        {"id": "cpu", "class": "processor", "description": "CPU", "product": "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz"},
        {"id": "display", "class": "display", "description": "VGA compatible controller", "product": "UHD Graphics 620"},
        {"id": "sata", "class": "storage", "description": "SATA controller", "children": storage},
    ]
    root = {
        "id": "banc",
        "class": "system",
        "description": "Notebook",
        "product": model,
        "vendor": maker,
        "serial": serial,
        "configuration": {"chassis": "notebook"},
        "children": [{"id": "core", "class": "bus", "description": "Motherboard", "children": core}],
    }
    return json.dumps(root).encode()


def smartctl(*disks: Disk) -> bytes:
    """The output of `smartctl --json` for these drives."""
    return json.dumps(
        [
            {
                "json_format_version": [1, 0],
                "smartctl": {"version": [7, 3], "exit_status": 0},
                "device": {"name": f"/dev/sd{chr(97 + number)}", "type": "sat", "protocol": "ATA"},
                "model_name": disk.model,
                "user_capacity": {"bytes": disk.size},
                "rotation_rate": disk.rotation,
                "smart_status": {"passed": disk.passed},
                "power_on_time": {"hours": 812},
                "sata_version": {"string": "SATA 3.3"},
                **({"serial_number": disk.serial} if disk.serial else {}),
            }
            for number, disk in enumerate(disks)
        ]
    ).encode()


def nwipe(*wipes: Wipe, note: str = "") -> bytes:
    """The log of nwipe 0.42 about these drives, on the territory's wall clock; `note` makes another file of the same log."""
    lines = [f"[{_at(wipes[0], 40)}]    info: nwipe 0.42{note}"]
    for number, wipe in enumerate(wipes):
        path = f"/dev/sd{chr(97 + number)}"
        lines += [
            f"[{_at(wipe, 39)}]  notice: Found {path}, ATA-SSD , {wipe.model}, 256 GB, S/N={wipe.serial}",
            f"[{_at(wipe, 39)}]  notice: {path} has serial number {wipe.serial}",
            f"[{_at(wipe, 39)}]  notice: {path}: Device geometry is as follows...",
            f"[{_at(wipe, 39)}]  notice:   Total device bytes   = {wipe.size}",
        ]
    lines += [
        f"[{_at(wipes[0], 39)}]  notice:   banner       = nwipe 0.42",
        f"[{_at(wipes[0], 39)}]  notice:   method       = Fill With Zeros",
        f"[{_at(wipes[0], 39)}]  notice:   rounds       = 1",
        f"[{_at(wipes[0], 39)}]  notice:   verify       = 1 (last pass)",
    ]
    for number, wipe in enumerate(wipes):
        lines += _work(f"/dev/sd{chr(97 + number)}", wipe)
    rows = "\n".join(
        f"       sd{chr(97 + number)} | {wipe.status} |  200 MB/s | 00:40:00 | {wipe.model[:17]}/{wipe.serial}"
        for number, wipe in enumerate(wipes)
    )
    ended = max(wipes, key=lambda wipe: wipe.ended)
    table = f"!   Device | Status | Thru-put | HH:MM:SS | Model/Serial Number\n{'-' * 80}\n{rows}\n{'-' * 80}"
    return "\n".join([*lines, table, f"[{_at(ended, 0)}]    info: Nwipe successfully completed.", ""]).encode()


def read_erasure_facts(*wipes: Wipe) -> ErasureReportFacts:
    """What the reader makes of a log about these drives."""
    return read_erasure(nwipe(*wipes), "nwipe.log")


def _at(wipe: Wipe, minutes_before: int) -> str:
    return local(wipe.ended - timedelta(minutes=minutes_before)).strftime("%Y/%m/%d %H:%M:%S")


def _work(path: str, wipe: Wipe) -> list[str]:
    lines = [
        f"[{_at(wipe, 38)}]  notice: Invoking method 'Fill With Zeros' on {path}",
        f"[{_at(wipe, 38)}]  notice: Starting round 1 of 1 on {path}",
        f"[{_at(wipe, 38)}]  notice: Starting pass 1/1, round 1/1, on {path}",
    ]
    if wipe.status != "Erased":
        return lines
    lines.append(f"[{_at(wipe, 20)}]  notice: {wipe.size} bytes written to {path}")
    if wipe.verified:
        lines.append(f"[{_at(wipe, 0)}]  notice: Verified pass 1 of 1, round 1 of 1, on '{path}'.")
    return [*lines, f"[{_at(wipe, 0)}]  notice: Finished final round 1 of 1 on {path}"]


@chapter
def arrive(kind: DeviceKind = DeviceKind.LAPTOP, count: int = 1) -> list[Device]:
    """Devices that have just been received with a donation."""
    coordinator = people.actor(Role.COORDINATOR)
    with unit_of_work():
        donation = announce_donation(
            coordinator, legal_origin=LegalOrigin.COMPANY, lines={kind: count}, donor_id=people.organisation("Menuiseries").id
        )
        donation_machine.fire(donation, "receive", coordinator, received_on=today().isoformat(), counts={kind.value: count})
        return devices_of(donation)


def read_now(device: Device, *contents: bytes) -> Reading:
    """The technician uploads what the tools said of a device, within a unit of work that is open."""
    uploads = [Upload(f"banc-{number}.json", content) for number, content in enumerate(contents)]
    return read_hardware_reports(people.actor(Role.TECHNICIAN), device, uploads)


def read(device: Device, *contents: bytes) -> Reading:
    """The same, in a unit of its own."""
    with unit_of_work():
        return read_now(device, *contents)


def wipe(*wipes: Wipe, note: str = "") -> ErasureReading:
    """The technician uploads the log of these wipes."""
    with unit_of_work():
        return read_erasure_report(people.actor(Role.TECHNICIAN), nwipe(*wipes, note=note), "nwipe.log")


def fire(device: Device, *moves: str, **facts: object) -> None:
    """Make moves one after the other, each in its own unit, by the coordinator."""
    for name in moves:
        with unit_of_work():
            device_machine.fire(device, name, people.actor(Role.COORDINATOR), **facts)


def pass_checks(device: Device) -> None:
    """Answer yes to every question of the checklist."""
    with unit_of_work():
        answer_checks(people.actor(Role.TECHNICIAN), device, answers.all_good(device.kind))


def label(device: Device) -> None:
    """Stick its label on the device; as in the service, the first one alone is noted."""
    with unit_of_work():
        device.labelled_at = device.labelled_at or now()


@chapter
def bring_to_tests(device: Device, *disks: Disk) -> None:
    """A device whose drives are read and erased, with its label and its checks: one press away from ready."""
    read(device, lshw(*disks, serial=f"SN{device.id:06d}"))
    wipe(*(Wipe(serial=disk.serial or "", size=disk.size) for disk in disks))
    fire(device, "accept", "finish_erasure", "start_tests")
    pass_checks(device)
    label(device)
