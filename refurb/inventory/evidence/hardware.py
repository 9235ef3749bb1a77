"""What all the reports of a device say of it together: the latest ones first, the earlier ones where those are silent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from refurb.inventory.models.evidence import HardwareReport
from refurb.inventory.readers.facts import HardwareFacts, ReportWarning
from refurb.inventory.readers.kept import from_json
from refurb.inventory.readers.merge import merge

# Files that came together speak of one state of the machine; what differs from an earlier visit has changed, and is no disagreement.
SITTING = timedelta(minutes=30)
_DISAGREEMENTS = frozenset(
    {
        "hardware.manufacturers_differ",
        "hardware.models_differ",
        "hardware.serials_differ",
        "hardware.uuids_differ",
        "hardware.ram_differs",
        "drive.sizes_differ",
        "drive.serial_twice",
        "drive.only_in_smart",
    }
)


@dataclass(frozen=True)
class Seen:
    """The machine as its reports show it, and where the latest of them disagree."""

    facts: HardwareFacts
    disagreements: tuple[ReportWarning, ...]


def hardware_seen(reports: Sequence[HardwareReport]) -> Seen | None:
    """What the reports say together; they come the newest first, as `reports_shown` gives them. None when none says anything."""
    if not reports:
        return None
    latest = [each for each in reports if reports[0].received_at - each.received_at <= SITTING]
    # One file of a tool replaces an earlier one of the same tool, except for those that speak of one drive each.
    told = {f"{each.tool} {each.id if each.tool == 'smartctl' else ''}": each for each in reversed(latest)}
    facts = merge([from_json(each.facts) for each in told.values()])
    differ = tuple(each for each in facts.warnings if each.code in _DISAGREEMENTS)
    for report in reports[len(latest) :]:
        facts = _completed(facts, from_json(report.facts))
    return Seen(facts, differ)


def _completed(facts: HardwareFacts, earlier: HardwareFacts) -> HardwareFacts:
    silent = [name for name in ("uuid", "chassis", "cpu", "gpu", "display", "battery") if getattr(facts, name) is None]
    completed = replace(facts, **{name: getattr(earlier, name) for name in silent})
    if completed.ram_mb is None:
        completed = replace(completed, ram_mb=earlier.ram_mb, ram_modules=earlier.ram_modules)
    return replace(completed, macs=facts.macs or earlier.macs)
