"""Weighing devices: what follows from their facts is computed and kept; a technician says what no tool measures."""

from collections.abc import Collection, Iterable
from typing import Any

from refurb.inventory.models.devices import Device
from refurb.inventory.targets.configuration import Configuration
from refurb.inventory.targets.firmware import Firmware
from refurb.inventory.targets.grade import Points, grade_of
from refurb.inventory.targets.models import DeviceTarget
from refurb.inventory.targets.policy import targets
from refurb.inventory.targets.queries import configurations, weighed_otherwise
from refurb.inventory.targets.requirements import TargetLine, overall, smallest, windows_11
from refurb.inventory.targets.words import Cosmetic
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import plain, record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now

AT_ONCE = 200
SLICES_AN_HOUR = 10


def weigh(device_ids: Collection[int]) -> int:
    """Compute what some devices are worth, and keep it; how many. A device of which nothing is known yet is left alone."""
    count = 0
    for device_id, (machine, kept) in configurations(device_ids).items():
        if kept is not None:
            _write(kept, machine)
        elif machine.cpu or machine.ram_mb or machine.drives:
            fresh = DeviceTarget(device_id=device_id)
            _write(fresh, machine)
            db.session.add(fresh)
        else:
            continue
        count += 1
    return count


def weigh_some(after: int = 0) -> tuple[int | None, int]:
    """Weigh the next devices that the policy in force has not weighed; the last id looked at (None: none is left), and how many."""
    ids = weighed_otherwise(targets().version, after, AT_ONCE)
    return (ids[-1] if ids else None), weigh(ids)


def weigh_what_is_left() -> int:
    """Weigh some of what another version of the policy has weighed; how many. Asked every hour: a policy may have been adopted."""
    last, total = weigh_some()
    for _slice in range(SLICES_AN_HOUR - 1):
        if last is None:
            break
        last, count = weigh_some(last)
        total += count
    return total


def tell_target(actor: Actor, device: Device, *, cpu_mark: int | None, cosmetic: Cosmetic | None) -> None:
    """Say what no tool measures: the processor's mark as measured or looked up, and how the machine looks; None takes it back."""
    check(actor, Permission.DEVICE_CHECK)
    lock(device)
    target = _target(device)
    changed = {
        name: [plain(getattr(target, name)), plain(value)]
        for name, value in (("cpu_mark", cpu_mark), ("cosmetic", cosmetic))
        if getattr(target, name) != value
    }
    if not changed:
        return
    target.cpu_mark, target.cosmetic = cpu_mark, cosmetic
    _weigh_again(device, target)
    record(device, "target_told", actor, changed=changed)


def note_firmware(actor: Actor, device: Device, seen: Firmware) -> None:
    """Keep what the bench agent saw of the firmware of the machine it ran on; what it did not see stays as it was."""
    check(actor, Permission.DEVICE_DIAGNOSE)
    if seen == Firmware():
        return
    lock(device)
    target = _target(device)
    target.uefi = target.uefi if seen.uefi is None else seen.uefi
    target.secure_boot = target.secure_boot if seen.secure_boot is None else seen.secure_boot
    target.tpm = target.tpm if seen.tpm is None else seen.tpm
    _weigh_again(device, target)


def _target(device: Device) -> DeviceTarget:
    target = db.session.get(DeviceTarget, device.id)
    if target is None:
        target = DeviceTarget(device_id=device.id, policy=targets().version, computed_at=now(), weighed={})
        db.session.add(target)
        db.session.flush()
    return target


def _weigh_again(device: Device, target: DeviceTarget) -> None:
    db.session.flush()
    machine, _ = configurations([device.id])[device.id]
    _write(target, machine)


def _write(target: DeviceTarget, machine: Configuration) -> None:
    grade, least, windows = grade_of(machine), smallest(machine), windows_11(machine)
    target.policy, target.computed_at = targets().version, now()
    target.category, target.points = (grade.category, grade.total) if grade else (None, None)
    target.minimum, target.windows_11 = overall(least), overall(windows)
    target.weighed = {
        "grade": {
            "components": [_points(each) for each in grade.components],
            "capped": grade.capped,
            "drives_capped": grade.drives_capped,
        }
        if grade
        else None,
        "minimum": _lines(least),
        "windows_11": _lines(windows),
    }


def _points(each: Points) -> dict[str, Any]:
    return {
        "part": each.part.value,
        "measure": each.measure,
        "points": each.points,
        "below": each.below,
        "estimated": each.estimated,
        "medium": each.medium.value if each.medium else None,
    }


def _lines(lines: Iterable[TargetLine]) -> list[dict[str, Any]]:
    return [
        {
            "part": each.part.value,
            "verdict": each.verdict.value,
            "wanted": each.wanted,
            "found": each.found,
            "estimated": each.estimated,
        }
        for each in lines
    ]
