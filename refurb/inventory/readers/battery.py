"""Reads what Linux says of a battery: upower's text in any language, and the `uevent` of a power supply."""

import re
from collections.abc import Iterable, Mapping

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import BatteryFacts, HardwareFacts, warning

_UEVENT = re.compile(r"^POWER_SUPPLY_([A-Z_]{2,40})=(.{0,200})$", re.MULTILINE)
_UPOWER = re.compile(r"^ {1,8}([a-z][a-z -]{1,30}): +(\S.{0,200})$", re.MULTILINE)
_VIRTUAL = re.compile(r"\bvirtual\b|\bfake\b|\bcrb battery\b|\bdummy\b|\bsimulated\b|\bqemu\b|\bvmware\b|hyper-v", re.IGNORECASE)
_RECOGNISED = re.compile(r"^ {0,4}native-path: |^POWER_SUPPLY_NAME=", re.MULTILINE)


def is_battery(head: str) -> bool:
    """Whether the beginning of a text is upower's or a uevent's."""
    return _RECOGNISED.search(head) is not None


def read(text: str) -> HardwareFacts:
    """The battery of the text and nothing else of the machine; raises Unreadable (`report.no_machine`) where it shows none."""
    is_uevent = "POWER_SUPPLY_NAME=" in text
    pattern, reader = (_UEVENT, _from_uevent) if is_uevent else (_UPOWER, _from_upower)
    # Of several batteries the first one, which is the machine's own: the others are its slice, a mouse or a headset.
    said: dict[str, str] = {}
    for name, value in pattern.findall(text):
        said.setdefault(name, value.strip())
    battery = reader(said)
    if battery is None:
        raise Unreadable("report.no_machine")
    return HardwareFacts(tool="uevent" if is_uevent else "upower", battery=battery, warnings=(warning("hardware.partial"),))


def _from_uevent(said: Mapping[str, str]) -> BatteryFacts | None:
    if said.get("TYPE", "Battery") != "Battery":
        return None
    energy, charge = _pair(said, "ENERGY"), _pair(said, "CHARGE")
    full, design = energy if energy[1] else charge
    if not design or is_virtual(said.get("MANUFACTURER"), said.get("MODEL_NAME"), said.get("NAME")):
        return None
    volts = numbers.whole(said.get("VOLTAGE_MIN_DESIGN")) or 0
    milliwatt_hours = design // 1000 if energy[1] else design * volts // 10**9  # µWh, or µAh and µV
    return BatteryFacts(
        identity.real(said.get("MANUFACTURER")),
        identity.real(said.get("MODEL_NAME")),
        milliwatt_hours or None,
        health(full, design),
    )


def _pair(said: Mapping[str, str], name: str) -> tuple[int | None, int | None]:
    return numbers.whole(said.get(f"{name}_FULL")), numbers.whole(said.get(f"{name}_FULL_DESIGN"))


def _from_upower(said: Mapping[str, str]) -> BatteryFacts | None:
    full, design = _watt_hours(said.get("energy-full")), _watt_hours(said.get("energy-full-design"))
    if not design or is_virtual(said.get("vendor"), said.get("model")):
        return None
    # "capacity" is upower's own word for what is left of the design; "percentage" is the charge of the moment.
    told = re.match(r"(\d{1,3})(?:[.,](\d))?", said.get("capacity", ""))
    left = round(float(f"{told.group(1)}.{told.group(2) or 0}")) if told else None
    measured = health(full, design) if left is None or left > 100 else left
    return BatteryFacts(identity.real(said.get("vendor")), identity.real(said.get("model")), design, measured)


def _watt_hours(text: str | None) -> int | None:
    """Milliwatt-hours from "51,504 Wh"."""
    found = re.match(r"(\d{1,4})(?:[.,](\d{1,3}))? Wh", text or "")
    return int(found.group(1)) * 1000 + int((found.group(2) or "0").ljust(3, "0")) if found else None


def is_virtual(*words: object) -> bool:
    """Whether what names a battery says that it is none: that of the chipset's reference board, or of a virtual machine."""
    return any(isinstance(each, str) and _VIRTUAL.search(each[:120]) for each in words)


def together(batteries: Iterable[BatteryFacts]) -> BatteryFacts | None:
    """The batteries of a machine as one: their design in all, and the health of the worst, which is the one to replace."""
    found = list(batteries)
    if len(found) < 2:
        return found[0] if found else None
    names = list(dict.fromkeys(each.model for each in found if each.model))
    makers = {each.manufacturer for each in found if each.manufacturer}
    designs = [each.design_mwh for each in found]
    return BatteryFacts(
        manufacturer=makers.pop() if len(makers) == 1 else None,
        model=" + ".join(names) or None,
        design_mwh=sum(each or 0 for each in designs) if all(designs) else None,
        health_percent=min((each.health_percent for each in found if each.health_percent is not None), default=None),
    )


def health(full: int | None, design: int | None) -> int | None:
    """What a full battery still holds, in percent of its design; a new one may hold a little more, and is told as 100."""
    if not design or full is None or full > design * 2:
        return None
    return min(100, round(full * 100 / design))
