"""Several files about one machine made into one: the better source wins per fact, disagreements are told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, ReportWarning, warning

_MACHINE_ORDER = ("lshw",)
_DRIVE_TOOLS = frozenset({"smartctl"})


def merge(facts: Sequence[HardwareFacts]) -> HardwareFacts:
    """One machine out of the files that describe it.

    The machine's own facts come from lshw; a drive's model, health and hours from smartctl, united by serial. A
    drive that smartctl saw behind a USB bridge and lshw did not count as internal is left out, with a warning.
    Raises Unreadable (`report.no_machine`) when there is nothing to merge.
    """
    if not facts:
        raise Unreadable("report.no_machine")
    if len(facts) == 1:
        return facts[0]
    ordered = sorted(facts, key=_rank)
    reserves: list[ReportWarning] = []
    best = ordered[0]
    for other in ordered[1:]:
        best = _join(best, other, reserves)
    united = _unite(ordered)
    told = [each for source in ordered for each in source.warnings]
    return replace(
        best,
        tool=" + ".join(dict.fromkeys(source.tool for source in ordered)),
        tool_version=None,
        drives=tuple(united.drives),
        warnings=_once([*told, *reserves, *united.reserves]),
    )


def _rank(source: HardwareFacts) -> tuple[int, bool]:
    place = _MACHINE_ORDER.index(source.tool) if source.tool in _MACHINE_ORDER else len(_MACHINE_ORDER)
    return (place, source.serial is None and source.model is None)


_COMPARED = (
    ("manufacturer", "hardware.manufacturers_differ"),
    ("model", "hardware.models_differ"),
    ("serial", "hardware.serials_differ"),
    ("uuid", "hardware.uuids_differ"),
    ("ram_mb", "hardware.ram_differs"),
)


def _join(best: HardwareFacts, other: HardwareFacts, reserves: list[ReportWarning]) -> HardwareFacts:
    for name, code in _COMPARED:
        kept, said = getattr(best, name), getattr(other, name)
        if kept is not None and said is not None and _folded(kept) != _folded(said):
            reserves.append(warning(code, kept=kept, other=said))
    return replace(
        best,
        manufacturer=best.manufacturer or other.manufacturer,
        model=best.model or other.model,
        serial=best.serial or other.serial,
        uuid=best.uuid or other.uuid,
        chassis=best.chassis or other.chassis,
        cpu=best.cpu or other.cpu,
        ram_mb=best.ram_mb or other.ram_mb,
        ram_modules=best.ram_modules or other.ram_modules,
        gpu=best.gpu or other.gpu,
        display=best.display or other.display,
        battery=best.battery or other.battery,
        macs=tuple(dict.fromkeys((*best.macs, *other.macs))),
    )


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


@dataclass(slots=True)
class _United:
    drives: list[DriveFacts] = field(default_factory=list)
    reserves: list[ReportWarning] = field(default_factory=list)


def _unite(ordered: Iterable[HardwareFacts]) -> _United:
    """The drives of all sources: those of the machine's report, each with what smartctl knows of the same serial."""
    sources = list(ordered)
    told_by_smart = [drive for each in sources if each.tool in _DRIVE_TOOLS for drive in each.drives]
    seen_inside = [drive for each in sources if each.tool not in _DRIVE_TOOLS for drive in each.drives]
    machine_is_described = any(each.tool not in _DRIVE_TOOLS for each in sources)
    result = _United()
    by_serial = _by_serial(told_by_smart, result.reserves)
    for drive in _first_of_each(seen_inside):
        smart = by_serial.pop(_key(drive), None) if drive.serial else _same_without_serial(drive, by_serial)
        if smart is not None:
            by_serial.pop(_key(smart), None)
        result.drives.append(_same_drive(drive, smart, result.reserves) if smart else drive)
    for smart in by_serial.values():
        if machine_is_described and smart.interface == "usb":
            result.reserves.append(warning("drive.external_left_out", model=smart.model))
            continue
        if machine_is_described and smart.serial:
            result.reserves.append(warning("drive.only_in_smart", serial=smart.serial))
        result.drives.append(smart)
    return result


def _key(drive: DriveFacts) -> str:
    return (drive.serial or f"{drive.model} {drive.size_bytes}").casefold()


def _first_of_each(drives: Iterable[DriveFacts]) -> list[DriveFacts]:
    seen: dict[str, DriveFacts] = {}
    for number, drive in enumerate(drives):
        seen.setdefault(_key(drive) if drive.serial else f"#{number}", drive)
    return list(seen.values())


def _by_serial(drives: Iterable[DriveFacts], reserves: list[ReportWarning]) -> dict[str, DriveFacts]:
    """Drives by serial; two unlike drives under one serial are told, since a serial that two share proves nothing."""
    found: dict[str, DriveFacts] = {}
    for number, drive in enumerate(drives):
        key = _key(drive) if drive.serial else f"#{number} {_key(drive)}"
        earlier = found.get(key)
        if earlier is not None and (earlier.model, earlier.size_bytes) != (drive.model, drive.size_bytes):
            reserves.append(warning("drive.serial_twice", serial=drive.serial))
            found[f"{key} #{number}"] = drive
        else:
            found[key] = drive
    return found


def _same_without_serial(drive: DriveFacts, known: dict[str, DriveFacts]) -> DriveFacts | None:
    """The one drive of the same size whose model begins alike, for the sources that could not read a serial."""
    model = (drive.model or "").casefold()
    alike = [
        key
        for key, each in known.items()
        if model and each.size_bytes == drive.size_bytes and (each.model or "").casefold().startswith(model)
    ]
    return known.pop(alike[0]) if len(alike) == 1 else None


def _same_drive(seen: DriveFacts, smart: DriveFacts, reserves: list[ReportWarning]) -> DriveFacts:
    if seen.size_bytes and smart.size_bytes and seen.size_bytes != smart.size_bytes:
        reserves.append(warning("drive.sizes_differ", serial=smart.serial, kept=smart.size_bytes, other=seen.size_bytes))
    return DriveFacts(
        manufacturer=smart.manufacturer or seen.manufacturer,
        model=smart.model or seen.model,  # lshw cuts it to sixteen characters
        serial=smart.serial or seen.serial,
        size_bytes=smart.size_bytes or seen.size_bytes,
        medium=smart.medium if smart.medium != "unknown" else seen.medium,
        interface=seen.interface if smart.interface in {None, "ata", "scsi"} and seen.interface else smart.interface,
        health=smart.health,
        power_on_hours=smart.power_on_hours,
    )


def _once(reserves: Iterable[ReportWarning]) -> tuple[ReportWarning, ...]:
    seen: dict[tuple[object, ...], ReportWarning] = {}
    for each in reserves:
        seen.setdefault((each.code, *each.facts.items()), each)
    return tuple(seen.values())
