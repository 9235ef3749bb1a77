"""Reads macOS's `system_profiler`, as text (English or French), `-xml` and `-json`: the Mac, its memory, its drives, its battery."""

import plistlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from refurb.inventory.readers import identity, memory, numbers
from refurb.inventory.readers.battery import health
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import BatteryFacts, Chassis, DriveFacts, HardwareFacts, Health, RamModule, ReportWarning, warning
from refurb.inventory.readers.panels import Panel, resolution
from refurb.inventory.readers.system_profiler_text import sections

TOOL = "system_profiler"
_IS_PLIST = re.compile(r"<key>_dataType</key>|<string>SP\w+DataType</string>|<key>SPHardwareDataType</key>")
_DRIVES = ("SPSerialATADataType", "SPNVMeDataType", "SPParallelATADataType", "SPSASDataType", "SPCardReaderDataType")
_INTERFACES = {"SPSerialATADataType": "sata", "SPNVMeDataType": "nvme", "SPParallelATADataType": "ata", "SPSASDataType": "sas"}
_HEALTHS: Mapping[str, Health] = {"verified": "good", "vérifié": "good", "failing": "failing", "défaillant": "failing"}
_BYTES = re.compile(r"\(([\d\s.,'\u00a0\u202f]{6,30})\s*(?:bytes|octets)\)", re.IGNORECASE)
_DEEPEST, _MOST = 12, 2_000
Record = Mapping[str, Any]


def is_system_profiler(document: Any) -> bool:
    """Whether a parsed document is system_profiler's JSON."""
    keys = list(document)[:40] if isinstance(document, dict) else []
    return any(re.fullmatch(r"SP\w{3,40}DataType", str(key)) for key in keys)


def is_plist(head: str) -> bool:
    """Whether the beginning of an XML text is system_profiler's property list."""
    return "<plist" in head and _IS_PLIST.search(head) is not None


def read_json(document: Record) -> HardwareFacts:
    """The facts of the JSON; raises Unreadable (`report.no_machine`) when it holds nothing of a Mac."""
    return _facts({str(name): _records(items) for name, items in document.items()})


def read_plist(text: str) -> HardwareFacts:
    """The facts of the property list; raises Unreadable for one that is cut or damaged, or that holds nothing of a Mac."""
    if "<!ENTITY" in text:
        raise Unreadable("report.damaged")
    start = text.find("<?xml")
    try:
        root = plistlib.loads(text[max(start, 0) :].encode(), fmt=plistlib.FMT_XML)
    except Exception:  # noqa: BLE001 - a damaged list raises anything at all in the library
        raise Unreadable("report.damaged") from None
    if isinstance(root, dict):
        return read_json(root)
    found = {str(each.get("_dataType")): _records(each.get("_items")) for each in _records(root)}
    return _facts(found)


def read_text(text: str) -> HardwareFacts:
    """The facts of the text; raises Unreadable (`report.no_machine`) when it holds nothing of a Mac."""
    return _facts(sections(text))


def _records(value: Any) -> list[Record]:
    return [each for each in (value if isinstance(value, list) else [])[:_MOST] if isinstance(each, dict)]


def _walk(items: list[Record], depth: int = 0) -> Iterator[Record]:
    for each in items:
        yield each
        if depth < _DEEPEST:
            yield from _walk(_records(each.get("_items")), depth + 1)


def _facts(found: Mapping[str, list[Record]]) -> HardwareFacts:
    machine: Record = next(iter(found.get("SPHardwareDataType", ())), {})
    modules = tuple(_modules(found.get("SPMemoryDataType", [])))
    drives, reserves = _drives(found)
    battery, about_it = _battery(found.get("SPPowerDataType", []))
    serial = identity.real(machine.get("serial_number"))
    name, number = identity.real(machine.get("machine_name")), identity.real_model(machine.get("machine_model"))
    if not (machine or modules or drives or battery):
        raise Unreadable("report.no_machine")
    if not machine:
        reserves.append(warning("hardware.partial"))
    elif not serial:
        reserves.append(warning("hardware.no_identity"))
    shape = _shape(f"{name or ''} {number or ''}")
    installed = memory.size_mb(machine.get("physical_memory"))
    return HardwareFacts(
        tool=TOOL,
        manufacturer="Apple" if machine else None,
        # The identifier, as the firmware has it too: tools on Linux and the agents tell the same.
        model=number or name,
        serial=serial,
        uuid=identity.real_uuid(machine.get("platform_UUID")),
        chassis=shape,
        cpu=_processor(machine),
        ram_mb=sum(module.size_mb for module in modules) or installed,
        ram_modules=modules,
        drives=drives,
        gpu=" + ".join(dict.fromkeys(_graphics(found.get("SPDisplaysDataType", [])))) or None,
        display=_display(found.get("SPDisplaysDataType", []), shape),
        battery=battery,
        macs=tuple(dict.fromkeys(_macs(found.get("SPNetworkDataType", [])))),
        warnings=(*reserves, *about_it),
    )


def _shape(names: str) -> Chassis | None:
    folded = names.casefold().replace(" ", "")
    for word, shape in (("macbook", "laptop"), ("imac", "all_in_one"), ("macmini", "mini"), ("macstudio", "mini"), ("macpro", "desktop"),
                        ("xserve", "server"), ("powerbook", "laptop"), ("ibook", "laptop")):  # fmt: skip
        if word in folded:
            return shape  # type: ignore[return-value]  # the words of the row are those of the type
    return None


def _processor(machine: Record) -> str | None:
    chip = identity.real(machine.get("chip_type"))
    name, speed = identity.real(machine.get("cpu_type")), identity.real(machine.get("current_processor_speed"))
    return chip or (f"{name} @ {speed}" if name and speed else name)


def _modules(items: list[Record]) -> Iterator[RamModule]:
    for each in _walk(items):
        found = memory.module(
            memory.size_mb(each.get("dimm_size")),
            kind=each.get("dimm_type"),
            speed=each.get("dimm_speed"),
            maker=each.get("dimm_manufacturer"),
            part=each.get("dimm_part_number"),
            serial=each.get("dimm_serial_number"),
            slot=each.get("_name"),
        )
        if found:
            yield found


def _drives(found: Mapping[str, list[Record]]) -> tuple[tuple[DriveFacts, ...], list[ReportWarning]]:
    drives: list[DriveFacts] = []
    reserves: list[ReportWarning] = []
    for section in _DRIVES[:-1]:
        for each in _walk(found.get(section, [])):
            model = identity.real(each.get("device_model"))
            if model is None or re.search(r"\bdvd|\bcd-?r|superdrive|optical", f"{model} {each.get('_name')}", re.IGNORECASE):
                continue
            if _is_yes(each.get("removable_media")) or _is_yes(each.get("detachable_drive")):
                reserves.append(warning("drive.external_left_out", model=model))
                continue
            drive = _drive(section, each, model)
            drives.append(drive)
            if not drive.serial:
                reserves.append(warning("drive.no_serial", model=model))
    return tuple(drives), reserves


def _drive(section: str, each: Record, model: str) -> DriveFacts:
    kind = str(each.get("spsata_medium_type") or "").casefold()
    is_nvme = section == "SPNVMeDataType"
    status = next((each[name] for name in ("smart_status", "spnvme_smart_status", "spsata_smart_status") if each.get(name)), None)
    is_ssd = "solid" in kind or "flash" in kind or "ssd" in kind or identity.is_solid_state(model)
    return DriveFacts(
        manufacturer=identity.drive_maker(model),
        model=model,
        serial=identity.real_drive_serial(each.get("device_serial")),
        size_bytes=_size(each),
        medium="nvme" if is_nvme else "ssd" if is_ssd else "hdd" if "rotation" in kind else "unknown",
        interface=_INTERFACES.get(section),
        health=_HEALTHS.get(str(status or "").casefold(), "unknown"),
    )


def _size(each: Record) -> int | None:
    counted = numbers.drive_bytes(each.get("size_in_bytes"))
    if counted:
        return counted
    said = str(each.get("size") or "")[:120]
    exact = _BYTES.search(said)
    return numbers.drive_bytes("".join(re.findall(r"\d", exact.group(1)))) if exact else numbers.rounded_bytes(said)


def _battery(items: list[Record]) -> tuple[BatteryFacts | None, list[ReportWarning]]:
    """The battery, and what macOS says of its cycles and its condition."""
    for each in _walk(items):
        model, state = each.get("sppower_battery_model_info"), each.get("sppower_battery_health_info")
        if not isinstance(state, dict):
            continue
        named = model if isinstance(model, dict) else {}
        charge = each.get("sppower_battery_charge_info")
        full = numbers.whole((charge if isinstance(charge, dict) else {}).get("sppower_battery_max_capacity"))
        told = re.match(r"\d{1,3}", str(state.get("sppower_battery_health_maximum_capacity") or ""))
        design = numbers.whole(state.get("sppower_battery_design_capacity"))
        left = min(100, int(told.group(0))) if told else health(full, design)
        cycles, condition = numbers.whole(state.get("sppower_battery_cycle_count")), identity.real(state.get("sppower_battery_health"))
        about_it = [warning("battery.cycles", cycles=cycles, condition=condition)] if cycles is not None or condition else []
        maker, name = named.get("sppower_battery_manufacturer"), named.get("sppower_battery_device_name")
        return BatteryFacts(identity.real(maker), identity.real(name), None, left), about_it
    return None, []


def _graphics(items: list[Record]) -> Iterator[str]:
    for each in items:
        name = identity.real(each.get("sppci_model")) or identity.real(each.get("_name"))
        if name:
            yield name


def _display(items: list[Record], shape: Chassis | None) -> str | None:
    if shape not in {"laptop", "all_in_one"}:
        return None
    for each in items:
        for screen in _records(each.get("spdisplays_ndrvs")):
            inside = f"{screen.get('spdisplays_connection_type')} {screen.get('spdisplays_display_type')} {screen.get('_name')}".casefold()
            if "internal" in inside or "built" in inside or "intégré" in inside or "color lcd" in inside or "imac" in inside:
                shown = screen.get("_spdisplays_pixels") or screen.get("spdisplays_pixelresolution") or screen.get("_spdisplays_resolution")
                return str(Panel(identity.real(screen.get("_name")), None, None, resolution(shown))) or None
    return None


def _macs(items: list[Record]) -> Iterator[str]:
    for each in items:
        ethernet = each.get("Ethernet")
        address = identity.mac(ethernet.get("MAC Address")) if isinstance(ethernet, dict) else None
        name = str(each.get("interface") or "")
        is_own = re.fullmatch(r"en\d{1,2}", name) is not None and "usb" not in str(each.get("_name")).casefold()
        if address and is_own and not identity.is_drawn_by_lot(address):
            yield address


def _is_yes(value: object) -> bool:
    return str(value).casefold() in {"yes", "oui", "true"}
