"""Reads lshw's plain text: the same tree as its JSON, told by indents, so that one reader understands both."""

import re
from typing import Any

from refurb.inventory.readers import lshw, numbers
from refurb.inventory.readers.facts import HardwareFacts

_NODE = re.compile(r"( *)\*-([A-Za-z][\w.-]*(?::\d{1,4})?)(?: (?:UNCLAIMED|DISABLED))?\s*$")
_FIELD = re.compile(r"( +)([a-z][a-z ]{1,24}): ?(.*)$")
_RECOGNISED = re.compile(r"^ {2,12}\*-(?:core|memory|cpu|firmware|disk|pci|network)\b", re.MULTILINE)
_ROOT = re.compile(r"(\S{1,64})\s*$")
_NAMES = {"bus info": "businfo", "logical name": "logicalname", "physical id": "physid"}
_MAX_LINES = 20_000
# The class that the JSON writes beside the name of a node, and the text does not.
_CLASSES = {
    "memory": "memory", "bank": "memory", "cache": "memory", "firmware": "memory", "cpu": "processor", "display": "display",
    "network": "network", "disk": "disk", "cdrom": "disk", "namespace": "disk", "medium": "disk", "volume": "volume",
    "logicalvolume": "volume", "partition": "disk", "nvme": "storage", "sata": "storage", "ide": "storage", "storage": "storage",
    "scsi": "storage", "raid": "storage", "sas": "storage", "battery": "power", "power": "power", "mmc": "bus", "sdmmc": "disk",
    "device": "generic", "core": "bus", "usb": "bus", "usbhost": "bus", "pci": "bridge", "isa": "bridge",
}  # fmt: skip
_UNITS = {"": 0, "Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4}


def is_lshw_text(head: str) -> bool:
    """Whether the beginning of a text is lshw's plain output."""
    return _RECOGNISED.search(head) is not None


def read(text: str) -> HardwareFacts:
    """The facts of one report, its sizes as they are rounded; raises Unreadable when it holds nothing of a computer."""
    roots: list[dict[str, Any]] = []
    path: list[tuple[int, dict[str, Any]]] = []
    for line in text.split("\n")[:_MAX_LINES]:
        begins = _NODE.match(line)
        if begins:
            node: dict[str, Any] = {"id": begins.group(2), "class": _CLASSES.get(begins.group(2).partition(":")[0], "generic")}
            depth = len(begins.group(1))
            while path and path[-1][0] >= depth:
                path.pop()
            (path[-1][1].setdefault("children", []) if path else roots).append(node)
            path.append((depth, node))
            continue
        field = _FIELD.match(line)
        if field and path:
            _take(path[-1][1], _NAMES.get(field.group(2), field.group(2)), field.group(3).strip())
        elif not field and _ROOT.match(line) and not path:
            roots.append({"id": line.strip(), "class": "system"})
            path.append((-1, roots[-1]))
    return lshw.read(roots)


def _take(node: dict[str, Any], name: str, value: str) -> None:
    if name in {"configuration", "capabilities"}:
        node[name] = dict(part.partition("=")[::2] for part in value.split() if part)
    elif name == "logicalname":
        node.setdefault(name, []).append(value)
    elif name in {"size", "capacity"} and node["class"] != "power":
        size = _bytes(value, is_memory=node["class"] == "memory")
        if size:
            node[name], node["units"] = size, "bytes"
    elif name == "capacity":
        found = re.match(r"(\d{1,7})mWh", value)
        node[name] = int(found.group(1)) if found else None
    elif name == "clock":
        found = re.match(r"(\d{1,5})MHz", value)
        node[name] = int(found.group(1)) * 1_000_000 if found else None
    else:
        node.setdefault(name, value)


def _bytes(text: str, *, is_memory: bool) -> int | None:
    """`8GiB` of memory, or `238GiB (256GB)` of a drive: to the byte where that is a capacity that drives are sold with, else unknown."""
    found = re.match(r"(\d{1,9})(|Ki|Mi|Gi|Ti)B\b(?: \((\d{1,6})([MGT])B\))?", text)
    if found is None:
        return None
    if is_memory:
        return int(found.group(1)) << 10 * _UNITS[found.group(2)]
    if not found.group(3):
        return None
    unit = 1000 ** ("MGT".index(found.group(4)) + 2)
    return numbers.standard_bytes(int(found.group(3)) * unit, unit // 2)
