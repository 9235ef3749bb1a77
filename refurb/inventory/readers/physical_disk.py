"""Reads PowerShell's `Get-PhysicalDisk`, as a table, a list, JSON or CSV, by saying it in the words of WMI: one reader judges both."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from refurb.inventory.readers import numbers, wmi
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, Health, ReportWarning, warning

TOOL = "Get-PhysicalDisk"
_MEDIA = {"unspecified": "0", "hdd": "3", "ssd": "4", "scm": "5"}
_BUSES = {
    "scsi": "1", "atapi": "2", "ata": "3", "1394": "4", "usb": "7", "raid": "8", "sas": "10", "sata": "11", "sd": "12", "mmc": "13",
    "nvme": "17",
}  # fmt: skip
_HEALTHS: Mapping[str, Health] = {"healthy": "good", "0": "good", "warning": "watch", "1": "watch", "unhealthy": "failing", "2": "failing"}
_HEADING = re.compile(r"^(?:Number +|DeviceId +)?FriendlyName +SerialNumber +.*\bMediaType\b.*$", re.MULTILINE)
_LIST = re.compile(r"^(?:FriendlyName|SerialNumber|AdapterSerialNumber) +: ?", re.MULTILINE)
_PAIR = re.compile(r"([A-Z][A-Za-z]{1,40}) +: ?(.*)")
_CSV = re.compile(r'^(?:#TYPE [^\n]*\n)?"?[A-Za-z]+"?[,;].*"?FriendlyName"?', re.MULTILINE)
_SIZE = re.compile(r"\d[\d.,\u00a0\u202f ]{0,12}\s?[KMGTP]?[Bo]\s*$")
_MAX_DISKS = 200


def is_physical_disk(head: str) -> bool:
    """Whether the beginning of a text is that of Get-PhysicalDisk."""
    is_list = _LIST.search(head) is not None and re.search(r"^(?:MediaType|BusType) +: ?", head, re.MULTILINE) is not None
    return is_list or _HEADING.search(head) is not None or (_CSV.search(head) is not None and "MediaType" in head)


def is_physical_disk_json(document: Any) -> bool:
    """Whether a parsed document is one disk of `Get-PhysicalDisk | ConvertTo-Json`, or a list of them."""
    first = document[0] if isinstance(document, list) and document else document
    return isinstance(first, dict) and "FriendlyName" in first and "MediaType" in first


def read_text(text: str) -> HardwareFacts:
    """The drives of the text; raises Unreadable (`report.no_drive`) when it lists none."""
    table = _HEADING.search(text)
    if table:
        return _facts(_rows(table.group(0), text[table.end() :]))
    return _facts(_records(text) if _LIST.search(text) else _csv(text))


def read_json(documents: Iterable[Any]) -> HardwareFacts:
    """The drives of the JSON; raises Unreadable (`report.no_drive`) when it lists none."""
    found = (each for document in documents for each in (document if isinstance(document, list) else [document]))
    return _facts({name: "" if value is None else str(value) for name, value in each.items()} for each in found if isinstance(each, dict))


def _rows(heading: str, text: str) -> Iterator[dict[str, str]]:
    """The rows of the table: its rules give the columns, of which the last, a size, stands to the right."""
    rule, _, body = text.lstrip("\n").partition("\n")
    spans = [found.span() for found in re.finditer(r"-+ *", rule)] or [found.span() for found in re.finditer(r"\S+ *", heading)]
    for line in body.split("\n"):
        if not line.strip():
            return
        # The last column, the size, stands to the right: it may begin before its heading.
        size = _SIZE.search(line)
        row = {heading[start:end].strip(): line[start:end].strip() for start, end in spans}
        yield {**row, "Size": size.group(0).strip() if size else ""}


def _records(text: str) -> Iterator[dict[str, str]]:
    said: dict[str, str] = {}
    for line in text.split("\n"):
        found = _PAIR.match(line.strip())
        if not found:
            continue
        if found.group(1) in said:
            yield said
            said = {}
        said[found.group(1)] = found.group(2).strip()
    if said:
        yield said


def _csv(text: str) -> Iterator[dict[str, str]]:
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#TYPE")][: _MAX_DISKS + 1]
    separator = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    for row in csv.DictReader(lines, delimiter=separator):
        yield {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)}


def _facts(disks: Iterable[Mapping[str, str]]) -> HardwareFacts:
    drives: list[DriveFacts] = []
    reserves: list[ReportWarning] = [warning("hardware.partial")]
    for count, disk in enumerate(disks):
        if count >= _MAX_DISKS:
            break
        before = len(drives)
        wmi.take_drive(_in_numbers(disk), drives, reserves)
        if len(drives) > before:
            drives[-1] = _with_health(drives[-1], disk.get("HealthStatus", ""))
    if not drives and not any(each.code == "drive.external_left_out" for each in reserves):
        raise Unreadable("report.no_drive")
    return HardwareFacts(tool=TOOL, drives=tuple(drives), warnings=tuple(reserves))


def _in_numbers(disk: Mapping[str, str]) -> dict[str, str]:
    size = disk.get("Size", "")
    # A table rounds, and writes GB where it means GiB.
    size_bytes = numbers.drive_bytes(size) or numbers.rounded_bytes(size, binary=True)
    media, bus = disk.get("MediaType", "").casefold(), disk.get("BusType", "").casefold()
    return {
        **disk,
        "MediaType": _MEDIA.get(media, media or "0"),
        "BusType": _BUSES.get(bus, bus),
        "Size": str(size_bytes or ""),
    }


def _with_health(drive: DriveFacts, said: str) -> DriveFacts:
    return DriveFacts(**{**drive.to_json(), "health": _HEALTHS.get(said.casefold(), "unknown")})
