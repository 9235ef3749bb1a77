"""Several files about one machine made into one: the better source wins per fact, disagreements are told."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from refurb.inventory.readers import identity
from refurb.inventory.readers.brands import brand, model_name
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import BatteryFacts, HardwareFacts, RamModule, ReportWarning, warning
from refurb.inventory.readers.merge_drives import DRIVES_ONLY, unite

_FIRMWARE = (
    *("dmidecode", "lshw", "system_profiler", "GLPI Agent", "Get-ComputerInfo", "WMI"),
    *("hwinfo", "inxi", "eReuse Workbench", "msinfo32", "systeminfo"),
)

ORDER: Mapping[str, tuple[str, ...]] = {
    # Who made it and which one it is: those who read the firmware's table themselves, then those who retell it.
    "manufacturer": _FIRMWARE,
    "model": _FIRMWARE,
    "serial": _FIRMWARE,
    "uuid": _FIRMWARE,
    "chassis": _FIRMWARE,
    # The kernel knows the processor's own name; firmware sometimes keeps that of the board's first one.
    "cpu": (
        *("lshw", "system_profiler", "hwinfo", "dmidecode", "GLPI Agent", "Get-ComputerInfo"),
        *("WMI", "inxi", "eReuse Workbench", "msinfo32", "systeminfo"),
    ),
    # dmidecode names makers and parts that lshw leaves out.
    "ram_mb": ("dmidecode", "lshw", "hwinfo", "inxi", "GLPI Agent", "eReuse Workbench", "Get-ComputerInfo", "msinfo32", "systeminfo"),
    # inxi finds commercial names; hwinfo often has the chipset's only.
    "gpu": ("inxi", "lshw", "GLPI Agent", "hwinfo", "eReuse Workbench"),
    # Those who read the panel's EDID.
    "display": ("hwinfo", "inxi", "GLPI Agent", "eReuse Workbench"),
    # Those who measure, then those who know the design only.
    "battery": ("upower", "uevent", "system_profiler", "GLPI Agent", "inxi", "eReuse Workbench", "dmidecode", "lshw"),
}
"""For each fact the tools, the most trusted first; a tool that is not named comes last."""

_COMPARED = (
    ("manufacturer", "hardware.manufacturers_differ"),
    ("model", "hardware.models_differ"),
    ("serial", "hardware.serials_differ"),
    ("uuid", "hardware.uuids_differ"),
)


def merge(facts: Sequence[HardwareFacts]) -> HardwareFacts:
    """One machine out of the files that describe it, each fact from the source that `ORDER` trusts most for it.

    The drives of all sources are united, by serial. A drive that smartctl saw behind a USB bridge and no inventory counted as
    internal is left out, with a warning. Raises Unreadable (`report.no_machine`) when there is nothing to merge.
    """
    if not facts:
        raise Unreadable("report.no_machine")
    if len(facts) == 1:
        return facts[0]
    machines = [source for source in facts if source.tool not in DRIVES_ONLY] or list(facts)
    reserves: list[ReportWarning] = []
    chosen: dict[str, Any] = {name: _best(name, facts, reserves) for name in ("chassis", "cpu", "gpu", "display")}
    chosen.update({name: _compared(name, code, facts, reserves) for name, code in _COMPARED})
    ram_mb, modules = _memory(facts, reserves)
    drives, about_drives = unite(facts)
    merged = HardwareFacts(
        tool=" + ".join(dict.fromkeys(source.tool for source in sorted(facts, key=lambda each: _rank("serial", each)))),
        ram_mb=ram_mb,
        ram_modules=modules,
        battery=_battery(facts),
        drives=drives,
        macs=tuple(dict.fromkeys(mac for source in machines for mac in source.macs)),
        **chosen,
    )
    warnings = [each for source in facts for each in source.warnings]
    return replace(merged, warnings=tuple(_still_true(_once([*warnings, *reserves, *about_drives]), merged, facts)))


def rank_of(name: str, tool: str) -> int:
    """How far from the most trusted a tool is for a fact; that of the best one where several were merged (`lshw + smartctl`)."""
    order = ORDER.get(name, _FIRMWARE)
    return min((order.index(each) for each in tool.split(" + ") if each in order), default=len(order))


def _rank(name: str, source: HardwareFacts) -> int:
    return rank_of(name, source.tool)


def _sources(name: str, facts: Sequence[HardwareFacts]) -> list[HardwareFacts]:
    """The sources that know a fact, the most trusted first."""
    return sorted((source for source in facts if getattr(source, name) is not None), key=lambda source: _rank(name, source))


def _best(name: str, facts: Sequence[HardwareFacts], _reserves: list[ReportWarning]) -> Any:
    return next((getattr(source, name) for source in _sources(name, facts)), None)


def _compared(name: str, code: str, facts: Sequence[HardwareFacts], reserves: list[ReportWarning]) -> Any:
    known = _sources(name, facts)
    if not known:
        return None
    kept = getattr(known[0], name)
    for source in known[1:]:
        other = getattr(source, name)
        if not _agree(name, kept, other, known[0].manufacturer):
            reserves.append(warning(code, kept=kept, other=other))
    return kept


def _agree(name: str, kept: str, other: str, maker: str | None) -> bool:
    if name == "uuid":
        return identity.same_uuid(kept, other)
    if name == "manufacturer":
        kept, other = brand(kept) or kept, brand(other) or other
    one, two = _bare(kept, maker), _bare(other, maker)
    # One tool's model is often the beginning of another's: "8100 Elite SFF" and "8100 Elite SFF PC".
    return one == two or (name != "serial" and bool(one and two) and (one.startswith(two) or two.startswith(one)))


def _bare(text: str, maker: str | None) -> str:
    return re.sub(r"[^a-z0-9]", "", (model_name(text, maker) or text).casefold()) or text


def _memory(facts: Sequence[HardwareFacts], reserves: list[ReportWarning]) -> tuple[int | None, tuple[RamModule, ...]]:
    """What is installed: of those who list modules if any does, since the others count what the system may use."""
    known = sorted(_sources("ram_mb", facts), key=lambda source: not source.ram_modules)
    if not known:
        return None, ()
    kept = known[0]
    for source in known[1:]:
        sees_less = _has(source, "hardware.ram_as_seen") and (source.ram_mb or 0) <= (kept.ram_mb or 0)
        if source.ram_mb != kept.ram_mb and not sees_less:
            reserves.append(warning("hardware.ram_differs", kept=kept.ram_mb, other=source.ram_mb))
    return kept.ram_mb, kept.ram_modules


def _has(source: HardwareFacts, code: str) -> bool:
    return any(each.code == code for each in source.warnings)


def _battery(facts: Sequence[HardwareFacts]) -> BatteryFacts | None:
    """The battery, each of its facts from the most trusted source that knows it."""
    known = [source.battery for source in _sources("battery", facts) if source.battery]
    if not known:
        return None
    return BatteryFacts(
        **{name: next((value for each in known if (value := getattr(each, name)) is not None), None) for name in BatteryFacts.__slots__}
    )


def _still_true(reserves: Iterable[ReportWarning], merged: HardwareFacts, facts: Sequence[HardwareFacts]) -> Iterator[ReportWarning]:
    """The reserves, less those that another source has settled."""
    nameless = {drive.model or "?" for drive in merged.drives if not drive.serial}
    settled = {
        "hardware.no_identity": merged.serial is not None,
        "hardware.partial": any(not _has(source, "hardware.partial") and source.tool not in DRIVES_ONLY for source in facts),
        "hardware.ram_as_seen": bool(merged.ram_modules),
        "hardware.memory_soldered": bool(merged.drives),
        "hardware.nvme_not_described": any(drive.medium == "nvme" for drive in merged.drives),
    }
    for each in reserves:
        if settled.get(each.code) or (each.code == "drive.no_serial" and each.facts.get("model") not in nameless):
            continue
        yield each


def _once(reserves: Iterable[ReportWarning]) -> list[ReportWarning]:
    seen: dict[tuple[object, ...], ReportWarning] = {}
    for each in reserves:
        seen.setdefault((each.code, *each.facts.items()), each)
    return list(seen.values())
