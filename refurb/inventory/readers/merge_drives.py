"""The drives of several files made into one list: each drive once, recognised by its serial, each fact from the better source."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, ReportWarning, warning
from refurb.inventory.readers.serials import plain_serial

DRIVES_ONLY = frozenset({"smartctl"})
"""Tools that speak of drives wherever they hang, and say nothing of the machine."""

_LISTS_DRIVES = frozenset(
    {"lshw", "hwinfo", "inxi", "GLPI Agent", "eReuse Workbench", "msinfo32", "WMI", "lsblk", "Get-PhysicalDisk", "system_profiler"}
)


def lists_drives(tool: str) -> bool:
    """Whether a tool, or one of those that were merged, says which drives are inside the machine."""
    return not _LISTS_DRIVES.isdisjoint(tool.split(" + "))


# Their sizes are rounded, so that a small difference is none.
_ROUNDS = frozenset({"inxi", "GLPI Agent", "eReuse Workbench", "msinfo32", "WMI", "lsblk", "Get-PhysicalDisk"})
# For what a drive is: it is asked by smartctl, and told by the others; Workbench calls every disk a hard disk.
_ORDER = (
    *("smartctl", "lshw", "lsblk", "system_profiler", "inxi", "WMI", "Get-PhysicalDisk"),
    *("GLPI Agent", "hwinfo", "msinfo32", "eReuse Workbench"),
)
_SLACK = 0.01
# Connections that say how a drive is addressed rather than where it hangs.
_VAGUE = frozenset({None, "ata", "scsi"})


@dataclass(slots=True)
class _Seen:
    """One drive as the sources saw it, each with the name of its tool."""

    said: list[tuple[str, DriveFacts]] = field(default_factory=list)

    def values(self, name: str) -> list[tuple[str, Any]]:
        """What the sources say of one fact, the most trusted first."""
        known = [(tool, getattr(drive, name)) for tool, drive in self.said if getattr(drive, name) not in {None, "unknown"}]
        return sorted(known, key=lambda each: _place(each[0]))

    def best(self, name: str) -> Any:
        return next((value for _, value in self.values(name)), None)


def unite(facts: Sequence[HardwareFacts]) -> tuple[tuple[DriveFacts, ...], list[ReportWarning]]:
    """The drives of all sources, those of an inventory first, and what is to be told of them."""
    reserves: list[ReportWarning] = []
    inventory = any(lists_drives(source.tool) for source in facts)
    outside = {
        str(each.facts.get("model")).casefold() for source in facts for each in source.warnings if each.code == "drive.external_left_out"
    }
    found: list[_Seen] = []
    for source in sorted(facts, key=lambda each: (each.tool in DRIVES_ONLY, _place(each.tool))):
        before = list(found)
        taken: list[_Seen] = []
        # Those with a serial first, so that one without never takes the place of a drive that has its own.
        for drive in sorted(source.drives, key=lambda each: not each.serial):
            known = _known(source.tool, drive, before, taken)
            if known is not None:
                known.said.append((source.tool, drive))
                taken.append(known)
                continue
            if source.tool in DRIVES_ONLY and inventory:
                if drive.interface == "usb" or _is_one_of(drive, outside):
                    reserves.append(warning("drive.external_left_out", model=drive.model))
                    continue
                if drive.serial:
                    reserves.append(warning("drive.only_in_smart", serial=drive.serial))
            found.append(_Seen([(source.tool, drive)]))
    united = tuple(_one(each, reserves) for each in found)
    return united, reserves + _twice(united)


def _place(tool: str) -> int:
    return _ORDER.index(tool) if tool in _ORDER else len(_ORDER)


def _is_one_of(drive: DriveFacts, names: Iterable[str]) -> bool:
    model = (drive.model or "").casefold()
    return bool(model) and any(name != "?" and (model.startswith(name) or name.startswith(model)) for name in names)


def _known(tool: str, drive: DriveFacts, before: Iterable[_Seen], taken: Sequence[_Seen]) -> _Seen | None:
    """The drive that an earlier source saw: of the same serial, or else the only one alike where one of the two has none."""
    free = [each for each in before if each not in taken]
    if drive.serial:
        same = [each for each in free if plain_serial(each.best("serial")) == plain_serial(drive.serial)]
        if same:
            return next((each for each in same if _alike(drive, each)), same[0])
    nameless = [each for each in free if not (drive.serial and each.best("serial"))]
    alike = [each for each in nameless if _alike(drive, each)]
    if len(alike) == 1:
        return alike[0]
    # hwinfo names an NVMe drive after its PCI number, which is no part of its name elsewhere: one of the same size and kind is that one.
    same = alike or [each for each in nameless if _same_kind(tool, drive, each)]
    return same[0] if same and not drive.serial else same[0] if len(same) == 1 else None


def _alike(drive: DriveFacts, seen: _Seen) -> bool:
    """Whether two descriptions are of one size, as far as they are not rounded, and one model is part of the other."""
    size, known = drive.size_bytes, seen.best("size_bytes")
    if not size or not known or abs(size - known) > size * _SLACK:
        return False
    return any(one in other or other in one for one in _names(drive.model) for other in _names(seen.best("model")))


def _same_kind(tool: str, drive: DriveFacts, seen: _Seen) -> bool:
    """Whether two NVMe drives are of one size, and the one without a serial is known from hwinfo alone."""
    size, known = drive.size_bytes, seen.best("size_bytes")
    by_hwinfo = (tool == "hwinfo" and not drive.serial) or (not seen.best("serial") and {each for each, _ in seen.said} == {"hwinfo"})
    return bool(by_hwinfo and size and size == known and drive.medium == "nvme" == seen.best("medium"))


def _names(model: str | None) -> set[str]:
    """A model's letters and digits, with and without its first word, which is the maker's in some tools."""
    words = re.split(r"[\s_]+", (model or "").strip().casefold(), maxsplit=1)
    return {bare for text in (" ".join(words), *words[1:]) if len(bare := re.sub(r"[^a-z0-9]", "", text)) >= 4}


def _one(seen: _Seen, reserves: list[ReportWarning]) -> DriveFacts:
    sizes = seen.values("size_bytes")
    # A size that was counted comes before one that was rounded, whoever rounded it.
    counted = [size for tool, size in sizes if tool not in _ROUNDS] or [size for _, size in sizes]
    for tool, size in sizes:
        slack = counted[0] * _SLACK if tool in _ROUNDS else 0
        if abs(size - counted[0]) > slack:
            reserves.append(warning("drive.sizes_differ", serial=seen.best("serial"), kept=counted[0], other=size))
    connections = [value for _, value in seen.values("interface")]
    return DriveFacts(
        manufacturer=seen.best("manufacturer"),
        model=_model(seen),
        serial=seen.best("serial"),
        size_bytes=counted[0] if counted else None,
        medium=seen.best("medium") or "unknown",
        interface=next((each for each in connections if each not in _VAGUE), next(iter(connections), None)),
        health=seen.best("health") or "unknown",
        power_on_hours=seen.best("power_on_hours"),
    )


def _model(seen: _Seen) -> str | None:
    """The most trusted model, or a longer one that begins with it: lshw and hwinfo cut it to sixteen characters."""
    models: list[str] = [model for _, model in seen.values("model")]
    return max((each for each in models if each.casefold().startswith(models[0].casefold())), key=len, default=None)


def _twice(drives: Iterable[DriveFacts]) -> list[ReportWarning]:
    """Two unlike drives under one serial are told, since a serial that two share proves nothing."""
    seen: set[str] = set()
    told: list[ReportWarning] = []
    for drive in drives:
        if drive.serial and plain_serial(drive.serial) in seen:
            told.append(warning("drive.serial_twice", serial=drive.serial))
        seen.add(plain_serial(drive.serial))
    return told
