"""Facts as they were kept beside a report, made facts again; a fact that an older version of ours did not keep is not known."""

from collections.abc import Mapping
from typing import Any, TypeVar

from refurb.inventory.readers.facts import BatteryFacts, DriveFacts, HardwareFacts, RamModule, ReportWarning

_Record = TypeVar("_Record", RamModule, DriveFacts, BatteryFacts)
_PLAIN = ("manufacturer", "model", "serial", "uuid", "chassis", "cpu", "ram_mb", "gpu", "display")


def from_json(kept: Mapping[str, Any]) -> HardwareFacts:
    """What `HardwareFacts.to_json` gave, as it was."""
    battery = kept.get("battery")
    return HardwareFacts(
        tool=kept["tool"],
        **{name: kept.get(name) for name in _PLAIN},
        ram_modules=tuple(_record(RamModule, each) for each in kept.get("ram_modules", ())),
        drives=tuple(_record(DriveFacts, each) for each in kept.get("drives", ())),
        battery=_record(BatteryFacts, battery) if battery else None,
        macs=tuple(kept.get("macs", ())),
        warnings=tuple(
            ReportWarning(each["code"], {name: value for name, value in each.items() if name != "code"})
            for each in kept.get("warnings", ())
        ),
    )


def _record(kind: type[_Record], kept: Mapping[str, Any]) -> _Record:
    return kind(**{name: value for name, value in kept.items() if name in kind.__slots__})
