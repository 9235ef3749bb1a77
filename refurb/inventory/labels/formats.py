"""The label formats of config/policy/labels.toml: their sizes, and the proof that what they promise fits."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from marshmallow import ValidationError, validates_schema

from refurb.documents.qr import QUIET_ZONE
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import FigureEntry, FixedEntry, PartEntry, TableEntry, TextEntry, WholeEntry, WordEntry
from refurb.kernel.speech.words import _l, _lp

SMALLEST_MODULE: Final = 0.375
"""Millimetres: three dots of a printer of 203 dpi, below which a module may vanish."""

MODULES: Final = 33
"""Modules on each side of the largest symbol foreseen, version 4: 90 signs, enough for any address of ours."""


def _pair(least: float, **options: Any) -> FixedEntry:
    return FixedEntry(FigureEntry(least, 500), FigureEntry(least, 500), shape="two numbers, of the width and of the height", **options)


@dataclass(frozen=True)
class LabelFormat:
    """Sizes in millimetres as (width, height), letters in points; a roll has one cell, and each label is a page."""

    key: str
    kind: Literal["sheet", "roll"]
    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    cell: tuple[float, float]
    first: tuple[float, float]
    gap: tuple[float, float]
    padding: float
    qr: float
    code: float
    title: float
    text: float

    @property
    def cells(self) -> int:
        """How many labels a page holds."""
        return self.columns * self.rows

    def corner(self, cell: int) -> tuple[float, float]:
        """How far from the left and the top of the page a cell begins, in millimetres; cells count from 0, by rows."""
        row, column = divmod(cell, self.columns)
        return (
            self.first[0] + column * (self.cell[0] + self.gap[0]),
            self.first[1] + row * (self.cell[1] + self.gap[1]),
        )


class LabelFormatSchema(PolicySchema):
    """One format; a roll is told by its cell alone."""

    kind = WordEntry(
        ("sheet", "roll"), says={"sheet": _lp("labels", "planche"), "roll": _lp("labels", "ruban")}, label=_lp("policy", "Sorte")
    )
    name = TextEntry(label=_lp("policy", "Nom"))
    cell = _pair(1, label=_l("Étiquette : largeur, hauteur"), unit=_lp("unit", "mm"))
    page = _pair(1, load_default=None, label=_l("Page : largeur, hauteur"), unit=_lp("unit", "mm"))
    columns = WholeEntry(1, 50, load_default=None, label=_lp("policy", "Colonnes"))
    rows = WholeEntry(1, 50, load_default=None, label=_lp("policy", "Lignes"))
    first = _pair(0, load_default=None, label=_l("Première : gauche, haut"), unit=_lp("unit", "mm"))
    gap = _pair(0, load_default=None, label=_l("Écart entre étiquettes"), unit=_lp("unit", "mm"))
    padding = FigureEntry(0.01, 500, label=_l("Marge intérieure"), unit=_lp("unit", "mm"))
    qr = FigureEntry(0.01, 500, label=_l("Côté du QR code"), unit=_lp("unit", "mm"))
    code = FigureEntry(0.01, 500, label=_l("Lettres du code"), unit=_lp("unit", "points"))
    title = FigureEntry(0.01, 500, label=_l("Lettres du titre"), unit=_lp("unit", "points"))
    text = FigureEntry(0.01, 500, label=_l("Lettres du texte"), unit=_lp("unit", "points"))

    @validates_schema
    def _can_be_printed(self, data: dict[str, Any], **_: Any) -> None:
        if data["kind"] == "sheet" and (missing := [name for name in ("page", "columns", "rows", "first", "gap") if data[name] is None]):
            raise ValidationError({name: ["is missing"] for name in missing})
        _must_fit(_format("", data))


def _format(key: str, content: dict[str, Any]) -> LabelFormat:
    if content["kind"] == "roll":
        content = {**content, "page": content["cell"], "columns": 1, "rows": 1, "first": (0.0, 0.0), "gap": (0.0, 0.0)}
    return LabelFormat(key=key, **content)


def _must_fit(made: LabelFormat) -> None:
    width, height = made.cell
    for side in (0, 1):
        steps = (made.columns, made.rows)[side]
        used = made.first[side] + steps * made.cell[side] + (steps - 1) * made.gap[side]
        if used > made.page[side] + 0.01:
            page = made.page[side]
            why = Wrongly(f"cells reach {used:g} mm on a page of {page:g} mm", "policy.cells_too_wide", used=f"{used:g}", page=f"{page:g}")
            raise ValidationError(why, "cell")
    if made.qr / MODULES < SMALLEST_MODULE:
        least = f"{SMALLEST_MODULE * MODULES:g}"
        raise ValidationError(Wrongly(f"{made.qr:g} mm is too fine, {least} mm at least", "policy.qr_too_fine", least=least), "qr")
    quiet = QUIET_ZONE * made.qr / 25
    if made.qr + 2 * quiet > height:
        fits = Wrongly(f"{made.qr:g} mm and its white margin do not fit {height:g} mm", "policy.qr_too_big", height=f"{height:g}")
        raise ValidationError(fits, "qr")
    text = width - max(made.padding, quiet) - made.qr - quiet - made.padding
    if text < 20:
        left = f"{text:g}"
        raise ValidationError(
            Wrongly(f"only {left} mm are left for the words, 20 are needed", "policy.no_room_for_words", left=left), "cell"
        )


def _label_formats(content: dict[str, Any], _version: str) -> dict[str, LabelFormat]:
    return {key: _format(key, each) for key, each in content.items()}


def _summary(made: dict[str, LabelFormat]) -> str:
    return " ; ".join(each.name for each in made.values())


LABELS = PolicyFile(
    "labels",
    TableEntry(PartEntry(LabelFormatSchema), least=1),
    _label_formats,
    _l("Formats d'étiquettes"),
    PolicyGroup.WORKSHOP,
    _summary,
)


def label_formats() -> dict[str, LabelFormat]:
    """The formats by their key, in the order of the file; raises `PolicyError` when one of them is not right."""
    return LABELS.in_force()
