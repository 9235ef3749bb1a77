"""The targets as config/policy/targets.toml writes them, checked once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.inventory.targets.words import Category, Verdict
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import (
    FigureEntry,
    FixedEntry,
    ListEntry,
    PartEntry,
    PatternEntry,
    PolicyEntry,
    TextEntry,
    WholeEntry,
    WordEntry,
    YesNoEntry,
)
from refurb.kernel.speech.words import _, _l, _lp


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
class ProcessorFamily:
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
    families: tuple[ProcessorFamily, ...]


_SCALES = ("cpu_mark", "ram_gb", "hdd_gb", "ssd_gb", "nvme_gb")


def _must_rise(figures: Sequence[int], name: str) -> None:
    if list(figures) != sorted(set(figures)):
        raise ValidationError(Wrongly("the figures must rise from one entry to the next", "policy.must_rise"), name)


def _points(label: Any = None) -> WholeEntry:
    return WholeEntry(-100, 100, label=label)


def _kinds() -> ListEntry:
    return ListEntry(WordEntry(DeviceKind, says=DEVICE_KINDS), label=_l("Appareils concernés"))


class ScaleSchema(PolicySchema):
    """The points of one measure."""

    below = ListEntry(
        FixedEntry(WholeEntry(), _points(), shape="a figure, and the points of what lies below it"),
        least=1,
        label=_l("Sous cette valeur, ces points"),
    )
    above = _points(_l("Points au-dessus"))

    @validates_schema
    def _rises(self, data: dict[str, Any], **_options: Any) -> None:
        _must_rise([figure for figure, _points in data["below"]], "below")


class WeakProcessorSchema(PolicySchema):
    """What a weak processor keeps a machine down to."""

    points = _points(_l("Processeur faible : ses points"))
    with_ssd = WordEntry(Category, label=_l("Au mieux, avec un SSD"))
    with_hdd = WordEntry(Category, label=_l("Au mieux, avec un disque dur"))


class GradeSchema(PolicySchema):
    """The grid."""

    source = TextEntry(label=_lp("policy", "Source"))
    date = TextEntry(40, label=_l("Relevée en"))
    kinds = _kinds()
    cpu_mark = PartEntry(ScaleSchema, label=_lp("policy", "Processeur"))
    ram_gb = PartEntry(ScaleSchema, label=_l("Mémoire en Go"))
    hdd_gb = PartEntry(ScaleSchema, label=_l("Disque dur en Go"))
    ssd_gb = PartEntry(ScaleSchema, label=_l("SSD en Go"))
    nvme_gb = PartEntry(ScaleSchema, label=_l("NVMe en Go"))
    most_for_drives = _points(_l("Points des supports, au plus"))
    categories = ListEntry(
        FixedEntry(WordEntry(Category), _points(), shape="a category, and the sum below which a machine is in it"),
        least=1,
        label=_l("Catégories, et la somme en dessous de laquelle"),
    )
    best = WordEntry(Category, label=_l("Meilleure catégorie"))
    weak_cpu = PartEntry(WeakProcessorSchema, label=_l("Processeur faible"))

    @validates_schema
    def _rises(self, data: dict[str, Any], **_options: Any) -> None:
        _must_rise([below for _name, below in data["categories"]], "categories")


def _asked(least: int, most: int, label: Any) -> PolicyEntry:
    """A figure that is not asked of a kind when it is left out."""
    return WholeEntry(least, most, load_default=None, label=label)


class SmallestSchema(PolicySchema):
    """The smallest configuration of one kind."""

    ram_gb = _asked(0, 4096, _l("Mémoire en Go"))
    storage_gb = _asked(0, 100_000, _l("Stockage en Go"))
    solid_state = YesNoEntry(load_default=None, label=_l("Stockage sans plateau (SSD)"))
    cpu_mark = _asked(0, 1_000_000, _l("Indice PassMark du processeur"))
    cpu_year = _asked(1990, 2100, _l("Année du processeur"))
    screen_width = _asked(0, 100_000, _l("Largeur de l'écran en points"))
    battery_percent = _asked(0, 100, _l("Santé de la batterie en %"))


class MinimumSchema(PolicySchema):
    """The smallest configurations, and who says so."""

    source = TextEntry(label=_lp("policy", "Source"))
    date = TextEntry(40, label=_l("Relevée en"))
    laptop = PartEntry(SmallestSchema, load_default=None, label=DEVICE_KINDS[DeviceKind.LAPTOP])
    desktop = PartEntry(SmallestSchema, load_default=None, label=DEVICE_KINDS[DeviceKind.DESKTOP])
    tablet = PartEntry(SmallestSchema, load_default=None, label=DEVICE_KINDS[DeviceKind.TABLET])
    smartphone = PartEntry(SmallestSchema, load_default=None, label=DEVICE_KINDS[DeviceKind.SMARTPHONE])
    monitor = PartEntry(SmallestSchema, load_default=None, label=DEVICE_KINDS[DeviceKind.MONITOR])
    printer = PartEntry(SmallestSchema, load_default=None, label=DEVICE_KINDS[DeviceKind.PRINTER])
    other = PartEntry(SmallestSchema, load_default=None, label=DEVICE_KINDS[DeviceKind.OTHER])


class WindowsSchema(PolicySchema):
    """What Windows 11 asks for."""

    source = TextEntry(label=_lp("policy", "Source"))
    date = TextEntry(40, label=_l("Relevée en"))
    kinds = _kinds()
    ram_gb = WholeEntry(0, 4096, label=_l("Mémoire en Go"))
    storage_gb = WholeEntry(0, 100_000, label=_l("Stockage en Go"))
    tpm = FigureEntry(0, 10, label=_l("Version du TPM"))


class FamilySchema(PolicySchema):
    """One family of processors."""

    name = TextEntry(label=_lp("policy", "Nom"))
    pattern = PatternEntry(label=_l("Motif de recherche"))
    year = WholeEntry(1970, 2100, label=_l("Année de sortie"))
    windows_11 = WordEntry(Verdict, label=_l("Accepte Windows 11"))
    marks = ListEntry(FixedEntry(PatternEntry(), WholeEntry(), shape="a pattern and its mark"), label=_l("Indices PassMark, par motif"))


class ProcessorsSchema(PolicySchema):
    """The processors, and who says so."""

    source = TextEntry(label=_lp("policy", "Source"))
    date = TextEntry(40, label=_l("Relevée en"))
    families = ListEntry(PartEntry(FamilySchema), label=_lp("policy", "Familles"))


class TargetsSchema(PolicySchema):
    """The shape of targets.toml."""

    grade = PartEntry(GradeSchema, label=_l("Grille des catégories"))
    minimum = PartEntry(MinimumSchema, label=_l("Configuration minimale"))
    windows_11 = PartEntry(WindowsSchema, label=_l("Pour Windows 11"))
    processors = PartEntry(ProcessorsSchema, label=_lp("policy", "Processeurs"))


def _targets(content: dict[str, Any], version: str) -> Targets:
    minimum, windows, processors = content["minimum"], content["windows_11"], content["processors"]
    return Targets(
        version=version,
        grade=_grade(content["grade"]),
        minimum_source=_source(minimum),
        minimum={kind: _smallest(rows) for kind in DeviceKind if (rows := minimum[kind.value]) is not None},
        windows_source=_source(windows),
        windows_kinds=frozenset(windows["kinds"]),
        windows={name: windows[name] for name in ("ram_gb", "storage_gb", "tpm")},
        processors_source=_source(processors),
        families=tuple(ProcessorFamily(**row) for row in processors["families"]),
    )


def _smallest(rows: dict[str, int | None]) -> dict[str, int]:
    return {name: int(value) for name, value in rows.items() if value is not None}


def _source(content: dict[str, Any]) -> Source:
    return Source(content["source"], content["date"])


def _grade(content: dict[str, Any]) -> GradePolicy:
    weak = content["weak_cpu"]
    return GradePolicy(
        source=_source(content),
        kinds=frozenset(content["kinds"]),
        scales={name: Scale(content[name]["below"], content[name]["above"]) for name in _SCALES},
        most_for_drives=content["most_for_drives"],
        categories=content["categories"],
        best=content["best"],
        weak_cpu_points=weak["points"],
        weak_with_ssd=weak["with_ssd"],
        weak_with_hdd=weak["with_hdd"],
    )


def _summary(made: Targets) -> str:
    return _("Grille : %(grid)s ; configuration minimale : %(minimum)s.", grid=made.grade.source.name, minimum=made.minimum_source.name)


TARGETS = PolicyFile("targets", PartEntry(TargetsSchema), _targets, _l("Ce que vaut une machine"), PolicyGroup.WORKSHOP, _summary)


def targets() -> Targets:
    """The policy in force; raises `PolicyError`."""
    return TARGETS.in_force()
