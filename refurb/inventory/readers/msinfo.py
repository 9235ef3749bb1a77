"""Reads msinfo32 (its text export and its .nfo) and systeminfo, in the languages that come to a French bench."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from refurb.inventory.readers import identity, memory, numbers, xml_tree
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import Chassis, DriveFacts, HardwareFacts, ReportWarning, warning
from refurb.inventory.readers.lshw_drives import is_external_model
from refurb.inventory.readers.windows_words import DESKTOP_ROLES, DISK_LABELS, LABELS, MAC_LABELS, PORTABLE_ROLES, REMOVABLE

_NFO = re.compile(r"<MsInfo\b", re.IGNORECASE)
_TABBED = re.compile(r"^\[[^\]\n]{3,60}\][ \t]*\n+[^\t\n]{2,60}\t[^\t\n]{1,60}", re.MULTILINE)
_SPACED = re.compile(r"([^:\n]{3,60}?)\s*:\s+(\S.*)")
_BYTES = re.compile(r"\(([\d\s.,'\u00a0\u202f\u2019\ufffd]{6,30}) ?(?:bytes|octets|Byte|Bytes|byte)\)", re.IGNORECASE)
_CYLINDER = 255 * 63 * 512
_MAX_ROWS = 50_000
Row = tuple[str, str]


def is_nfo(head: str) -> bool:
    """Whether the beginning of an XML text is an export of msinfo32."""
    return _NFO.search(head) is not None


def is_msinfo(head: str) -> bool:
    """Whether the beginning of a text is msinfo32's: sections in brackets, then label, tab, value."""
    return _TABBED.search(head) is not None and any(_label(line.split("\t")[0]) in LABELS for line in head.split("\n"))


def is_systeminfo(head: str) -> bool:
    """Whether the beginning of a text is systeminfo's: three of its labels."""
    rows = (_SPACED.match(line[:300]) for line in head.split("\n")[:120])
    return len({LABELS[_label(row.group(1))] for row in rows if row and _label(row.group(1)) in LABELS}) >= 3


def read_nfo(text: str) -> HardwareFacts:
    """The facts of a .nfo: its element names are translated, so that a row is any element with two or more leaves."""
    rows = [row for root in xml_tree.roots(text) for element in root.walk() for row in _leaves(element)]
    return _facts("msinfo32", rows[:_MAX_ROWS])


def read_msinfo(text: str) -> HardwareFacts:
    """The facts of msinfo32's text."""
    rows = [(parts[0].strip(), parts[1].strip()) for line in text.split("\n") for parts in [line.split("\t")] if len(parts) > 1]
    return _facts("msinfo32", rows[:_MAX_ROWS])


def read_systeminfo(text: str) -> HardwareFacts:
    """The facts of systeminfo: no serial number, no drive."""
    rows = [(found.group(1), found.group(2).strip()) for line in text.split("\n") for found in [_SPACED.match(line[:300])] if found]
    return _facts("systeminfo", [row for row in rows if row[0].strip()][:_MAX_ROWS])


def _leaves(element: xml_tree.Element) -> Iterator[Row]:
    if len(element.children) >= 2 and not any(child.children for child in element.children[:2]):
        yield element.children[0].text.strip(), element.children[1].text.strip()


def _label(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").casefold().split())


def _facts(tool: str, rows: list[Row]) -> HardwareFacts:
    said: dict[str, str] = {}
    for label, value in rows:
        name = LABELS.get(_label(label))
        if name:
            said.setdefault(name, value)
    maker, serial = identity.real(said.get("manufacturer")), identity.real(said.get("serial"))
    cpu = _processor(said.get("cpu"), rows)
    if not (maker or cpu):
        raise Unreadable("report.no_machine")
    inside, reserves = _drives(rows) if tool == "msinfo32" else ([], [])
    installed, seen = memory.size_mb(_plain(said.get("ram"))), memory.size_mb(_plain(said.get("ram_seen")))
    if not installed and seen:
        reserves.append(warning("hardware.ram_as_seen", ram_mb=seen))
    if not serial:
        reserves.append(warning("hardware.no_identity"))
    return HardwareFacts(
        tool=tool,
        manufacturer=maker,
        model=identity.real_model(said.get("model")),
        serial=serial,
        chassis=_shape(said.get("role")),
        cpu=cpu,
        ram_mb=installed or seen,
        drives=tuple(inside),
        macs=tuple(dict.fromkeys(_macs(rows))) if tool == "msinfo32" else (),
        warnings=tuple(reserves),
    )


def _plain(size: str | None) -> str | None:
    """A size without its separators of thousands: "2,047 MB", "7 862 Mo"."""
    return re.sub(r"(?<=\d)[ ,.'\u00a0\u202f\u2019\ufffd](?=\d{3}(?!\d))", "", size[:60]) if size else None


def _shape(role: str | None) -> Chassis | None:
    word = (role or "").casefold()
    return "laptop" if word in PORTABLE_ROLES else "desktop" if word in DESKTOP_ROLES else None


def _processor(said: str | None, rows: Iterable[Row]) -> str | None:
    """The processor's name: msinfo32 adds its clock and cores after commas, systeminfo lists it on the next line."""
    if said and re.match(r"\d", said):
        listed = next((value for label, value in rows if label.strip() == "[01]"), None)
        return identity.real(listed)
    return identity.real(said.split(", ")[0]) if said else None


def _drives(rows: Iterable[Row]) -> tuple[list[DriveFacts], list[ReportWarning]]:
    """The disks: the rows between one disk's model and the next; msinfo32 knows no serial numbers."""
    found: list[DriveFacts] = []
    reserves: list[ReportWarning] = []
    for said in _disks(rows):
        size = _size(said.get("size"))
        model = identity.real(said.get("model"))
        if size is None or model is None:
            continue
        if any(word in said.get("kind", "").casefold() for word in REMOVABLE) or is_external_model(model) or "usb" in model.casefold():
            reserves.append(warning("drive.external_left_out", model=model))
            continue
        is_nvme = "nvme" in model.casefold()
        medium: Any = "nvme" if is_nvme else "ssd" if identity.is_solid_state(model) else "unknown"
        found.append(DriveFacts(identity.drive_maker(model), model, None, size, medium, "nvme" if is_nvme else None))
        reserves.append(warning("drive.no_serial", model=model))
    return found, reserves


def _disks(rows: Iterable[Row]) -> Iterator[Mapping[str, str]]:
    """Groups of disk rows: a kind of medium, a model and a size, of which the size stands last."""
    said: dict[str, str] = {}
    for label, value in rows:
        name = DISK_LABELS.get(_label(label))
        if name == "size" and "model" in said and "kind" in said:
            yield {**said, "size": value}
            said = {}
        elif name:
            said[name] = value


def _size(text: str | None) -> int | None:
    found = _BYTES.search(text[:120]) if text else None
    size = numbers.drive_bytes(int("".join(re.findall(r"\d", found.group(1))) or 0)) if found else None
    if size:
        return numbers.standard_bytes(size, _CYLINDER) or size
    return numbers.rounded_bytes(text, binary=True)


def _macs(rows: Iterable[Row]) -> Iterator[str]:
    """The addresses of the adapters that are no software: the name of the adapter stands some rows before."""
    name = ""
    for label, value in rows:
        folded = _label(label)
        if folded in {"name", "nom", "nombre", "nome"}:
            name = value
        elif folded in MAC_LABELS:
            address = identity.mac(re.sub(r"[\u200e\u202a-\u202e]", "", value))
            if address and not identity.is_virtual_network(name) and not identity.is_drawn_by_lot(address):
                yield address
