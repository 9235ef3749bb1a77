"""Reads inventories of the GLPI agent and of FusionInventory and OCS before it: JSON and XML, with the same names.

Of all that an agent sends (people, software, addresses, shares) only the hardware is looked at.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from refurb.inventory.readers import glpi_drives, identity, memory, numbers, xml_tree
from refurb.inventory.readers.battery import health, is_virtual, together
from refurb.inventory.readers.chassis import chassis
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import BatteryFacts, HardwareFacts, RamModule, ReportWarning, warning
from refurb.inventory.readers.panels import Panel, from_edid, is_outside, named, own_panel
from refurb.inventory.readers.xml_tree import Element

TOOL = "GLPI Agent"
_OTHER_ITEMS = frozenset({"phone", "printer", "networkequipment", "unmanaged"})
_INVENTORY = frozenset({"", "inventory"})
_KEYBOARDS = ("keyboard", "mouse", "trackpad", "clavier", "souris", "magic")
_MAX_RECORDS = 2_000
# What a telephone's or a tablet's agent calls itself, whatever kind of item it says that it is.
_NO_COMPUTERS = re.compile(r"\bandroid\b|\bios\b(?! xr)|\bi(?:phone|pad)\b|\bipados\b", re.IGNORECASE)
_MACS = re.compile(r"\bmac ?os\b|\bos x\b|\bdarwin\b", re.IGNORECASE)
Record = Mapping[str, Any]


def is_glpi(document: Any) -> bool:
    """Whether a parsed document is an inventory, or another answer, of the agent."""
    return isinstance(document, dict) and "content" in document and bool({"deviceid", "action", "itemtype"} & document.keys())


def is_glpi_xml(head: str) -> bool:
    """Whether the beginning of a text is the agent's XML."""
    return "<REQUEST>" in head or ("<CONTENT>" in head and "<" in head[:200])


def read_json(document: Record) -> HardwareFacts:
    """The facts of one JSON inventory; raises Unreadable when it is of a phone, a printer or a network, or holds nothing."""
    action = str(document.get("action", "")).casefold()[:40]
    content = document.get("content")
    if str(document.get("itemtype", "")).casefold()[:40] in _OTHER_ITEMS or action not in _INVENTORY:
        raise Unreadable("report.not_a_computer", tool=TOOL)
    if not isinstance(content, dict):
        raise Unreadable("report.no_machine")
    return _facts(content, is_partial=document.get("partial") is True)


def read_xml(text: str) -> HardwareFacts:
    """The facts of one XML inventory; raises Unreadable as `read_json` does, and for XML that is cut or damaged."""
    requests = [each for root in xml_tree.roots(text) for each in _requests(root)]
    if not requests:
        raise Unreadable("report.not_this_tool")
    query = requests[0].first("QUERY")
    content = requests[0] if requests[0].name == "CONTENT" else requests[0].first("CONTENT")
    if query is not None and query.text.strip().casefold() not in _INVENTORY:
        raise Unreadable("report.not_a_computer", tool=TOOL)
    if content is None or (content.first("DEVICE") is not None and content.first("BIOS") is None):
        raise Unreadable("report.not_a_computer", tool=TOOL)
    return _facts(_sections(content), is_partial=False)


def _requests(root: Element) -> list[Element]:
    return [each for each in (root, *root.children) if each.name in {"REQUEST", "CONTENT"}][:1]


def _sections(content: Element) -> dict[str, Any]:
    """The records of the XML under the names of the JSON."""
    found: dict[str, list[dict[str, str]]] = {}
    for section in content.children:
        if section.name == "VERSIONCLIENT":
            found["versionclient"] = [{"version": section.text.strip()}]
        if not section.children:
            continue
        records = found.setdefault(section.name.casefold(), [])
        if len(records) < _MAX_RECORDS:
            records.append({each.name.casefold(): each.text.strip() for each in section.children if each.text.strip()})
    return dict(found)


def records(content: Record, name: str) -> list[Record]:
    """The records of a section: a list, or one alone without its list."""
    found = content.get(name)
    return [each for each in (found if isinstance(found, list) else [found])[:_MAX_RECORDS] if isinstance(each, dict)]


def _facts(content: Record, *, is_partial: bool) -> HardwareFacts:
    bios, hardware = _first(content, "bios"), _first(content, "hardware")
    if _NO_COMPUTERS.search(_system(content)):
        raise Unreadable("report.not_a_computer", tool=TOOL)
    inside, reserves = glpi_drives.drives(records(content, "storages"), binary=_MACS.search(_system(content)) is not None)
    modules = tuple(_modules(content))
    serial = identity.real(bios.get("ssn"))
    cpu = next(_processors(content), None)
    battery = together(_batteries(content))
    if not (serial or identity.real_model(bios.get("smodel")) or inside or modules or cpu or battery):
        raise Unreadable("report.no_machine")
    if is_partial:
        reserves.append(warning("hardware.partial"))
    if not serial:
        reserves.append(warning("hardware.no_identity"))
    maker = identity.real_maker(bios.get("smanufacturer"))
    shape = chassis(hardware.get("chassis_type"), bios.get("type"))
    return HardwareFacts(
        tool=TOOL,
        tool_version=identity.clean(content.get("versionclient")) or _first(content, "versionclient").get("version"),
        manufacturer=maker,
        model=identity.real_model(bios.get("smodel")),
        serial=serial,
        uuid=identity.real_uuid(hardware.get("uuid")),
        chassis=shape,
        cpu=cpu,
        ram_mb=sum(module.size_mb for module in modules) or _seen_ram(hardware, reserves),
        ram_modules=modules,
        drives=tuple(inside),
        gpu=" + ".join(dict.fromkeys(_graphics(content))) or None,
        display=own_panel(_displays(content), shape or "all_in_one"),
        battery=battery,
        macs=tuple(dict.fromkeys(_macs(content))),
        warnings=tuple(reserves),
    )


def _system(content: Record) -> str:
    """What the agent says of the system that it ran on."""
    hardware, system = _first(content, "hardware"), _first(content, "operatingsystem")
    said = (hardware.get("osname"), system.get("full_name"), system.get("name"), system.get("kernel_name"), hardware.get("name"))
    version = content.get("versionclient")
    agent = version if isinstance(version, str) else _first(content, "versionclient").get("version")
    return " ".join(str(each)[:120] for each in (*said, agent) if each)


def _first(content: Record, name: str) -> Record:
    return next(iter(records(content, name)), {})


def _processors(content: Record) -> Iterator[str]:
    for each in records(content, "cpus"):
        name = identity.real(each.get("name"))
        if name:
            yield name
    said = identity.real(_first(content, "hardware").get("processort"))
    if said:
        yield said


def _modules(content: Record) -> Iterator[RamModule]:
    for each in records(content, "memories"):
        size = numbers.whole(each.get("capacity")) or memory.size_mb(each.get("capacity"))
        # macOS counts a module of 2,048 MiB as 2,000.
        size = size * 1024 // 1000 if size and size % 1000 == 0 and size % 1024 else size
        words = f"{each.get('description') or ''} {each.get('caption') or ''}"
        kind = f"{each.get('type') or ''} {words}"
        if "flash" in kind.casefold():
            continue
        found = memory.module(
            size,
            form=words,
            kind=kind,
            speed=each.get("speed"),
            maker=each.get("manufacturer"),
            part=each.get("model"),
            serial=each.get("serialnumber"),
            slot=None if str(each.get("caption")).startswith("Status:") else each.get("caption"),
        )
        if found:
            yield found


def _seen_ram(hardware: Record, reserves: list[ReportWarning]) -> int | None:
    """What the system sees, which is less than what is installed."""
    size = numbers.whole(hardware.get("memory"), most=2**24) or None
    if size:
        reserves.append(warning("hardware.ram_as_seen", ram_mb=size))
    return size


def _graphics(content: Record) -> Iterator[str]:
    for each in records(content, "videos"):
        name = identity.real(each.get("name")) or identity.real(each.get("chipset"))
        if name:
            yield name


def _displays(content: Record) -> Iterator[Panel]:
    """The screen inside the machine; one on a port of the outside belongs to the desk."""
    for each in records(content, "monitors"):
        if is_outside(each.get("port")):
            continue
        seen = from_edid(each.get("base64")) or Panel()
        told = Panel(named(each.get("manufacturer"), each.get("caption")), seen.width_mm, seen.height_mm, seen.resolution)
        if told.name or told.width_mm:
            yield told


def _batteries(content: Record) -> Iterator[BatteryFacts]:
    for each in records(content, "batteries"):
        name = identity.real(each.get("name"))
        design, full = (numbers.whole(each.get(key), most=10_000_000) or 0 for key in ("capacity", "real_capacity"))
        if design <= 100 or is_virtual(name, each.get("manufacturer")) or any(word in (name or "").casefold() for word in _KEYBOARDS):
            continue
        volts = numbers.whole(each.get("voltage")) or 0
        # Old agents give milliampere-hours: no machine runs on less than 10 Wh.
        share = volts / 1000 if design < 10_000 and volts > 3000 else 1
        yield BatteryFacts(identity.real(each.get("manufacturer")), name, round(design * share) or None, health(full or None, design))


def _macs(content: Record) -> Iterator[str]:
    for each in records(content, "networks"):
        name, kind = str(each.get("description") or "")[:200], str(each.get("type") or "").casefold()
        address = identity.mac(each.get("mac") or each.get("macaddr"))
        # On macOS the agent calls every interface virtual.
        is_virtual = str(each.get("virtualdev", "")).casefold() in {"true", "1"} and not re.fullmatch(r"en\d", name)
        if address is None or is_virtual or kind in {"loopback", "bridge", "alias", "dialup", "bluetooth"}:
            continue
        is_usb = str(each.get("pnpdeviceid") or "").upper().startswith(("USB\\", "ROOT\\", "BTH"))
        is_wireless = kind == "wifi" or name.startswith("wl")
        if is_usb or identity.is_virtual_network(name) or (identity.is_drawn_by_lot(address) and is_wireless):
            continue
        yield address
