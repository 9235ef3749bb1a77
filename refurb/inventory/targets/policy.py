"""The targets as config/policy/targets.toml writes them, checked once."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from refurb.inventory.targets.words import Category, Verdict
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.policy import read


class TargetsError(ValueError):
    """The policy cannot be applied as it is written; the message says where."""


@dataclass(frozen=True)
class Source:
    """Where figures come from, and as of when."""

    name: str
    date: str


@dataclass(frozen=True)
class Scale:
    """Points by measure: a measure below a step's figure gets its points; at the last one or above, `above`."""

    below: tuple[tuple[int, int], ...]
    above: int

    def points(self, measure: int) -> tuple[int, int | None]:
        """The points of a measure, and the figure under which it stands (None above them all)."""
        for figure, points in self.below:
            if measure < figure:
                return points, figure
        return self.above, None


@dataclass(frozen=True)
class GradePolicy:
    """The grid of the grade."""

    source: Source
    kinds: frozenset[DeviceKind]
    scales: dict[str, Scale]
    most_for_drives: int
    categories: tuple[tuple[Category, int], ...]
    best: Category
    weak_cpu_points: int
    weak_with_ssd: Category
    weak_with_hdd: Category


@dataclass(frozen=True)
class Family:
    """One family of processors."""

    name: str
    pattern: re.Pattern[str]
    year: int
    windows_11: Verdict
    marks: tuple[tuple[re.Pattern[str], int], ...]


@dataclass(frozen=True)
class Targets:
    """The whole policy, and the version it is known by."""

    version: str
    grade: GradePolicy
    minimum_source: Source
    minimum: dict[DeviceKind, dict[str, int]]
    windows_source: Source
    windows_kinds: frozenset[DeviceKind]
    windows: dict[str, float]
    processors_source: Source
    families: tuple[Family, ...]


@lru_cache
def targets() -> Targets:
    """The policy in force. Raises `TargetsError` when it cannot be applied."""
    policy = read("targets")
    try:
        return _targets(policy.version, policy.content)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise TargetsError(f"config/policy/targets.toml: {error!r}") from error


def _targets(version: str, told: dict[str, Any]) -> Targets:
    minimum, windows, processors = told["minimum"], told["windows_11"], told["processors"]
    return Targets(
        version=version,
        grade=_grade(told["grade"]),
        minimum_source=_source(minimum),
        minimum={DeviceKind(kind): _limits(kind, rows) for kind, rows in minimum.items() if isinstance(rows, dict)},
        windows_source=_source(windows),
        windows_kinds=frozenset(DeviceKind(each) for each in windows["kinds"]),
        windows={name: windows[name] for name in ("ram_gb", "storage_gb", "tpm")},
        processors_source=_source(processors),
        families=tuple(_family(row) for row in processors["families"]),
    )


_LIMITS = frozenset({"ram_gb", "storage_gb", "solid_state", "cpu_mark", "cpu_year", "screen_width", "battery_percent"})


def _limits(kind: str, rows: dict[str, int]) -> dict[str, int]:
    if unknown := rows.keys() - _LIMITS:
        raise ValueError(f"minimum.{kind}: unknown {sorted(unknown)}")
    return {name: int(value) for name, value in rows.items()}


def _source(told: dict[str, Any]) -> Source:
    return Source(told["source"], told["date"])


def _grade(told: dict[str, Any]) -> GradePolicy:
    weak = told["weak_cpu"]
    categories = tuple((Category(name), int(below)) for name, below in told["categories"])
    if [below for _, below in categories] != sorted({below for _, below in categories}):
        raise ValueError("grade.categories do not rise")
    return GradePolicy(
        source=_source(told),
        kinds=frozenset(DeviceKind(each) for each in told["kinds"]),
        scales={name: _scale(name, told[name]) for name in ("cpu_mark", "ram_gb", "hdd_gb", "ssd_gb", "nvme_gb")},
        most_for_drives=int(told["most_for_drives"]),
        categories=categories,
        best=Category(told["best"]),
        weak_cpu_points=int(weak["points"]),
        weak_with_ssd=Category(weak["with_ssd"]),
        weak_with_hdd=Category(weak["with_hdd"]),
    )


def _scale(name: str, told: dict[str, Any]) -> Scale:
    below = tuple((int(figure), int(points)) for figure, points in told["below"])
    if [figure for figure, _ in below] != sorted({figure for figure, _ in below}):
        raise ValueError(f"grade.{name} does not rise")
    return Scale(below, int(told["above"]))


def _family(told: dict[str, Any]) -> Family:
    return Family(
        name=told["name"],
        pattern=re.compile(told["pattern"], re.IGNORECASE),
        year=int(told["year"]),
        windows_11=Verdict(told["windows_11"]),
        marks=tuple((re.compile(pattern, re.IGNORECASE), int(mark)) for pattern, mark in told["marks"]),
    )
