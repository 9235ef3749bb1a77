"""The computed grade: points for the processor, the memory and the drives, their sum, and the category it gives."""

from dataclasses import dataclass

from refurb.inventory.targets.configuration import Configuration
from refurb.inventory.targets.policy import GradePolicy, targets
from refurb.inventory.targets.processors import processor_of
from refurb.inventory.targets.words import Category, FigureOf
from refurb.inventory.words.drives import Medium

# Soldered memory is as fast as a small SSD; the published grid does not name it.
_SCALE_OF = {Medium.HDD: "hdd_gb", Medium.SSD: "ssd_gb", Medium.NVME: "nvme_gb", Medium.EMMC: "ssd_gb"}


@dataclass(frozen=True)
class Points:
    """One component: what was measured, and its points; None points when nobody knows the measure.

    `below` is the figure of the grid under which the measure stands. `estimated` says that the measure was guessed from a name.
    `medium` names the kind of a drive.
    """

    part: FigureOf
    measure: int | None
    points: int | None
    below: int | None = None
    estimated: bool = False
    medium: Medium | None = None


@dataclass(frozen=True)
class Grade:
    """The grade with each component's points; without total or category while a component is unknown.

    `capped` says that a weak processor kept the category down, `drives_capped` that the drives together had more points than count.
    """

    components: tuple[Points, ...]
    total: int | None
    category: Category | None
    capped: bool = False
    drives_capped: bool = False


def grade_of(machine: Configuration) -> Grade | None:
    """The grade of a machine; None for a kind that is not graded."""
    policy = targets().grade
    if machine.kind not in policy.kinds:
        return None
    cpu, ram = _cpu(machine, policy), _measured(FigureOf.RAM, "ram_gb", machine.ram_gb, policy)
    drives = _drives(machine, policy)
    components = (cpu, ram, *drives)
    if any(each.points is None for each in components):
        return Grade(components, None, None)
    stored = sum(each.points or 0 for each in drives)
    counted = min(stored, policy.most_for_drives)
    total = (cpu.points or 0) + (ram.points or 0) + counted
    category = next((name for name, below in policy.categories if total < below), policy.best)
    best = _best_allowed(cpu, machine, policy)
    order = [*(name for name, _ in policy.categories), policy.best]
    capped = best is not None and order.index(category) > order.index(best)
    return Grade(components, total, best if capped else category, capped, stored > counted)


def _cpu(machine: Configuration, policy: GradePolicy) -> Points:
    mark = machine.cpu_mark if machine.cpu_mark is not None else processor_of(machine.cpu).mark
    found = _measured(FigureOf.CPU, "cpu_mark", mark, policy)
    return Points(FigureOf.CPU, found.measure, found.points, found.below, estimated=mark is not None and machine.cpu_mark is None)


def _measured(part: FigureOf, scale: str, measure: int | None, policy: GradePolicy, medium: Medium | None = None) -> Points:
    if measure is None:
        return Points(part, None, None, medium=medium)
    points, below = policy.scales[scale].points(measure)
    return Points(part, measure, points, below, medium=medium)


def _drives(machine: Configuration, policy: GradePolicy) -> list[Points]:
    if not machine.drives:
        return [Points(FigureOf.STORAGE, None, None)]
    return [
        _measured(FigureOf.STORAGE, _SCALE_OF[each.medium], each.gb, policy, each.medium)
        if each.medium in _SCALE_OF
        else Points(FigureOf.STORAGE, each.gb, None, medium=each.medium)
        for each in machine.drives
    ]


def _best_allowed(cpu: Points, machine: Configuration, policy: GradePolicy) -> Category | None:
    if cpu.points is None or cpu.points > policy.weak_cpu_points:
        return None
    return policy.weak_with_ssd if machine.has_solid_drive else policy.weak_with_hdd
