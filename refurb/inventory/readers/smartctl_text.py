"""Reads smartctl's text output, by saying it in the words of its JSON: one reader judges both."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from refurb.inventory.readers import numbers

_BANNER = re.compile(r"^smartctl (?:pre-)?(\d{1,2})\.(\d{1,2})", re.MULTILINE)
_HEADING = re.compile(r"^=== START OF INFORMATION SECTION", re.MULTILINE)
_PAIR = re.compile(r"([A-Za-z][^:=\n]{0,60}?)\s*[:=]\s+(\S.*)|\s*(Accumulated power on time, hours:minutes) (\d+)")
_DEVICE = re.compile(r"(/dev/[a-z0-9]{2,20})\b")
_ATTRIBUTE = re.compile(
    r"\s{0,3}(\d{1,3}) ([A-Za-z][\w/-]{1,40})\s+(?:0x[0-9a-f]{4}|[-POSRCK+]{6})\s+\d{3}\s+\d{3}\s+(?:\d{3}|---)\s+"
    r"(?:(?:Pre-fail|Old_age)\s+(?:Always|Offline)\s+)?(\S{1,20})\s+(\S.{0,80})"
)
_WHEN = {"failing_now": "now", "now": "now", "in_the_past": "past", "past": "past"}
_MAX_REPORTS = 500


def is_smartctl_text(head: str) -> bool:
    """Whether the beginning of a text is smartctl's."""
    return _BANNER.search(head) is not None or _HEADING.search(head) is not None


def documents(text: str) -> list[dict[str, Any]]:
    """One report as smartctl's JSON has it for each drive of the text."""
    starts = [found.start() for found in _BANNER.finditer(text)] or [found.start() for found in _HEADING.finditer(text)]
    ends = [*starts[1:], len(text)]
    return [_document(text[start:end]) for start, end in zip(starts[:_MAX_REPORTS], ends, strict=False)]


def _document(text: str) -> dict[str, Any]:
    banner = _BANNER.match(text)
    said = dict(_pairs(text))
    is_nvme = "nvme version" in said or "model number" in said
    is_ata = "device model" in said
    size = numbers.grouped(said.get("user capacity") or said.get("total nvm capacity") or _namespace(said))
    report: dict[str, Any] = {
        "smartctl": {"version": [int(part) for part in banner.groups()] if banner else []},
        "device": {"name": _first_device(text), "protocol": "NVMe" if is_nvme else "ATA" if is_ata else "SCSI"},
        "model_name": said.get("device model") or said.get("model number"),
        "model_family": said.get("model family"),
        "vendor": said.get("vendor"),
        "product": said.get("product"),
        "serial_number": said.get("serial number"),
        "user_capacity": {"bytes": size},
        "ata_smart_attributes": {"table": [_attribute(found) for found in _ATTRIBUTE.finditer(text)]},
        "scsi_grown_defect_list": numbers.grouped(said.get("elements in grown defect list")),
        "scsi_transport_protocol": {"name": said.get("transport protocol")},
    }
    if "sata version is" in said:
        report["sata_version"] = {}
    report.update(_rotation(said), **_assessment(said))
    report["power_on_time"] = {"hours": _hours(said, report["ata_smart_attributes"]["table"])}
    if is_nvme:
        report["nvme_smart_health_information_log"] = _nvme_log(said)
    return report


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """What the lines say, the first of each name; names in lower case, since SCSI writes "Serial number"."""
    seen: set[str] = set()
    for line in text.split("\n"):
        found = _PAIR.match(line[:400])
        if found is None:
            continue
        name = (found.group(1) or found.group(3)).strip().casefold()
        if name not in seen:
            seen.add(name)
            yield name, (found.group(2) or found.group(4)).strip()


def _namespace(said: Mapping[str, str]) -> str | None:
    return next((value for name, value in said.items() if name.startswith("namespace 1 size")), None)


def _first_device(text: str) -> str | None:
    found = _DEVICE.search(text[:2000])
    return found.group(1) if found else None


def _rotation(said: Mapping[str, str]) -> dict[str, Any]:
    rate = said.get("rotation rate", "")
    if rate.casefold().startswith("solid state"):
        return {"rotation_rate": 0}
    speed = re.match(r"(\d{4,5}) rpm", rate)
    return {"rotation_rate": int(speed.group(1))} if speed else {}


def _assessment(said: Mapping[str, str]) -> dict[str, Any]:
    verdict = said.get("smart overall-health self-assessment test result", "").casefold()
    if verdict:
        return {"smart_status": {"passed": False if "fail" in verdict else True if "passed" in verdict else None}}
    scsi = said.get("smart health status", "").casefold()
    return {"smart_status": {"passed": scsi.startswith("ok")}} if scsi else {}


def _attribute(found: re.Match[str]) -> dict[str, Any]:
    number, name, failed, raw = found.groups()
    value = re.match(r"\d{1,18}", raw)
    return {
        "id": int(number),
        "name": name,
        "when_failed": _WHEN.get(failed.casefold(), ""),
        "raw": {"value": int(value.group(0)) if value else 0, "string": raw.strip()},
    }


def _hours(said: Mapping[str, str], table: list[dict[str, Any]]) -> int | None:
    shown = said.get("power on hours") or said.get("accumulated power on time, hours:minutes") or said.get("number of hours powered up")
    if shown is not None:
        return numbers.grouped(shown.split(".")[0] if re.fullmatch(r"\d+\.\d{1,2}", shown) else shown)
    return next((_counted(row) for row in table if row["id"] == 9), None)


def _counted(row: dict[str, Any]) -> int | None:
    """The hours of attribute 9, which some drives count in minutes or seconds and name so."""
    value = numbers.whole(row["raw"]["value"])
    if value is None or "h" in row["raw"]["string"]:
        return value
    divisor = 120 if "Half_Minutes" in row["name"] else 60 if "Minutes" in row["name"] else 3600 if "Seconds" in row["name"] else 1
    return value // divisor


def _nvme_log(said: Mapping[str, str]) -> dict[str, Any]:
    alarm = re.match(r"0x([0-9a-fA-F]{1,2})", said.get("critical warning", ""))
    return {
        "critical_warning": int(alarm.group(1), 16) if alarm else None,
        "percentage_used": numbers.grouped(said.get("percentage used")),
        "available_spare": numbers.grouped(said.get("available spare")),
        "available_spare_threshold": numbers.grouped(said.get("available spare threshold")),
        "media_errors": numbers.grouped(said.get("media and data integrity errors")),
    }
