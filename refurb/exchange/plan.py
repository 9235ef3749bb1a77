"""What would become of each row of a table: read through its schema, known here already or in the same table, or left out, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from refurb.exchange.kinds import AlreadyHere, Facts, RowKind
from refurb.exchange.words import ExchangeFate
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.spreadsheets.grid import CellDoubt
from refurb.spreadsheets.table import SheetTable

_SAFE = frozenset({CellDoubt.MERGED})
"""What a spreadsheet did to a cell without changing a letter of it."""


@dataclass(frozen=True)
class PlannedRow:
    """One row of a table: its number in the file, what it says, what would become of it, and each fault by its column (empty: the row)."""

    number: int
    facts: Facts
    fate: ExchangeFate
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    here: AlreadyHere | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether it goes in, and something in it should be looked at."""
        return bool(self.faults) and self.fate is ExchangeFate.CREATE


def plan_rows(row_kind: RowKind, table: SheetTable, columns: Mapping[str, int], begin: int = 0, end: int | None = None) -> list[PlannedRow]:
    """The rows from `begin` to `end` of a table, in its order: every one of them, whatever becomes of it.

    A row that says what one before it said is known; where the one before was left out, it stands for itself.
    """
    schema = row_kind.schema()
    seen = _said_before(row_kind, schema, table, columns, begin) if row_kind.unlike else {}
    planned: list[PlannedRow] = []
    for number, cells in table.rows[begin:end]:
        facts, faults = _read(row_kind, schema, cells, columns)
        if faults:
            planned.append(PlannedRow(number, facts, ExchangeFate.LEAVE, faults))
            continue
        first = _first_with(row_kind.keys(facts), seen, number)
        planned.append(_told_twice(row_kind, number, facts, first) if first else _found(row_kind, number, facts, table, columns))
    return planned


def _said_before(row_kind: RowKind, schema: Schema, table: SheetTable, columns: Mapping[str, int], begin: int) -> dict[str, int]:
    """What the rows before a turn said, and which said it first."""
    seen: dict[str, int] = {}
    for number, cells in table.rows[:begin]:
        facts, faults = _read(row_kind, schema, cells, columns)
        if not faults:
            _first_with(row_kind.keys(facts), seen, number)
    return seen


def hidden_rows(table: SheetTable) -> list[PlannedRow]:
    """The rows that the spreadsheet hid: left out, and said."""
    return [PlannedRow(number, {}, ExchangeFate.LEAVE, {"": [Fault("list.row_hidden")]}) for number in table.hidden]


def _first_with(keys: set[str], seen: dict[str, int], number: int) -> int | None:
    """The number of the row before that said the same, if one did; notes what this one says."""
    first = min((seen[key] for key in keys if key in seen), default=None)
    for key in keys:
        seen.setdefault(key, number)
    return first


def _read(row_kind: RowKind, schema: Schema, cells: Sequence[str], columns: Mapping[str, int]) -> tuple[Facts, dict[str, list[Fault]]]:
    told = {name: cells[at] for name, at in columns.items() if at < len(cells)}
    try:
        facts = load(schema, told)
        if row_kind.check is not None:
            row_kind.check(facts)
    except Invalid as invalid:
        return told, {name: list(faults) for name, faults in invalid.fields.items()}
    return facts, {}


def _told_twice(row_kind: RowKind, number: int, facts: Facts, first: int) -> PlannedRow:
    unlike = row_kind.unlike(facts, first) if row_kind.unlike else None
    if unlike is not None:
        return PlannedRow(number, facts, ExchangeFate.LEAVE, {"": [unlike]})
    return PlannedRow(number, facts, ExchangeFate.KNOWN, {"": [Fault("exchange.twice", row=first)]})


def _found(row_kind: RowKind, number: int, facts: Facts, table: SheetTable, columns: Mapping[str, int]) -> PlannedRow:
    here = row_kind.find(facts)
    if here is not None:
        fate = ExchangeFate.COMPLETE if here.complete and row_kind.complete else ExchangeFate.KNOWN
        return PlannedRow(number, facts, fate, {}, here)
    doubts = table.doubts.get(number, {})
    told = {name: [Fault(f"list.cell_{doubts[at]}")] for name, at in columns.items() if at in doubts and doubts[at] not in _SAFE}
    return PlannedRow(number, facts, ExchangeFate.CREATE, told)


def counts_of(planned: Sequence[PlannedRow]) -> dict[str, int]:
    """How many rows have which fate."""
    return {fate.value: sum(1 for each in planned if each.fate is fate) for fate in ExchangeFate}


def left_of(planned: Sequence[PlannedRow]) -> Iterator[list[Any]]:
    """The rows that are left out as they are kept: number, column, code and facts of each fault."""
    for each in planned:
        if each.fate is ExchangeFate.LEAVE:
            for name, faults in each.faults.items():
                yield from ([each.number, name, fault.code, plain(dict(fault.facts))] for fault in faults)
