"""What a report says, whatever the tool: the normalised facts of a machine and of an erasure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Medium = Literal["hdd", "ssd", "nvme", "emmc", "unknown"]
Health = Literal["good", "watch", "failing", "unknown"]
Chassis = Literal["laptop", "desktop", "all_in_one", "mini", "tablet", "server"]
Level = Literal["clear", "purge", "destroy"]
Verification = Literal["all", "last", "sample", "device", "none"]
"""What was checked after writing: every pass read back, the last pass, some sectors, or the word of the drive's own
controller that its command completed (NIST SP 800-88 Rev. 2 and IEEE 2883-2022 ask for the status of a firmware command,
since what it erased cannot be read back); `none` proves nothing."""
Outcome = Literal["success", "failed", "aborted", "unknown"]


@dataclass(frozen=True, slots=True)
class ReportWarning:
    """A reserve about what was read: a code of `errors.WARNINGS` and the facts of its sentence."""

    code: str
    facts: Mapping[str, str | int]

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, **self.facts}


def warning(code: str, **facts: str | int | None) -> ReportWarning:
    """A warning; what is not known becomes a question mark, so that a sentence can always be made."""
    return ReportWarning(code, {name: "?" if value is None else value for name, value in facts.items()})


@dataclass(frozen=True, slots=True)
class RamModule:
    """One memory module that is present; sizes in MiB, speed in MHz (MT/s as the tools print it)."""

    size_mb: int
    form: str | None = None
    type: str | None = None
    speed_mhz: int | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    slot: str | None = None

    def to_json(self) -> dict[str, Any]:
        return _fields(self)


@dataclass(frozen=True, slots=True)
class DriveFacts:
    """One drive inside the machine, or on the bench; `interface` is the connection seen (`usb` behind a bridge)."""

    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    size_bytes: int | None = None
    medium: Medium = "unknown"
    interface: str | None = None
    health: Health = "unknown"
    power_on_hours: int | None = None

    def to_json(self) -> dict[str, Any]:
        return _fields(self)


@dataclass(frozen=True, slots=True)
class BatteryFacts:
    """A battery; capacities in mWh, health in percent of the design where a tool measures it."""

    manufacturer: str | None = None
    model: str | None = None
    design_mwh: int | None = None
    health_percent: int | None = None

    def to_json(self) -> dict[str, Any]:
        return _fields(self)


@dataclass(frozen=True, slots=True)
class HardwareFacts:
    """One machine as one tool saw it on one day; only real identities, no owner, no host name, no address."""

    tool: str
    tool_version: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    uuid: str | None = None
    chassis: Chassis | None = None
    cpu: str | None = None
    ram_mb: int | None = None
    ram_modules: tuple[RamModule, ...] = ()
    drives: tuple[DriveFacts, ...] = ()
    gpu: str | None = None
    display: str | None = None
    battery: BatteryFacts | None = None
    macs: tuple[str, ...] = ()
    warnings: tuple[ReportWarning, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The normalised facts with the keys of `refurb hardware read --json`."""
        return {
            "tool": self.tool,
            "manufacturer": self.manufacturer,
            "model": self.model,
            "serial": self.serial,
            "uuid": self.uuid,
            "chassis": self.chassis,
            "cpu": self.cpu,
            "ram_mb": self.ram_mb,
            "ram_modules": [module.to_json() for module in self.ram_modules],
            "drives": [drive.to_json() for drive in self.drives],
            "gpu": self.gpu,
            "display": self.display,
            "battery": self.battery.to_json() if self.battery else None,
            "macs": list(self.macs),
            "warnings": [each.to_json() for each in self.warnings],
        }


@dataclass(frozen=True, slots=True)
class ErasureFacts:
    """One drive in one run of an eraser.

    Times are the clock of the bench machine, without a zone, because the tools write none: the caller attaches
    the territory's. `level` is None where nothing was written (a run that only verifies). `bytes_erased` is what
    the tool says was written at least once. `hidden_sectors` is None where the tool did not look. `doubt` is a code of
    `errors.DOUBTS`: why this proves nothing of its drive, whatever the tool calls its outcome.
    """

    serial: str | None
    model: str | None
    size_bytes: int | None
    medium: Medium
    method: str | None
    level: Level | None
    rounds: int | None
    verification: Verification
    started_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome
    errors: int
    bytes_erased: int | None
    tool: str
    tool_version: str | None
    hidden_sectors: bool | None = None
    doubt: str | None = None
    warnings: tuple[ReportWarning, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The normalised facts with the keys of `refurb erasure read --json`, per drive."""
        return {
            "serial": self.serial,
            "model": self.model,
            "size_bytes": self.size_bytes,
            "method": self.method,
            "level": self.level,
            "rounds": self.rounds,
            "verification": self.verification,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "outcome": self.outcome,
            "errors": self.errors,
            "tool": self.tool,
            "tool_version": self.tool_version,
            "warnings": [each.to_json() for each in self.warnings],
        }


@dataclass(frozen=True, slots=True)
class HostFacts:
    """The machine in which the eraser ran, as far as the report names it."""

    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None

    def to_json(self) -> dict[str, Any]:
        return _fields(self)


@dataclass(frozen=True, slots=True)
class ErasureReportFacts:
    """One file of an eraser: a log may hold several drives, and several runs one after the other, in file order."""

    tool: str
    tool_version: str | None
    host: HostFacts | None
    erasures: tuple[ErasureFacts, ...]
    warnings: tuple[ReportWarning, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "tool": self.tool,
            "tool_version": self.tool_version,
            "host": self.host.to_json() if self.host else None,
            "erasures": [erasure.to_json() for erasure in self.erasures],
            "warnings": [each.to_json() for each in self.warnings],
        }


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
