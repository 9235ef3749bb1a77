"""Reads an nwipe log (0.24 to 0.42, ShredOS included): per drive and run, what was done and what is proven."""

import re
from collections.abc import Iterator
from datetime import datetime

from refurb.inventory.readers import identity
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import (
    ErasureFacts,
    ErasureReportFacts,
    HostFacts,
    Medium,
    Outcome,
    ReportWarning,
    Verification,
    warning,
)
from refurb.inventory.readers.nwipe_log import LINE, runs
from refurb.inventory.readers.nwipe_runs import DriveLog, Run, invoked

_VERIFIES_ONLY = re.compile(r"verify\b|is (all )?(zeros|ones)\b", re.IGNORECASE)
_OUTCOMES: dict[str, Outcome] = {"erased": "success", "failed": "failed", "fail": "failed", "uaborted": "aborted"}
_VERIFY_ALL = 2


def is_nwipe(text: str) -> bool:
    """Whether the text is a log of nwipe, whole or in part."""
    head = text[:65536]
    lines = [found for found in map(LINE.match, head.split("\n")) if found]
    return bool(lines) and any("nwipe" in line.group(0) or "/dev/" in line.group(9) for line in lines)


def read(text: str) -> ErasureReportFacts:
    """Every drive of every run in the log; raises Unreadable (`report.no_erasure`) when no method was started in it."""
    found = runs(text)
    erasures = tuple(_erasure(run, device) for run in found for device in invoked(run))
    if not erasures:
        raise Unreadable("report.no_erasure")
    hosts = {_host(run) for run in found}
    return ErasureReportFacts(
        tool="nwipe",
        tool_version=next((run.version for run in found if run.version), None),
        host=hosts.pop() if len(hosts) == 1 else None,
        erasures=erasures,
        warnings=(warning("erasure.several_runs", runs=len(found)),) if len(found) > 1 else (),
    )


def _host(run: Run) -> HostFacts | None:
    manufacturer = identity.real(run.host.get("manufacturer"))
    model = identity.real_model(run.host.get("model"))
    serial = identity.real(run.host.get("serial"))
    return HostFacts(manufacturer, model, serial) if manufacturer or model or serial else None


def _erasure(run: Run, device: DriveLog) -> ErasureFacts:
    serial = identity.real(device.own_serial) or identity.real(device.shown_serial)
    outcome = _outcome(run, device, serial)
    method = device.method or run.method
    return ErasureFacts(
        serial=serial,
        model=device.model,
        size_bytes=max(device.size or 0, device.table_size or 0) or None,
        medium=_medium(device),
        method=method,
        # Overwriting never reaches the spare area of flash, nor remapped sectors: Clear at best (NIST SP 800-88).
        level=None if method is None or _VERIFIES_ONLY.match(method) else "clear",
        rounds=device.rounds or run.rounds,
        verification=_verification(run, device),
        started_at=device.started,
        ended_at=_ended(run, device, outcome),
        outcome=outcome,
        errors=_errors(run, device),
        bytes_erased=device.table_written if device.table_written is not None else device.written,
        tool="nwipe",
        tool_version=run.version,
        hidden_sectors=device.hidden_sectors,
        warnings=tuple(_reserves(run, device, serial)),
    )


def _medium(device: DriveLog) -> Medium:
    bus = device.bus.casefold()
    if "nvme" in bus or "/nvme" in device.path:
        return "nvme"
    if "mmc" in bus or "/mmcblk" in device.path:
        return "emmc"
    return "ssd" if "ssd" in bus or re.search(r"\bssd\b", device.model or "", re.IGNORECASE) else "unknown"


def _errors(run: Run, device: DriveLog) -> int:
    """The errors of the summary table; without one, the lines that complain, those that name no drive included."""
    if device.table_errors is not None:
        return device.table_errors
    done = device.finished or device.blanked
    strays = device.stray_errors if done else run.stray_errors - device.stray_errors_before
    return device.errors + strays


def _outcome(run: Run, device: DriveLog, serial: str | None) -> Outcome:
    if run.speaks_old and not run.has_table:
        return _outcome_of_lines(run, device)
    if device.status is None:
        return _outcome_without_table(run, device)
    outcome = _OUTCOMES.get(device.status, "unknown")
    if outcome == "success" and _errors(run, device):
        return "failed"
    return "unknown" if outcome == "success" and _table_names_another(device, serial) else outcome


def _outcome_of_lines(run: Run, device: DriveLog) -> Outcome:
    """Up to 0.28 no table tells: finished, blanked where blanking began, and not one error."""
    if _errors(run, device):
        return "failed"
    if device.blanked or (device.finished and not device.blanking):
        return "success"
    return "aborted" if run.aborted or device.cancelled else "unknown"


def _outcome_without_table(run: Run, device: DriveLog) -> Outcome:
    """A run that was killed, or is still going, has no table: whatever its lines say, it proves nothing."""
    if run.aborted:
        return "aborted"
    return "failed" if _errors(run, device) else "unknown"


def _table_names_another(device: DriveLog, serial: str | None) -> bool:
    shown = identity.real(device.table_serial)
    if not shown or not serial:
        return False
    return not (shown.startswith(serial) or serial.startswith(shown))


def _verification(run: Run, device: DriveLog) -> Verification:
    """What the lines show to have been read back; an option without its lines proves nothing."""
    expected = (device.passes or 1) * (device.rounds or 1)
    blank_is_read = device.verified_blank or not device.blanking
    asked_for_all = run.verify == _VERIFY_ALL or (run.verify is None and expected > 1)
    if asked_for_all and len(device.verified) >= expected and blank_is_read:
        return "all"
    return "last" if device.verified_last_pass or device.verified_blank else "none"


def _ended(run: Run, device: DriveLog, outcome: Outcome) -> datetime | None:
    """The end by the drive's own lines: the table's duration is wrong for drives that finish early in old versions."""
    if outcome == "success":
        if device.blanked or not device.blanking:
            return device.blanked or device.finished
        return device.last_seen if device.finished else None
    if outcome == "failed":
        return device.last_seen
    return run.ended if outcome == "aborted" else None


def _reserves(run: Run, device: DriveLog, serial: str | None) -> Iterator[ReportWarning]:
    if serial is None and (device.own_serial or device.shown_serial):
        yield warning("erasure.serial_hidden", device=device.path)
    other = identity.real(device.shown_serial)
    if serial and other and other != serial:
        yield warning("erasure.serials_differ", serial=serial, other=other)
    elif _table_names_another(device, serial):
        yield warning("erasure.serials_differ", serial=serial, other=device.table_serial)
    if device.status is None and not run.speaks_old:
        yield warning("erasure.no_status", serial=serial)
    if device.hidden_sectors:
        yield warning("erasure.hidden_sectors", serial=serial)
    elif device.hidden_unknown:
        yield warning("erasure.hidden_sectors_unknown", serial=serial)
    if device.started and device.last_seen and device.last_seen < device.started:
        yield warning("erasure.clock_went_back", serial=serial)
