"""Looking up the pictures of checks, and what hardware reports have measured already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from refurb.inventory.checklists.questions import Suggestion
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import HardwareReport
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound


@dataclass(frozen=True)
class Suggested:
    """A measure that a tool took, for a person to take over or not: the value as a checklist keeps it, by which tool, when."""

    value: str
    tool: str
    at: datetime


def check_photo(device: Device, check_id: int) -> str:
    """The SHA-256 of the picture of an answer about this device; `NotFound` where there is none."""
    digest = db.session.scalar(select(CheckResult.photo).where(CheckResult.id == check_id, CheckResult.device_id == device.id))
    if digest is None:
        raise NotFound
    return digest


def suggestions_of(device_id: int) -> dict[Suggestion, Suggested]:
    """What the reports of a device measured, the newest report that did winning."""
    found: dict[Suggestion, Suggested] = {}
    reports = db.session.execute(
        select(HardwareReport.tool, HardwareReport.received_at, HardwareReport.facts)
        .where(HardwareReport.device_id == device_id)
        .order_by(HardwareReport.id.desc())
        .limit(20)
    )
    for tool, at, facts in reports:
        for suggestion, value in _measured(facts).items():
            found.setdefault(suggestion, Suggested(value, tool, at))
    return found


def _measured(facts: dict[str, Any]) -> dict[Suggestion, str]:
    found: dict[Suggestion, str] = {}
    health = (facts.get("battery") or {}).get("health_percent")
    if health is not None:
        found[Suggestion.BATTERY_HEALTH] = str(health)
    if facts.get("ram_mb"):
        found[Suggestion.RAM_GB] = f"{facts['ram_mb'] / 1024:g}"
    return found
