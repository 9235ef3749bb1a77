"""Which NVMe drives a text names: `nvme id-ctrl` and `nvme list`, text and JSON."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from refurb.inventory.readers import identity, numbers

_MOST = 200
_BLOCK = re.compile(r"^(?:NVME Identify Controller:|vid\s*:)", re.MULTILINE)
_FIELD = re.compile(r"^(sn|mn|tnvmcap)[ \t]*:[ \t]*(\S[^\n]{0,80})$", re.MULTILINE)
_COMMAND = re.compile(r"\bnvme\s+id-ctrl\b[^\n]{0,200}?/dev/(nvme\d{1,4})")
_RULE = re.compile(r"^-{8,}(?: +-{3,}){3,}[ -]*$", re.MULTILINE)
_MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Identity:
    """A drive as nvme-cli names it: `name` is its controller (`nvme0`), where it is told."""

    name: str | None
    serial: str | None
    model: str | None
    size_bytes: int | None


def identities(document: dict[str, Any]) -> Iterator[Identity]:
    """The drives of `id-ctrl -o json`, or of `list -o json` of nvme-cli 1 (flat) and 2 and 3 (by subsystem)."""
    if isinstance(document.get("sn"), str) and "mn" in document:
        yield _identity(None, document["sn"], document["mn"], document.get("tnvmcap"))
    devices = document.get("Devices")
    for device in (devices if isinstance(devices, list) else [])[:_MOST]:
        if not isinstance(device, dict):
            continue
        if "SerialNumber" in device:
            yield _identity(device.get("DevicePath"), device["SerialNumber"], device.get("ModelNumber"), device.get("PhysicalSize"))
        yield from _by_subsystem(device)


def _by_subsystem(device: dict[str, Any]) -> Iterator[Identity]:
    for subsystem in _dicts(device.get("Subsystems")):
        spaces = _dicts(subsystem.get("Namespaces"))
        for controller in _dicts(subsystem.get("Controllers")):
            own = _dicts(controller.get("Namespaces")) or spaces
            size = sum(numbers.drive_bytes(space.get("PhysicalSize")) or 0 for space in own)
            yield _identity(controller.get("Controller"), controller.get("SerialNumber"), controller.get("ModelNumber"), size)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in (value if isinstance(value, list) else [])[:_MOST] if isinstance(each, dict)]


def _identity(name: Any, serial: Any, model: Any, size: Any) -> Identity:
    found = re.match(r"(?:/dev/)?(nvme\d{1,4})", name) if isinstance(name, str) else None
    return Identity(found.group(1) if found else None, identity.drive_serial(serial), identity.clean(model), numbers.drive_bytes(size))


def identities_in_text(text: str) -> Iterator[Identity]:
    """The drives of `id-ctrl`, and of the table of `list`."""
    starts = [found.start() for found in islice(_BLOCK.finditer(text), _MOST)]
    commands = list(islice(_COMMAND.finditer(text), _MOST))
    # "vid" follows the heading, where there is one: the two open the same block.
    starts = [start for number, start in enumerate(starts) if not number or text[starts[number - 1] : start].count("\n") > 1]
    for start, end in pairwise([*starts, len(text)]):
        fields: dict[str, str] = {}
        for found in _FIELD.finditer(text, start, end):
            fields.setdefault(found.group(1), found.group(2))
        if "sn" in fields:
            before = [command.group(1) for command in commands if command.start() < start]
            yield _identity(before[-1] if before else None, fields["sn"], fields.get("mn"), fields.get("tnvmcap", "").strip())
    yield from _table(text)


def _table(text: str) -> Iterator[Identity]:
    """The table of `nvme list`: the dashes under its headings give the columns."""
    rule = _RULE.search(text)
    if rule is None:
        return
    heading = text[: rule.start()].rstrip("\n").rpartition("\n")[2]
    columns = [found.span() for found in re.finditer(r"-+", rule.group(0))][:_MOST_COLUMNS]
    names = [heading[start:end].strip() for start, end in columns]
    if not {"Node", "SN", "Model"} <= set(names):
        return
    for line in text[rule.end() :].lstrip("\n").split("\n")[:_MOST]:
        if not line.startswith("/dev/nvme"):
            return
        row = {name: line[start:end].strip() for name, (start, end) in zip(names, columns, strict=True)}
        yield _identity(row["Node"], row["SN"], row["Model"], None)
