"""Whether a drive may be trusted, from what SMART says: good, to watch, failing, or unknown."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.facts import Health
from refurb.inventory.readers.json_text import part

_EXIT_FAILING = 8
_EXIT_PREFAIL_NOW = 16
_EXIT_SELF_TEST_ERRORS = 128
_DAMAGE_IDS = frozenset({5, 187, 197, 198})
_DAMAGE_NAME = re.compile(r"realloc|pending|uncorrect|retired|grown_bad|bad_block", re.IGNORECASE)
_TEMPERATURE_IDS = frozenset({190, 194})
_NVME_TEMPERATURE = 2


@dataclass(frozen=True, slots=True)
class Attribute:
    """One line of an ATA drive's attribute table; `count` is the low part of the raw value."""

    id: int
    name: str
    count: int
    when_failed: str


def attributes(report: dict[str, Any]) -> list[Attribute]:
    table = part(report, "ata_smart_attributes", "table")
    return list(_rows(table)) if isinstance(table, list) else []


def _rows(table: Iterable[Any]) -> Iterator[Attribute]:
    for row in table:
        number = numbers.whole(part(row, "id"), most=255)
        if number is not None:
            raw = part(row, "raw")
            failed = part(row, "when_failed")
            yield Attribute(
                number,
                identity.clean(part(row, "name")) or "",
                _count(part(raw, "value"), part(raw, "string")),
                failed if isinstance(failed, str) else "",
            )


def _count(value: Any, string: Any) -> int:
    """The count inside a raw value: Fujitsu and IBM pack other figures into its high bytes."""
    shown = re.match(r"\d{1,18}", string) if isinstance(string, str) else None
    number = int(shown.group(0)) if shown else numbers.whole(value) or 0
    return number if number < 2**32 else number & 0xFFFF


def health(report: dict[str, Any]) -> Health:
    """The health of a drive.

    Failing when the drive, its NVMe controller or smartctl's exit status says so. To watch when sectors or media
    are damaged although the drive passes. Unknown when nothing was assessed. An old error log alone, or a
    temperature once too high, is no failure.
    """
    assessed = part(report, "smart_status", "passed")
    status = numbers.whole(part(report, "smartctl", "exit_status"), most=255) or 0
    table = attributes(report)
    if assessed is False or _is_failing(report, status, table):
        return "failing"
    if _is_worn(report, table) or status & _EXIT_SELF_TEST_ERRORS:
        return "watch"
    return "good" if assessed is True else "unknown"


def _is_failing(report: dict[str, Any], status: int, table: list[Attribute]) -> bool:
    if status & (_EXIT_FAILING | _EXIT_PREFAIL_NOW) or any(_failed(row) == "now" for row in table):
        return True
    log = report.get("nvme_smart_health_information_log")
    alarm = numbers.whole(part(log, "critical_warning"), most=255) or 0
    spare = numbers.whole(part(log, "available_spare"))
    threshold = numbers.whole(part(log, "available_spare_threshold"))
    return bool(alarm & ~_NVME_TEMPERATURE) or (spare is not None and threshold is not None and spare < threshold)


def _failed(row: Attribute) -> str:
    return "" if row.id in _TEMPERATURE_IDS else row.when_failed


def _is_worn(report: dict[str, Any], table: list[Attribute]) -> bool:
    if any(row.count and row.id in _DAMAGE_IDS and _DAMAGE_NAME.search(row.name) for row in table):
        return True
    if any(_failed(row) for row in table):
        return True
    log = report.get("nvme_smart_health_information_log")
    return (
        (numbers.whole(part(log, "media_errors")) or 0) > 0
        or (numbers.whole(part(log, "percentage_used")) or 0) >= 100
        or bool(numbers.whole(part(log, "critical_warning")) or 0)
        or (numbers.whole(report.get("scsi_grown_defect_list")) or 0) > 0
        or any(_scsi_uncorrected(report))
    )


def _scsi_uncorrected(report: dict[str, Any]) -> Iterator[int]:
    for way in ("read", "write", "verify"):
        yield numbers.whole(part(report, "scsi_error_counter_log", way, "total_uncorrected_errors")) or 0


def past_failures(table: Iterable[Attribute]) -> Iterator[str]:
    """The names of the attributes that once fell under their threshold and recovered."""
    for row in table:
        if row.when_failed == "past":
            yield row.name or str(row.id)
