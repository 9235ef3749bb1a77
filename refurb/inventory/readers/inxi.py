"""Reads inxi, text and JSON: the machine, its modules, drives, battery and screen; sizes are rounded, serials may be hidden."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from refurb.inventory.readers import identity, inxi_text, memory, numbers
from refurb.inventory.readers.battery import is_virtual, together
from refurb.inventory.readers.chassis import chassis
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import BatteryFacts, HardwareFacts, RamModule, ReportWarning, warning
from refurb.inventory.readers.inxi_drives import drives
from refurb.inventory.readers.inxi_text import Records
from refurb.inventory.readers.panels import Panel, named, resolution

_KEY = re.compile(r"(\d{3})#\d{1,3}#\d{1,3}#(.{1,40})", re.DOTALL)
_SECTION = re.compile(r"\d{3}#\d{1,3}#\d{1,3}#")
_MAX_PAIRS = 20_000
_INSIDE = re.compile(r"\b(eDP|LVDS|DSI)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\((portable|laptop|notebook|desktop|server|tower|mini|all-in-one)\)\s*\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"-\d{1,3}\Z")
_CORES = re.compile(r"(?:\d{1,3}x |\d{1,3}-|(?:single|dual|triple|quad|hexa|octa|deca|multi)[ -])core", re.IGNORECASE)
Pairs = Sequence[tuple[str, str]]


def is_inxi(document: Any) -> bool:
    """Whether a parsed document is inxi's JSON."""
    first = document[0] if isinstance(document, list) and document else None
    return isinstance(first, dict) and any(isinstance(key, str) and _SECTION.match(key) for key in list(first)[:5])


def read_json(document: Any) -> HardwareFacts:
    """The facts of inxi's JSON; raises Unreadable (`report.no_machine`) when it holds nothing of a computer."""
    found: Records = {}
    for key, rows in ((key, rows) for each in document if isinstance(each, dict) for key, rows in each.items()):
        section = _KEY.fullmatch(key) if isinstance(key, str) else None
        if section and isinstance(rows, list):
            found.setdefault(section.group(2), []).extend(pair for row in rows if isinstance(row, dict) for pair in _sorted(row))
    return _facts(found)


def read_text(text: str) -> HardwareFacts:
    """The facts of inxi's text; raises Unreadable (`report.no_machine`) when it holds nothing of a computer."""
    return _facts(inxi_text.records(text))


def _sorted(row: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    """The pairs of a record: the keys carry their order, then their depth, then the name."""
    keyed = [
        (found.group(1), found.group(2), value) for key, value in row.items() if isinstance(key, str) and (found := _KEY.fullmatch(key))
    ]
    for _, name, value in sorted(keyed, key=lambda each: each[0]):
        yield name, value if isinstance(value, str) else str(value)


def _facts(found: Records) -> HardwareFacts:
    sections: dict[str, Pairs] = {
        name: [(_NUMBERED.sub("", key), value) for key, value in pairs[:_MAX_PAIRS]] for name, pairs in found.items()
    }
    machine = sections.get("Machine", ())
    inside, reserves = drives(found.get("Drives", ())[:_MAX_PAIRS])
    modules = tuple(_modules(sections.get("Memory") or sections.get("RAM") or ()))
    # inxi 2 says of what shape the machine is behind its maker's name.
    bracketed = _IN_BRACKETS.search(_value(machine, "System") or "")
    shape = chassis(
        _value(machine, "Type"), _value(machine, "Device"), bracketed and bracketed.group(1), _after(machine, "Chassis", "type")
    )
    system = _IN_BRACKETS.sub("", _value(machine, "System") or "") or None
    serial = identity.real(_after(machine, "System", "serial", until=("Chassis", "Mobo")))
    ram = sum(module.size_mb for module in modules) or _seen_ram(sections, reserves)
    cpu = _cpu(sections.get("CPU", ()))
    if not (identity.real(system) or inside or modules or cpu):
        raise Unreadable("report.no_machine")
    if not serial:
        reserves.append(warning("hardware.no_identity"))
    return HardwareFacts(
        tool="inxi",
        tool_version=_version(_value(sections.get("Info", ()), "inxi")),
        manufacturer=identity.real(system),
        model=_model(machine, system),
        serial=serial,
        uuid=identity.real_uuid(_value(machine, "uuid")),
        chassis=shape,
        cpu=cpu,
        ram_mb=ram,
        ram_modules=modules,
        drives=tuple(inside),
        gpu=" + ".join(dict.fromkeys(_graphics(sections.get("Graphics", ())))) or None,
        display=_display(sections.get("Graphics", ()), is_portable=shape in {"laptop", "tablet", "all_in_one"}),
        battery=together(_batteries(sections.get("Battery", ()))),
        macs=tuple(dict.fromkeys(_macs(sections.get("Network", ())))),
        warnings=tuple(reserves),
    )


def _version(said: str | None) -> str | None:
    found = re.match(r"\d[\d.-]{1,15}", said or "")
    return found.group(0) if found else None


def _value(pairs: Pairs, name: str) -> str | None:
    return next((value for key, value in pairs if key == name), None)


def _after(pairs: Pairs, start: str, name: str, until: tuple[str, ...] = ()) -> str | None:
    """The first value of a name that follows another name, before any of those that end its part."""
    within = False
    for key, value in pairs:
        if within and key in until:
            return None
        if within and key == name:
            return value
        within = within or key == start
    return None


def _groups(pairs: Pairs, *starts: str) -> Iterator[list[tuple[str, str]]]:
    """The pairs cut before each key that begins a new thing."""
    group: list[tuple[str, str]] = []
    for pair in pairs:
        if pair[0] in starts:
            if group:
                yield group
            group = [pair]
        elif group:
            group.append(pair)
    if group:
        yield group


def _model(machine: Pairs, system: str | None) -> str | None:
    version = _after(machine, "product", "v", until=("serial", "Chassis", "Mobo"))
    return identity.commercial_name(system, _after(machine, "System", "product", until=("Mobo",)), version)


def _modules(pairs: Pairs) -> Iterator[RamModule]:
    for group in _groups(pairs, "Device"):
        found = memory.module(
            memory.size_mb(_value(group, "size")),
            kind=_value(group, "type"),
            form=_value(group, "form-factor") or _value(group, "type"),
            speed=_value(group, "actual") or _value(group, "spec") or _value(group, "speed"),
            maker=_value(group, "manufacturer"),
            part=_value(group, "part-no"),
            serial=_value(group, "serial"),
            slot=group[0][1],
        )
        if found:
            yield found


def _seen_ram(sections: dict[str, Pairs], reserves: list[ReportWarning]) -> int | None:
    """What the system sees, which is less than what is installed."""
    sizes = [_value(sections.get("Memory", ()), "total"), _value(sections.get("Memory", ()), "available")]
    shown = _value(sections.get("Info", ()), "Memory") or ""
    sizes += [_value(sections.get("Info", ()), "total"), _value(sections.get("Info", ()), "available"), shown.rpartition("/")[2] or shown]
    size = next((found for found in map(memory.size_mb, sizes) if found), None)
    if size:
        reserves.append(warning("hardware.ram_as_seen", ram_mb=size))
    return size


def _cpu(pairs: Pairs) -> str | None:
    """The model's name; before inxi 3 it stood without a key, after the number of cores."""
    said = _value(pairs, "model") or _value(pairs, "CPU") or _value(pairs, "Topology") or _value(pairs, "Info") or _value(pairs, "")
    if not said or _CORES.fullmatch(said):
        return None
    bare = re.sub(
        r"^(?:\d{1,3}x |\(?\d{1,3}[ -]core |(?:single|dual|triple|quad|hexa|octa|deca|multi)[ -]core ){1,2}|^model: ",
        "",
        said,
        flags=re.IGNORECASE,
    )
    return identity.real(re.sub(r"\s*(?:\(-?[\w-]{1,30}-?\)|\[[A-Z ]{2,30}\]|bits?\b|cache\b).*", "", bare))


def _graphics(pairs: Pairs) -> Iterator[str]:
    for group in _groups(pairs, "Device", "Card", "Display", "Screen", "Monitor", "API", "OpenGL"):
        key, value = group[0]
        bus = _value(group, "bus-ID") or ""
        is_usb = _value(group, "type") == "USB" or "-" in bus
        name = identity.real(value)
        if key in {"Device", "Card"} and name and not is_usb and "webcam" not in name.casefold():
            yield name


def _display(pairs: Pairs, *, is_portable: bool) -> str | None:
    """The screen inside the machine; a monitor beside it belongs to the desk."""
    for group in _groups(pairs, "Monitor", "Display", "API", "OpenGL"):
        if group[0][0] == "Monitor" and is_portable and _INSIDE.search(group[0][1]):
            size = re.match(r"(\d{2,4})x(\d{2,4})\s?mm", _value(group, "size") or "")
            wide, high = (int(size.group(1)), int(size.group(2))) if size else (None, None)
            best = _value(group, "modes") or ""
            return (
                str(Panel(named(_value(group, "model")), wide, high, resolution(best.split(",")[0]) or resolution(_value(group, "res"))))
                or None
            )
    # Before inxi 3.3.10 a lone resolution stands without the name of its screen; of several, nothing says which is inside.
    said = [value for key, value in pairs if key == "resolution"] if is_portable else []
    several = [key for key, _ in pairs if re.fullmatch(r"\d", key)]
    return resolution(said[0]) if len(said) == 1 and not several else None


def _batteries(pairs: Pairs) -> Iterator[BatteryFacts]:
    for group in _groups(pairs, "ID", "BAT0", "BAT1", "BAT2", ""):
        state = _value(group, "condition") or ""
        found = re.match(r"([\d.]{1,8})/([\d.]{1,8}) Wh", state)
        if not found:
            continue
        full, design = (float(each) if each.count(".") < 2 and each.strip(".") else 0.0 for each in found.groups())
        model = identity.real(_value(group, "model"))
        health = round(full * 100 / design) if design else None
        maker = identity.real(_value(group, "vendor"))
        if not is_virtual(maker, model):
            yield BatteryFacts(maker, model, round(design * 1000) or None, numbers.whole(health, most=100))


def _macs(pairs: Pairs) -> Iterator[str]:
    for group in _groups(pairs, "Device", "Card", "IF-ID", "WAN IP"):
        if group[0][0] not in {"Device", "Card"} or _value(group, "type") == "USB":
            continue
        address, name = identity.mac(_value(group, "mac")), _value(group, "IF") or ""
        if address and not identity.is_virtual_network(name) and not (identity.is_drawn_by_lot(address) and name.startswith("wl")):
            yield address
