"""The rows of components on the forms that make an item: a few more than are filled in, so that it works without a script."""

from dataclasses import dataclass
from decimal import Decimal

from flask import request

from refurb.kernel.speech.errors import Fault, Invalid
from refurb.lending.words import PICTURES

SPARE_ROWS = 3
MOST_ROWS = 40


@dataclass(frozen=True)
class ComponentRow:
    """One row as typed."""

    name: str = ""
    quantity: str = "1"
    value: str = ""
    picture: str = ""


def rows_typed(start: tuple[ComponentRow, ...] = ()) -> list[ComponentRow]:
    """The rows to draw: those that were typed, else the given ones, and some empty ones."""
    rows = _typed() if request.method == "POST" else list(start)
    kept = [row for row in rows if row.name or row.value]
    return kept + [ComponentRow()] * (SPARE_ROWS if len(kept) < MOST_ROWS else 0)


def typed_euros(cents: int | None) -> str:
    """An amount as somebody would type it."""
    return "" if cents is None else f"{cents // 100},{cents % 100:02d}"


def _typed() -> list[ComponentRow]:
    columns = [request.form.getlist(name)[:MOST_ROWS] for name in ("c_name", "c_quantity", "c_value", "c_picture")]
    return [
        ComponentRow(name.strip()[:120], quantity.strip(), value.strip(), picture if picture in PICTURES else "")
        for name, quantity, value, picture in zip(*columns, strict=False)
    ]


def components_told() -> list[dict[str, object]]:
    """What the rows say, as the JSON door would say it; `Invalid` where a value is no amount of euros."""
    return [{"name": row.name, "quantity": row.quantity or "1", "picture": row.picture} | _value(row) for row in _typed() if row.name]


def _value(row: ComponentRow) -> dict[str, object]:
    bare = row.value.replace("€", "").replace(",", ".").replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    if not bare:
        return {}
    try:
        cents = Decimal(bare) * 100
    except ArithmeticError:
        cents = Decimal(-1)
    if not cents.is_finite() or cents < 0 or cents != int(cents):
        raise Invalid({"components": [Fault("item.component_value", name=row.name, value=row.value[:30])]})
    return {"value_cents": int(cents)}
