"""Reads the snapshots of eReuse Workbench since 2022 and of workbench-script: the raw output of other tools, each given to its reader."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from refurb.inventory.readers import ereuse, identity
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import HardwareFacts, ReportWarning, warning
from refurb.inventory.readers.json_text import part
from refurb.inventory.readers.merge import merge

_PARTS = ("lshw", "dmidecode", "hwinfo", "inxi", "smart", "smartctl", "upower")
_DEEPEST = 3
Reader = Callable[[Any], HardwareFacts]


def is_snapshot(document: Any) -> bool:
    """Whether a parsed document is a snapshot of any age."""
    if not isinstance(document, dict):
        return False
    kind = document.get("type") or document.get("@type")
    named = isinstance(kind, str) and kind.rpartition(":")[2] == "Snapshot"
    return named or ("components" in document and "device" in document) or _raw(document) is not None


def read(document: dict[str, Any], read_part: Reader) -> HardwareFacts:
    """The facts of one snapshot; `read_part` reads a text, or a parsed document, of any other tool.

    A part that cannot be read is told; raises Unreadable (`report.no_machine`) when none can.
    """
    inner = _raw(document)
    if inner is None:
        inside = part(document, "data")
        whole = inside if isinstance(inside, dict) and "device" in inside else document
        inner = part(document, "debug")
        found = [ereuse.read(whole)]
    else:
        found = []
    unread: list[ReportWarning] = []
    found += _parts(inner if isinstance(inner, dict) else {}, read_part, unread, is_extra=bool(found))
    merged = merge(found)
    version = document.get("version")
    return replace(
        merged,
        tool=ereuse.TOOL,
        uuid=merged.uuid or identity.real_uuid(part(document, "debug", "lshw", "configuration", "uuid")),
        tool_version=str(version)[:60] if isinstance(version, int | float) else identity.clean(version),
        warnings=(*merged.warnings, *unread),
    )


def _raw(document: dict[str, Any]) -> dict[str, Any] | None:
    """The object with the raw outputs: `data`, which some programs wrap once more."""
    inner = document.get("data")
    for _ in range(_DEEPEST):
        if not isinstance(inner, dict):
            return None
        if any(name in inner for name in _PARTS):
            return inner
        inner = inner.get("data")
    return None


def _parts(inner: dict[str, Any], read_part: Reader, unread: list[ReportWarning], *, is_extra: bool) -> Iterator[HardwareFacts]:
    for name in _PARTS:
        value = inner.get(name)
        if not value or not isinstance(value, str | dict | list):
            continue
        try:
            yield read_part(value)
        except Unreadable as refused:
            # A machine without drives, or a key that smartctl cannot open, is no fault of the snapshot.
            if not is_extra and refused.code not in {"report.no_drive", "report.no_machine", "report.empty"}:
                unread.append(warning("report.part_unread", part=name))
