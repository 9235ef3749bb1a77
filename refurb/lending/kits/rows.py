"""The rows of the page on which the contents of a kit are corrected: as they stand, as they were typed, as the JSON door would say them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request

from refurb.kernel.speech.errors import Fault, Invalid
from refurb.lending.models import Component
from refurb.lending.words import PICTURES

MOST_ROWS = 60
SPARE_ROWS = 1
HEAVIEST_MG = 100_000_000


@dataclass(frozen=True)
class ContentRow:
    """One row as typed; `n` names its fields, `id` its component, `was` the row as it stands."""

    n: int
    id: str = ""
    name: str = ""
    quantity: str = "1"
    value: str = ""
    picture: str = ""
    weight: str = ""
    indispensable: bool = False
    consumable: bool = False
    gone: bool = False
    fate: str = ""
    was: "ContentRow | None" = None

    @property
    def is_changed(self) -> bool:
        """Whether something of it is no more as it stands."""
        was = self.was
        return was is not None and any(
            getattr(self, name) != getattr(was, name) for name in ("name", "quantity", "value", "weight", "indispensable", "consumable")
        )


def rows_of(components: Sequence[Component]) -> list[ContentRow]:
    """The contents as they stand, and empty rows to add something."""
    rows = [_row(number, part) for number, part in enumerate(components, 1)]
    return rows + [ContentRow(len(rows) + spare) for spare in range(1, SPARE_ROWS + 1)]


def _row(number: int, part: Component) -> ContentRow:
    cents, weight = part.value_cents, part.weight_mg
    return ContentRow(
        n=number,
        id=str(part.id),
        name=part.name,
        quantity=str(part.quantity),
        value="" if cents is None else f"{cents // 100},{cents % 100:02d}",
        picture=part.picture or "",
        weight="" if weight is None else format(Decimal(weight).scaleb(-3).normalize(), "f").replace(".", ","),
        indispensable=part.indispensable,
        consumable=part.consumable,
    )


def rows_typed(components: Sequence[Component]) -> list[ContentRow]:
    """What was typed, beside what stands, and empty rows to add more."""
    known = {str(part.id): _row(0, part) for part in components}
    numbers = sorted(int(number) for number in request.form.getlist("row")[:MOST_ROWS] if number.isdecimal() and len(number) < 4)
    rows = [_typed(number, known) for number in dict.fromkeys(numbers)]
    kept = [row for row in rows if row.id or row.name]
    first = max((row.n for row in rows), default=0) + 1
    return kept + [ContentRow(first + spare) for spare in range(SPARE_ROWS if len(kept) < MOST_ROWS else 0)]


def _typed(number: int, known: dict[str, ContentRow]) -> ContentRow:
    def told(name: str, most: int = 40) -> str:
        return request.form.get(f"{name}-{number}", "").strip()[:most]

    picture, component = told("picture"), told("id")
    return ContentRow(
        n=number,
        id=component if component in known else "",
        name=told("name", 120),
        quantity=told("quantity") or "1",
        value=told("value"),
        picture=picture if picture in PICTURES else "",
        weight=told("weight"),
        indispensable=bool(told("indispensable")),
        consumable=bool(told("consumable")),
        gone=bool(told("gone")),
        fate=told("fate"),
        was=known.get(component),
    )


def told_by(rows: Sequence[ContentRow]) -> list[dict[str, Any]]:
    """What the rows say, as the JSON door would say it (`schemas.ContentTold`); `Invalid` where a value or a weight is no number."""
    return [_told(row) for row in rows if row.id or row.name]


def _told(row: ContentRow) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": row.name,
        "quantity": "0" if row.gone else row.quantity,
        "value_cents": _number(row, "item.component_value", row.value, 2, 10_000_000),
        "picture": row.picture or None,
        "weight_mg": _number(row, "kit.component_weight", row.weight, 3, HEAVIEST_MG) or None,
        "indispensable": row.indispensable,
        "consumable": row.consumable,
    }
    return told | ({"id": row.id} if row.id else {}) | ({"fate": row.fate} if row.fate else {})


def _number(row: ContentRow, code: str, typed: str, digits: int, most: int) -> int | None:
    """A decimal as a whole number of its smallest unit: euros as cents, grams as milligrams."""
    bare = typed.replace("€", "").replace("g", "").replace(",", ".").replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    if not bare:
        return None
    try:
        number = Decimal(bare).scaleb(digits)
    except ArithmeticError:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= most or number != int(number):
        raise Invalid({"components": [Fault(code, name=row.name, value=typed[:30])]})
    return int(number)
