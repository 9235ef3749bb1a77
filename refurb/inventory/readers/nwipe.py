"""Reads an nwipe log (0.24 to 0.42, ShredOS included): per drive and run, what was done and what is proven."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from refurb.inventory.readers import identity
from refurb.inventory.readers.erasure.told_apart import twice
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
from refurb.inventory.readers.nwipe_runs import DriveLog, Run
from refurb.inventory.readers.serials import plain_serial

_VERIFIES_ONLY = re.compile(r"verify\b|is (all )?(zeros|ones)\b", re.IGNORECASE)
_OUTCOMES: dict[str, Outcome] = {"erased": "success", "failed": "failed", "fail": "failed", "uaborted": "aborted"}
_VERIFY_ALL = 2
_NAMESPACE = re.compile(r"(/dev/nvme\d{1,4})(?:c\d{1,4})?n\d{1,6}(?:p\d{1,4})?")
_WORST_FIRST: tuple[Outcome, ...] = ("failed", "aborted", "unknown", "success")
_WEAKEST_LAST: tuple[Verification, ...] = ("all", "last", "sample", "device", "none")


def is_nwipe(text: str) -> bool:
    """Whether the text is a log of nwipe, whole or in part."""
    head = text[:65536]
    lines = [found for found in map(LINE.match, head.split("\n")) if found]
    return bool(lines) and any("nwipe" in line.group(0) or "/dev/" in line.group(9) for line in lines)


def read(text: str) -> ErasureReportFacts:
    """Every drive of every run in the log; raises Unreadable (`report.no_erasure`) when no method was started in it."""
    found = runs(text)
    erasures = tuple(each for run in found for each in _of_run(run))
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


def _of_run(run: Run) -> Iterator[ErasureFacts]:
    """What a run says of each drive. The namespaces of one NVMe drive are one; any other two under one serial name neither."""
    controllers: dict[str, list[DriveLog]] = {}
    for device in run.devices.values():
        controllers.setdefault(_controller(device.path), []).append(device)
    told = [
        (controller, _united([_erasure(run, each) for each in devices if each.started], devices))
        for controller, devices in controllers.items()
        if any(each.started for each in devices)
    ]
    bearers: dict[str, set[str]] = {}
    for controller, devices in controllers.items():
        for device in devices:
            bearers.setdefault(_shown(device), set()).add(controller)
    for controller, facts in told:
        shown = _shown(controllers[controller][0])
        yield twice(facts, shown) if shown and len(bearers[shown]) > 1 else facts


def _shown(device: DriveLog) -> str:
    return plain_serial(identity.real(device.own_serial) or identity.real(device.shown_serial))


def _controller(path: str) -> str:
    """The drive that a device belongs to: `/dev/nvme0` for its namespace `/dev/nvme0n1`, any other device for itself."""
    found = _NAMESPACE.fullmatch(path)
    return found.group(1) if found else path


def _united(namespaces: list[ErasureFacts], devices: list[DriveLog]) -> ErasureFacts:
    """The namespaces of one drive as one erasure: it succeeded where each of them did, those included that were only listed."""
    first, *others = namespaces
    left = len(devices) - len(namespaces)
    if not others and not left:
        return first
    sizes, erased = [each.size_bytes for each in namespaces], [each.bytes_erased for each in namespaces]
    worst = next(outcome for outcome in _WORST_FIRST if outcome in {each.outcome for each in namespaces})
    ends = [each.ended_at for each in namespaces]
    return replace(
        first,
        size_bytes=sum(each or 0 for each in sizes) if all(sizes) else None,
        bytes_erased=sum(each or 0 for each in erased) if None not in erased else None,
        level=first.level if all(each.level for each in namespaces) else None,
        verification=max((each.verification for each in namespaces), key=_WEAKEST_LAST.index),
        started_at=min((each.started_at for each in namespaces if each.started_at), default=None),
        ended_at=max((each for each in ends if each), default=None) if None not in ends else None,
        outcome="unknown" if worst == "success" and left else worst,
        errors=sum(each.errors for each in namespaces),
        hidden_sectors=True if any(each.hidden_sectors for each in namespaces) else first.hidden_sectors,
        doubt="erasure.incomplete" if left else next((each.doubt for each in namespaces if each.doubt), None),
        warnings=tuple(_distinct(each for facts in namespaces for each in facts.warnings)),
    )


def _distinct(warnings: Iterable[ReportWarning]) -> list[ReportWarning]:
    return list({(each.code, *each.facts.items()): each for each in warnings}.values())


def _serial(device: DriveLog) -> str | None:
    return identity.drive_serial(device.own_serial) or identity.drive_serial(device.shown_serial)


def _host(run: Run) -> HostFacts | None:
    manufacturer = identity.real(run.host.get("manufacturer"))
    model = identity.real_model(run.host.get("model"))
    serial = identity.real(run.host.get("serial"))
    return HostFacts(manufacturer, model, serial) if manufacturer or model or serial else None


def _erasure(run: Run, device: DriveLog) -> ErasureFacts:
    serial = _serial(device)
    bridge = next((each for each in (device.own_serial, device.shown_serial) if identity.is_bridge_serial(each)), None)
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
        doubt=_doubt(device, serial, bridge),
        warnings=tuple(_reserves(run, device, serial, bridge)),
    )


def _medium(device: DriveLog) -> Medium:
    bus = device.bus.casefold()
    if "nvme" in bus or "/nvme" in device.path:
        return "nvme"
    if "mmc" in bus or "/mmcblk" in device.path:
        return "emmc"
    return "ssd" if "ssd" in bus or re.search(r"\bssd\b", device.model or "", re.IGNORECASE) else "unknown"


def _errors(run: Run, device: DriveLog) -> int:
    """The errors that the summary table counts; where it counts none, those that the lines tell, which it does not outweigh.

    Lines that complain and name no drive are those of every drive that was at work, unless they stand beside a line of one that is known
    to have failed: a thread that died leaves a table of zeros and the word "Erased" behind (nwipe up to 0.32).
    """
    return device.table_errors or device.errors + run.strays_of(device)


def _outcome(run: Run, device: DriveLog, serial: str | None) -> Outcome:
    if run.speaks_old and not run.has_table:
        return _outcome_of_lines(run, device)
    if device.status is None:
        return _outcome_without_table(run, device)
    outcome = _OUTCOMES.get(device.status, "unknown")
    if outcome == "success" and _errors(run, device):
        return "failed"
    return "unknown" if outcome == "success" and _says_otherwise(run, device, serial) else outcome


def _doubt(device: DriveLog, serial: str | None, bridge: str | None) -> str | None:
    if serial is None and bridge:
        return "erasure.serial_of_bridge"
    return "erasure.no_end" if device.status == "erased" and not (device.finished or device.blanked) else None


def _says_otherwise(run: Run, device: DriveLog, serial: str | None) -> bool:
    """Whether a log whose table says "Erased" says elsewhere that it was not: no pass ended, errors that no drive of the run explains."""
    ended_badly = run.ended_badly and not run.failed
    return device.is_marked or ended_badly or not (device.finished or device.blanked) or _table_names_another(device, serial)


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
    shown = identity.drive_serial(device.table_serial)
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


def _reserves(run: Run, device: DriveLog, serial: str | None, bridge: str | None) -> Iterator[ReportWarning]:
    yield from _about_its_name(device, serial, bridge)
    if device.status is None and not run.speaks_old:
        yield warning("erasure.no_status", serial=serial)
    if device.hidden_sectors:
        yield warning("erasure.hidden_sectors", serial=serial)
    elif device.hidden_unknown:
        yield warning("erasure.hidden_sectors_unknown", serial=serial)
    if device.started and device.last_seen and device.last_seen < device.started:
        yield warning("erasure.clock_went_back", serial=serial)


def _about_its_name(device: DriveLog, serial: str | None, bridge: str | None) -> Iterator[ReportWarning]:
    if bridge:
        yield warning("erasure.serial_of_bridge", serial=bridge)
    elif serial is None and (device.own_serial or device.shown_serial):
        yield warning("erasure.serial_hidden", device=device.path)
    if identity.is_bridge_model(device.model):
        yield warning("erasure.model_of_bridge", serial=serial, model=device.model)
    other = identity.drive_serial(device.shown_serial)
    if serial and other and other != serial:
        yield warning("erasure.serials_differ", serial=serial, other=other)
    elif _table_names_another(device, serial):
        yield warning("erasure.serials_differ", serial=serial, other=device.table_serial)
