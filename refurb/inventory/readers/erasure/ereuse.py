"""Reads the erasures inside a snapshot of eReuse Workbench (10, 11, 12 and the reports kept in those of 2022 and after)."""

import re
from collections.abc import Iterator
from typing import Any

from refurb.inventory.readers import capacity, identity
from refurb.inventory.readers.erasure import usody
from refurb.inventory.readers.erasure.times import moment
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import ErasureFacts, ErasureReportFacts, HostFacts, Level, Medium, Outcome, Verification
from refurb.inventory.readers.json_text import part

TOOL = "eReuse Workbench"

# What each kind reaches: Workbench overwrites with `shred` (Basic) or with `badblocks -w` (Sectors), which reads back each block.
_LEVELS: dict[str, Level] = {"EraseBasic": "clear", "EraseSectors": "clear", "EraseCrypto": "purge", "ErasePhysical": "destroy"}
_MEDIA: dict[str, Medium] = {"HardDrive": "hdd", "SolidStateDrive": "ssd", "Mmc": "emmc"}
_DRIVES = frozenset({"HardDrive", "SolidStateDrive", "DataStorage", "Mmc"})
_OUTCOMES: dict[Any, Outcome] = {"Info": "success", "Warning": "failed", "Error": "failed", True: "success", False: "failed"}
_MOST_DRIVES = 200
_YAML = re.compile(r"^(?:components|device) *:|^ *-? *type *: *'?\"?Snapshot\b", re.MULTILINE)


def is_snapshot(document: Any) -> bool:
    """Whether a parsed document is a snapshot of Workbench, whatever its age."""
    if not isinstance(document, dict):
        return False
    kind = document.get("type") or document.get("@type")
    inner = document.get("data")
    return kind == "Snapshot" or (isinstance(inner, dict) and "uuid" in document) or ("components" in document and "device" in document)


def is_yaml_snapshot(text: str) -> bool:
    """Whether a text that is not JSON may be a snapshot kept as YAML."""
    return len(_YAML.findall(text)) >= 2


def read(document: dict[str, Any]) -> ErasureReportFacts:
    """Every erasure of every drive of the snapshot; raises Unreadable (`report.no_erasure`) when it tells of none."""
    version = identity.clean(document.get("version")) or (
        str(document["version"]) if isinstance(document.get("version"), int | float) else None
    )
    erasures = [
        _erasure(drive, action, version)
        for drive in _drives(document)
        for action in _actions(drive)
        if _type(action) in _LEVELS
    ]  # fmt: skip
    sanitized = [each for each in _nested_reports(document) if usody.is_usody(each)]
    if sanitized:
        erasures += usody.read(sanitized).erasures
    if not erasures:
        raise Unreadable("report.no_erasure")
    return ErasureReportFacts(tool=TOOL, tool_version=version, host=_host(document), erasures=tuple(erasures))


def _type(node: Any) -> str:
    found = (node.get("type") or node.get("@type")) if isinstance(node, dict) else None
    return found if isinstance(found, str) else ""


def _drives(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for parent in (document, document.get("device"), document.get("data")):
        components = part(parent, "components")
        for each in (components if isinstance(components, list) else [])[:_MOST_DRIVES]:
            if _type(each) in _DRIVES:
                yield each


def _actions(drive: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("actions", "events"):
        found = drive.get(name)
        yield from (each for each in (found if isinstance(found, list) else [])[:_MOST_DRIVES] if isinstance(each, dict))
    # Workbench 10 keeps the one erasure of a drive under its own name.
    if isinstance(drive.get("erasure"), dict):
        yield drive["erasure"]


def _nested_reports(document: dict[str, Any]) -> Iterator[Any]:
    for parent in (document, document.get("data"), part(document, "data", "data")):
        found = part(parent, "erase")
        if isinstance(found, list):
            yield from found[:_MOST_DRIVES]


def _host(document: dict[str, Any]) -> HostFacts | None:
    maker = identity.real(part(document, "device", "manufacturer"))
    model = identity.real_model(part(document, "device", "model"))
    serial = identity.real(part(document, "device", "serialNumber"))
    return HostFacts(maker, model, serial) if maker or model or serial else None


def _erasure(drive: dict[str, Any], action: dict[str, Any], version: str | None) -> ErasureFacts:
    kind = _type(action)
    steps = [step for step in action.get("steps") or () if isinstance(step, dict)] if isinstance(action.get("steps"), list) else []
    outcome = _outcome(action, steps)
    size = capacity.from_megabytes(drive.get("size") or drive.get("totalSize"))
    return ErasureFacts(
        serial=identity.drive_serial(drive.get("serialNumber")),
        model=identity.clean(drive.get("model")),
        size_bytes=size,
        medium=_MEDIA.get(_type(drive), "unknown"),
        method=kind,
        level=_LEVELS[kind],
        rounds=len(steps) or 1,
        verification=_verification(kind, outcome),
        started_at=moment(action.get("startTime") or action.get("startingTime")),
        ended_at=moment(action.get("endTime") or action.get("endingTime")),
        outcome=outcome,
        errors=int(outcome == "failed"),
        # It gives no count: the tools that it calls stop with an error before the end, or reach it.
        bytes_erased=size if outcome == "success" else None,
        tool=TOOL,
        tool_version=version,
    )


def _outcome(action: dict[str, Any], steps: list[dict[str, Any]]) -> Outcome:
    """The worst that is said, of the whole or of a step: either may be good when the other is not. Nothing said proves nothing."""
    whole = _said(action)
    return "failed" if "failed" in {whole, *map(_said, steps)} else whole


def _said(part_of_it: dict[str, Any]) -> Outcome:
    said = part_of_it.get("severity", part_of_it.get("success"))
    return _OUTCOMES.get(said, "unknown") if isinstance(said, str | bool) else "unknown"


_VERIFIED: dict[str, Verification] = {"EraseSectors": "all", "EraseCrypto": "device"}


def _verification(kind: str, outcome: Outcome) -> Verification:
    if outcome != "success":
        return "none"
    return _VERIFIED.get(kind, "none")
