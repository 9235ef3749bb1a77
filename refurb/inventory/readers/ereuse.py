"""Reads the machine in a snapshot of eReuse Workbench 10 to 12: a device and its components, with what was tested of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from refurb.inventory.readers import capacity, identity, memory, numbers
from refurb.inventory.readers.battery import health, is_virtual, together
from refurb.inventory.readers.chassis import chassis
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import (
    BatteryFacts,
    Chassis,
    DriveFacts,
    HardwareFacts,
    Health,
    Medium,
    RamModule,
    ReportWarning,
    warning,
)
from refurb.inventory.readers.lshw_drives import is_external_model
from refurb.inventory.readers.panels import Panel, named, own_panel, resolution

TOOL = "eReuse Workbench"
_COMPUTERS: Mapping[str, Chassis | None] = {
    "laptop": "laptop",
    "netbook": "laptop",
    "desktop": None,
    "microtower": "desktop",
    "server": "server",
    "tablet": "tablet",
    "computer": None,
}
_MEDIA: Mapping[str, Medium] = {"HardDrive": "hdd", "SolidStateDrive": "ssd", "Mmc": "emmc", "DataStorage": "unknown"}
_DAMAGE = ("reallocatedSectorCount", "currentPendingSectorCount", "offlineUncorrectable", "reportedUncorrectableErrors")
_MAX_COMPONENTS = 1_000
Component = Mapping[str, Any]


def read(document: Component) -> HardwareFacts:
    """The facts of one snapshot; raises Unreadable: `report.not_a_computer` for a monitor or a phone, `report.no_machine` for nothing."""
    device = document.get("device")
    if not isinstance(device, dict):
        raise Unreadable("report.no_machine")
    kind = _kind(device, inner=True).casefold()
    if kind not in _COMPUTERS:
        raise Unreadable("report.not_a_computer", tool=TOOL)
    components = list(_components(document))
    inside, reserves = _drives(components)
    modules = tuple(_modules(components))
    maker, serial = identity.real(device.get("manufacturer")), identity.real(_text(device.get("serialNumber")))
    cpu = next((name for each in components if _kind(each) == "Processor" for name in [identity.real(each.get("model"))] if name), None)
    shape = _COMPUTERS[kind] or chassis(device.get("chassis"), kind)
    if not (maker or serial or inside or modules or cpu):
        raise Unreadable("report.no_machine")
    if not serial:
        reserves.append(warning("hardware.no_identity"))
    return HardwareFacts(
        tool=TOOL,
        tool_version=_text(document.get("version")),
        manufacturer=maker,
        model=identity.commercial_name(maker, device.get("model"), device.get("version")),
        serial=serial,
        chassis=shape,
        cpu=cpu,
        ram_mb=sum(module.size_mb for module in modules) or None,
        ram_modules=modules,
        drives=tuple(inside),
        gpu=" + ".join(dict.fromkeys(_names(components, "GraphicCard"))) or None,
        display=own_panel(_displays(components), shape),
        battery=together(_batteries(components)),
        macs=tuple(dict.fromkeys(_macs(components))),
        warnings=tuple(reserves),
    )


def _kind(node: Component, *, inner: bool = False) -> str:
    """The type of a node: up to Workbench 10 under `@type`, where a computer's shape stands beside it as `type`."""
    found = node.get("type") if inner and isinstance(node.get("type"), str) else node.get("@type") or node.get("type")
    return found.rpartition(":")[2][:60] if isinstance(found, str) else ""


def _text(value: object) -> str | None:
    """A serial number or a version that YAML took for a number."""
    return str(value)[:60] if isinstance(value, int | float) and not isinstance(value, bool) else identity.clean(value)


def _components(document: Component) -> Iterator[Component]:
    found = document.get("components")
    for each in (found if isinstance(found, list) else [])[:_MAX_COMPONENTS]:
        if isinstance(each, dict):
            yield each


def _actions(component: Component) -> list[Component]:
    found = component.get("actions") or component.get("events")
    told: list[Component] = [each for each in (found if isinstance(found, list) else [])[:200] if isinstance(each, dict)]
    test = component.get("test")  # Workbench 10
    return [*told, {"type": "TestDataStorage", **test}] if isinstance(test, dict) else told


def _modules(components: Iterable[Component]) -> Iterator[RamModule]:
    for each in components:
        if _kind(each) != "RamModule":
            continue
        found = memory.module(
            numbers.whole(each.get("size"), most=2**24),
            form=each.get("format"),
            kind=each.get("interface"),
            speed=each.get("speed"),
            maker=each.get("manufacturer"),
            part=each.get("model"),
            serial=_text(each.get("serialNumber")),
        )
        if found:
            yield found


def _drives(components: Iterable[Component]) -> tuple[list[DriveFacts], list[ReportWarning]]:
    found: list[DriveFacts] = []
    reserves: list[ReportWarning] = []
    for each in components:
        if _kind(each) not in _MEDIA:
            continue
        drive = _drive(each)
        if (drive.interface or "") == "usb" or is_external_model(drive.model):
            reserves.append(warning("drive.external_left_out", model=drive.model))
        elif drive.serial or drive.size_bytes:
            if drive.serial and drive.serial in {known.serial for known in found}:
                reserves.append(warning("drive.serial_twice", serial=drive.serial))
            found.append(drive)
            if not drive.serial:
                reserves.append(warning("drive.no_serial", model=drive.model))
    return found, reserves


def _drive(each: Component) -> DriveFacts:
    model = identity.real(_text(each.get("model")))
    maker = identity.real(each.get("manufacturer"))
    tests = [action for action in _actions(each) if _kind(action) == "TestDataStorage"]
    connection = identity.clean(each.get("interface"))
    hours = [numbers.whole(test.get("lifetime") or test.get("powerOnHours")) for test in tests]
    known = [number for number in hours if number is not None and number <= numbers.CREDIBLE_HOURS]
    return DriveFacts(
        manufacturer=identity.drive_maker(maker, model) or maker,
        model=model,
        serial=identity.real_drive_serial(_text(each.get("serialNumber"))),
        size_bytes=numbers.drive_bytes(capacity.from_megabytes(each.get("size"))),
        medium=_medium(each, model, connection),
        interface=connection.casefold()[:20] if connection else None,
        health=_health(tests),
        power_on_hours=known[-1] if known else None,
    )


def _medium(each: Component, model: str | None, connection: str | None) -> Medium:
    """The kind that Workbench gives, except that it calls some SSDs hard disks."""
    if (connection or "").casefold() == "nvme":
        return "nvme"
    kind = _MEDIA[_kind(each)]
    return "ssd" if kind in {"hdd", "unknown"} and identity.is_solid_state(model) else kind


def _health(tests: Iterable[Component]) -> Health:
    """Failing when SMART says so, to watch when sectors are damaged; a test that was not made says nothing."""
    told = list(tests)
    if any(test.get("assessment") is False for test in told):
        return "failing"
    if any(numbers.whole(test.get(name)) for test in told for name in _DAMAGE):
        return "watch"
    if any(re.search(r"fail|error", str(test.get("status", ""))[:80].replace("without error", ""), re.IGNORECASE) for test in told):
        return "watch"
    return "good" if any(test.get("assessment") is True for test in told) else "unknown"


def _names(components: Iterable[Component], kind: str) -> Iterator[str]:
    for each in components:
        name = identity.real(each.get("model")) if _kind(each) == kind else None
        if name:
            yield name


def _displays(components: Iterable[Component]) -> Iterator[Panel]:
    for each in components:
        if _kind(each) != "Display":
            continue
        inches = each.get("size")
        width = round(inches * 25.4) if isinstance(inches, int | float) and 3 < inches < 120 else None
        told = Panel(
            # The maker's code, and beside it in quotes a name that repeats the model's.
            named((_text(each.get("manufacturer")) or "").split('"')[0].split(" ")[0], each.get("model")),
            width,
            0 if width else None,
            resolution(each.get("resolutionWidth"), each.get("resolutionHeight")),
        )
        yield told


def _batteries(components: Iterable[Component]) -> Iterator[BatteryFacts]:
    """The batteries; their design is in mAh without a voltage, so that only what is left of it can be told."""
    for each in components:
        if _kind(each) != "Battery":
            continue
        sizes = [numbers.whole(action.get("size")) for action in _actions(each) if _kind(action) == "MeasureBattery"]
        full = next((size for size in reversed(sizes) if size is not None), None)
        maker, model = identity.real(each.get("manufacturer")), identity.real(_text(each.get("model")))
        if is_virtual(maker, model):
            continue
        yield BatteryFacts(maker, model, None, health(full, numbers.whole(each.get("size"))))


def _macs(components: Iterable[Component]) -> Iterator[str]:
    for each in components:
        address = identity.mac(each.get("serialNumber")) if _kind(each) == "NetworkAdapter" else None
        if address and not (identity.is_drawn_by_lot(address) and each.get("wireless")):
            yield address
