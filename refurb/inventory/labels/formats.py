"""The label formats of config/policy/labels.toml: their sizes, and the proof that what they promise fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from refurb.documents.qr import QUIET_ZONE
from refurb.kernel.deeds import policy

SMALLEST_MODULE: Final = 0.375
"""Millimetres: three dots of a printer of 203 dpi, below which a module may vanish."""

MODULES: Final = 33
"""Modules on each side of the largest symbol foreseen, version 4: 90 signs, enough for any address of ours."""


class LabelFormatError(ValueError):
    """A format cannot be printed as it is written; the message names it and says why."""


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


@lru_cache
def label_formats() -> dict[str, LabelFormat]:
    """The formats by their key, in the order of the file; raises LabelFormatError when one of them is not right."""
    return read_formats(policy.read("labels").content)


def read_formats(data: Mapping[str, Any]) -> dict[str, LabelFormat]:
    """The formats in data of the shape of labels.toml."""
    if not data:
        raise LabelFormatError("labels: there must be at least one format")
    return {key: _read(key, dict(fields)) for key, fields in data.items()}


def _read(key: str, fields: dict[str, Any]) -> LabelFormat:
    if fields.get("kind") == "roll":
        fields = {**fields, "page": fields.get("cell"), "columns": 1, "rows": 1, "first": [0, 0], "gap": [0, 0]}
    elif fields.get("kind") != "sheet":
        raise LabelFormatError(f"{key}: kind must be sheet or roll")
    unknown = fields.keys() - LabelFormat.__annotations__.keys()
    missing = LabelFormat.__annotations__.keys() - fields.keys() - {"key"}
    if unknown or missing:
        raise LabelFormatError(f"{key}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    made = LabelFormat(
        key=key,
        kind=fields["kind"],
        name=_text(key, fields["name"]),
        columns=_count(key, "columns", fields["columns"]),
        rows=_count(key, "rows", fields["rows"]),
        page=_pair(key, "page", fields["page"]),
        cell=_pair(key, "cell", fields["cell"]),
        first=_pair(key, "first", fields["first"]),
        gap=_pair(key, "gap", fields["gap"]),
        padding=_number(key, "padding", fields["padding"]),
        qr=_number(key, "qr", fields["qr"]),
        code=_number(key, "code", fields["code"]),
        title=_number(key, "title", fields["title"]),
        text=_number(key, "text", fields["text"]),
    )
    _must_fit(made)
    return made


def _must_fit(made: LabelFormat) -> None:
    key, (width, height) = made.key, made.cell
    for side in (0, 1):
        steps = (made.columns, made.rows)[side]
        used = made.first[side] + steps * made.cell[side] + (steps - 1) * made.gap[side]
        if used > made.page[side] + 0.01:
            raise LabelFormatError(f"{key}: cells reach {used:g} mm on a page of {made.page[side]:g} mm")
    if made.qr / MODULES < SMALLEST_MODULE:
        raise LabelFormatError(f"{key}: a qr of {made.qr:g} mm is too fine, {SMALLEST_MODULE * MODULES:g} mm at least")
    quiet = QUIET_ZONE * made.qr / 25
    if made.qr + 2 * quiet > height:
        raise LabelFormatError(f"{key}: a qr of {made.qr:g} mm and its white margin do not fit {height:g} mm")
    text = width - max(made.padding, quiet) - made.qr - quiet - made.padding
    if text < 20:
        raise LabelFormatError(f"{key}: only {text:g} mm are left for the words, 20 are needed")


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise LabelFormatError(f"{key}: name must be a text")
    return value


def _count(key: str, name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 50:
        raise LabelFormatError(f"{key}: {name} must be a whole number from 1 to 50")
    return value


def _number(key: str, name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 500:
        raise LabelFormatError(f"{key}: {name} must be a number from 0 to 500")
    return float(value)


def _pair(key: str, name: str, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise LabelFormatError(f"{key}: {name} must be two numbers, of the width and of the height")
    low = 0 if name in {"first", "gap"} else 1
    for each in value:
        if isinstance(each, bool) or not isinstance(each, int | float) or not low <= each <= 500:
            raise LabelFormatError(f"{key}: {name} must be two numbers from {low} to 500")
    return float(value[0]), float(value[1])
