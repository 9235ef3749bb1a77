"""Reads a report of usody-sanitize (eReuse): one drive, overwritten or erased by its own firmware."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from refurb.inventory.readers import capacity, identity, numbers
from refurb.inventory.readers.erasure.times import epoch
from refurb.inventory.readers.facts import ErasureFacts, ErasureReportFacts, Level, Medium, Outcome, ReportWarning, warning
from refurb.inventory.readers.json_text import part

TOOL = "usody-sanitize"

_MEDIA: dict[str, Medium] = {"hdd": "hdd", "ssd": "ssd", "nvme": "nvme", "emmc": "emmc"}
_PURGES = re.compile(r"\bsanitize\b|security-erase-enhanced|\bformat\b.{0,80}(?:-s|--ses)[ =]?2\b")


def is_usody(document: Any) -> bool:
    """Whether a parsed document is one such report."""
    return isinstance(document, dict) and {"steps", "device_info"} <= document.keys()


def read(documents: Iterable[Any]) -> ErasureReportFacts:
    """One erasure for each report."""
    erasures = tuple(_erasure(document) for document in documents)
    return ErasureReportFacts(tool=TOOL, tool_version=erasures[0].tool_version, host=None, erasures=erasures)


def _erasure(document: dict[str, Any]) -> ErasureFacts:
    steps = [step for step in _list(document.get("steps")) if isinstance(step, dict)]
    smart = part(document, "device_info", "export_data", "smart")
    # Behind a USB bridge the block device shows the bridge's number; the drive's own is the one that SMART reads.
    own = identity.drive_serial(part(smart, "serial_number"))
    shown = identity.drive_serial(part(document, "device_info", "serial_number"))
    outcome = _outcome(document, steps)
    size = numbers.drive_bytes(part(smart, "user_capacity", "bytes")) or capacity.from_binary_text(part(document, "device_info", "size"))
    return ErasureFacts(
        serial=own or shown,
        model=identity.clean(part(smart, "model_name")) or identity.clean(part(document, "device_info", "model")),
        size_bytes=size,
        medium=_medium(document, smart),
        method=identity.clean(part(document, "method", "name")),
        level=_level(document, steps),
        rounds=len(steps) or None,
        # It compares ten sectors with what they held before.
        verification="sample" if outcome == "success" and part(document, "validation", "result") is True else "none",
        started_at=epoch(steps[0].get("start_time")) if steps else None,
        ended_at=epoch(steps[-1].get("end_time")) if steps else None,
        outcome=outcome,
        errors=sum(step.get("success") is False for step in steps) or int(outcome == "failed"),
        # It gives no count: the tools that it calls stop with an error before the end, or reach it.
        bytes_erased=size if outcome == "success" else None,
        tool=TOOL,
        tool_version=identity.clean(document.get("version")),
        warnings=tuple(_reserves(own, shown)),
    )


def _outcome(document: dict[str, Any], steps: list[dict[str, Any]]) -> Outcome:
    """Success only with its own `true`, at least one step that succeeded and none that did not, in no part: not by its own check either."""
    result = document.get("result")
    commands = [command for step in steps for command in _list(step.get("commands")) if isinstance(command, dict)]
    if part(document, "validation", "result") is False or any(_failed(each) for each in (*steps, *commands)):
        return "failed"
    if result is True:
        return "success" if steps and all(step.get("success") is True for step in steps) else "unknown"
    return "failed" if result is False else "unknown"


def _failed(part_of_it: dict[str, Any]) -> bool:
    return part_of_it.get("success") is False or bool(numbers.whole(part_of_it.get("return_code")))


def _level(document: dict[str, Any], steps: list[dict[str, Any]]) -> Level | None:
    """Clear for overwriting and for what a normal secure erase or format reaches; Purge for the firmware's own sanitize commands."""
    commands = [part(command, "command") for step in steps for command in _list(step.get("commands"))]
    if not commands and not part(document, "method", "name"):
        return None
    return "purge" if commands and all(isinstance(each, str) and _PURGES.search(each[:500]) for each in commands) else "clear"


def _medium(document: dict[str, Any], smart: Any) -> Medium:
    named = part(document, "device_info", "storage_medium")
    found = _MEDIA.get(named.casefold()) if isinstance(named, str) else None
    if found == "ssd" and part(smart, "device", "protocol") == "NVMe":
        return "nvme"
    return found or "unknown"


def _reserves(own: str | None, shown: str | None) -> Iterator[ReportWarning]:
    if own and shown and own != shown:
        yield warning("erasure.serials_differ", serial=own, other=shown)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
