"""What each row of a list says of a machine, and what is wrong with it, cell by cell; the database is asked elsewhere."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from refurb.inventory.lists.columns import DeclaredColumn
from refurb.inventory.lists.kinds import folded_word, kind_of_model, kind_word
from refurb.inventory.lists.sizes import plain_digits, read_size
from refurb.inventory.readers.brands import brand, model_name
from refurb.inventory.readers.identity import is_placeholder
from refurb.inventory.readers.serials import plain_serial
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.signs import clean
from refurb.spreadsheets.cells import is_rounded, is_scientific
from refurb.spreadsheets.grid import CellDoubt
from refurb.spreadsheets.table import SheetTable

MOST_OF_A_ROW = 500
_LONGEST = {
    DeclaredColumn.TAG: 120,
    DeclaredColumn.MANUFACTURER: 120,
    DeclaredColumn.MODEL: 160,
    DeclaredColumn.SERIAL: 120,
    DeclaredColumn.CPU: 160,
    DeclaredColumn.NOTE: 300,
}
# What a spreadsheet or a hand may have changed is not believed where it names a machine, or counts.
_BELIEVED = {
    DeclaredColumn.RAM: frozenset({CellDoubt.FRACTION, CellDoubt.FORMAT, CellDoubt.MERGED, CellDoubt.QUOTE}),
    DeclaredColumn.STORAGE: frozenset({CellDoubt.FRACTION, CellDoubt.FORMAT, CellDoubt.MERGED, CellDoubt.QUOTE}),
    DeclaredColumn.KIND: frozenset({CellDoubt.MERGED, CellDoubt.QUOTE}),
    DeclaredColumn.MANUFACTURER: frozenset({CellDoubt.MERGED, CellDoubt.QUOTE}),
    DeclaredColumn.MODEL: frozenset({CellDoubt.MERGED, CellDoubt.QUOTE}),
    DeclaredColumn.CPU: frozenset({CellDoubt.MERGED, CellDoubt.QUOTE}),
    DeclaredColumn.NOTE: frozenset(CellDoubt) - {CellDoubt.FAULT, CellDoubt.UNCOMPUTED},
}
_QUOTED = frozenset({CellDoubt.QUOTE})


class Level(StrEnum):
    """What a problem does to its row: leaves it out, or lets it in with a reserve."""

    STOP = "stop"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell: its column (none for the row as a whole), how grave it is, and the fault that says it."""

    column: DeclaredColumn | None
    level: Level
    fault: Fault


@dataclass(frozen=True)
class ListedMachine:
    """What a row says of one machine; memory in MiB, storage in GB."""

    kind: DeviceKind | None = None
    tag: str | None = None
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    cpu: str | None = None
    ram_mb: int | None = None
    storage_gb: int | None = None
    note: str | None = None
    # What tells several machines apart that neither a tag nor a serial names: « the third Écran Dell P2419H ».
    nth: str | None = None


MOST_TYPED = 300


def typed_text(cell: str) -> str:
    """The text of a cell as a person can type it: on one line, without invisible signs, not endless."""
    return clean(cell, lines=False)[:MOST_TYPED].strip()


def stored_of(machine: ListedMachine, column: DeclaredColumn) -> Any:
    """What is kept of a machine of what a column tells; a quantity is kept as so many machines."""
    match column:
        case DeclaredColumn.RAM:
            return machine.ram_mb
        case DeclaredColumn.STORAGE:
            return machine.storage_gb
        case DeclaredColumn.QUANTITY:
            return 1
        case _:
            return getattr(machine, column.value)


@dataclass(frozen=True)
class ReadRow:
    """One machine of a row of the file: the row's number, what is wrong; a row with a quantity gives several, counted by `copy`."""

    number: int
    machine: ListedMachine
    copy: int = 1
    problems: tuple[Problem, ...] = field(default=())

    def but(self, column: DeclaredColumn | None, level: Level, code: str, /, **facts: object) -> "ReadRow":
        """The same row with one more problem."""
        return replace(self, problems=(*self.problems, Problem(column, level, Fault(code, **facts))))

    @property
    def is_stopped(self) -> bool:
        """Whether the row is left out."""
        return any(each.level == Level.STOP for each in self.problems)

    @property
    def is_doubtful(self) -> bool:
        """Whether the row is let in with a reserve."""
        return bool(self.problems) and not self.is_stopped


@dataclass(frozen=True)
class Mending:
    """What a person says where the file says it badly: the kind that a word means, by the word folded, and what a row's cells hold."""

    words: Mapping[str, DeviceKind] = field(default_factory=dict)
    rows: Mapping[int, Mapping[DeclaredColumn, str]] = field(default_factory=dict)


AS_SENT = Mending()
"""A list in which nothing was mended."""


@dataclass(frozen=True)
class ListReading:
    """What a list says: its machines, and the rows that say none, each with the code of its reason. Every row is in one of them."""

    rows: list[ReadRow]
    left_out: list[tuple[int, Fault]]


def read_rows(
    table: SheetTable, columns: Mapping[DeclaredColumn, int], default: DeviceKind | None = None, mending: Mending = AS_SENT
) -> ListReading:
    """Every machine of a list, in its order; `default` is the kind of those that the list does not tell."""
    rows: list[ReadRow] = []
    left = [(number, Fault("list.row_hidden")) for number in table.hidden]
    for number, cells in table.rows:
        mended = mending.rows.get(number, {})
        # A kind that a person chose for a row is ours: it is no word of the donor's.
        words = {} if DeclaredColumn.KIND in mended else mending.words
        found = _machines(_row_told(number, cells, columns, table.doubts.get(number, {}), mended), default, words)
        rows += found
        if not found:
            left.append((number, Fault("list.row_says_no_machine", text=" ".join(filter(None, cells))[:80])))
    return ListReading(_numbered(_once_each(_zeros_doubted(rows))), sorted(left, key=lambda each: each[0]))


def as_told(table: SheetTable, reading: ListReading, say: Callable[[Fault], str]) -> dict[str, Any]:
    """What an import of a list would store and what it would leave out, as plain data; `say` makes a sentence of a fault.

    Memory in MiB, storage in GB. Every row with something in it below the headings stands in `machines` or in `left_out`.
    """
    quantities = Counter(row.number for row in reading.rows)
    firsts = [row for row in reading.rows if row.copy == 1]
    taken = [row for row in firsts if not row.is_stopped]
    left = [
        (row.number, " ".join(say(each.fault) for each in row.problems if each.level == Level.STOP)) for row in firsts if row.is_stopped
    ]
    left += [(number, say(fault)) for number, fault in reading.left_out]
    return {
        "sheets": [{"name": name, "rows": rows, "read": why is None, "why_not": why and str(why)} for name, rows, why in table.sheets],
        "machines": [_told(table.sheet, row, quantities[row.number], say) for row in taken],
        "left_out": [
            {"sheet": table.sheet, "row": number, "where": place_of(table.sheet, number), "why": why} for number, why in sorted(left)
        ],
    }


def place_of(sheet: str | None, number: int) -> str:
    """Where a row stands in the file."""
    return f"{sheet}!{number}" if sheet else str(number)


def _told(sheet: str | None, row: ReadRow, quantity: int, say: Callable[[Fault], str]) -> dict[str, Any]:
    machine = row.machine
    return {
        "sheet": sheet,
        "row": row.number,
        "kind": machine.kind and machine.kind.value,
        "tag": machine.tag,
        "manufacturer": machine.manufacturer,
        "model": machine.model,
        "serial": machine.serial,
        "cpu": machine.cpu,
        "ram_mb": machine.ram_mb,
        "storage_gb": machine.storage_gb,
        "note": machine.note,
        "quantity": quantity,
        "doubts": [say(each.fault) for each in row.problems],
    }


def _row_told(
    number: int,
    cells: Sequence[str],
    columns: Mapping[DeclaredColumn, int],
    doubts: Mapping[int, CellDoubt],
    mended: Mapping[DeclaredColumn, str],
) -> tuple[ReadRow, dict[DeclaredColumn, str]]:
    """What each column of a row tells, without the cells that are not believed; what a person wrote in a cell's place is."""
    told = {column: cells[at] for column, at in columns.items() if at < len(cells)}
    row = ReadRow(number, ListedMachine())
    # The whole line is in doubt: it is until each of its cells was said again.
    if any(doubts.get(at) == CellDoubt.QUOTE and column not in mended for column, at in columns.items()):
        row = row.but(None, Level.DOUBT, "list.cell_quote")
    for column, at in columns.items():
        doubt = doubts.get(at)
        if doubt is None or column in mended or column not in told or doubt in _BELIEVED.get(column, _QUOTED):
            continue
        level = Level.STOP if column == DeclaredColumn.QUANTITY and doubt != CellDoubt.MERGED else Level.DOUBT
        row = row.but(column, level, f"list.cell_{doubt}", text=told[column])
        told[column] = ""
    return row, {**told, **mended}


def _machines(
    told_of: tuple[ReadRow, dict[DeclaredColumn, str]], default: DeviceKind | None, words: Mapping[str, DeviceKind]
) -> list[ReadRow]:
    row, told = told_of
    if not row.problems and not any(
        told.get(column) for column in DeclaredColumn if column not in {DeclaredColumn.QUANTITY, DeclaredColumn.NOTE}
    ):
        return []  # A subtotal, a remark under the list.
    texts: dict[DeclaredColumn, str | None] = {}
    for column, longest in _LONGEST.items():
        text = told.get(column) or ""
        if len(text) > longest:
            row = row.but(column, Level.DOUBT, "list.cell_cut", most=longest)
        texts[column] = text[:longest].strip() or None
    row, serial = _identity(row, DeclaredColumn.SERIAL, texts[DeclaredColumn.SERIAL])
    row, tag = _identity(row, DeclaredColumn.TAG, texts[DeclaredColumn.TAG])
    maker = texts[DeclaredColumn.MANUFACTURER]
    model = model_name(texts[DeclaredColumn.MODEL], maker)
    named = told.get(DeclaredColumn.KIND) or ""
    row, kind = _kind(row, named, texts[DeclaredColumn.MODEL] or "", words.get(folded_word(named)) if words else None, default)
    row, ram = _size(row, DeclaredColumn.RAM, told.get(DeclaredColumn.RAM) or "")
    row, storage = _size(row, DeclaredColumn.STORAGE, told.get(DeclaredColumn.STORAGE) or "")
    machine = ListedMachine(
        kind,
        tag,
        serial,
        brand(maker),
        model,
        texts[DeclaredColumn.CPU],
        ram,
        storage and max(1, round(storage / 1024)),
        texts[DeclaredColumn.NOTE],
    )
    row, quantity = _quantity(row, told.get(DeclaredColumn.QUANTITY) or "", named=bool(serial or tag))
    return [replace(row, machine=machine, copy=copy) for copy in range(1, quantity + 1)]


def _identity(row: ReadRow, column: DeclaredColumn, text: str | None) -> tuple[ReadRow, str | None]:
    """A serial or a tag as it names a machine, or nothing and why."""
    if text is None:
        return row, None
    if is_scientific(text):
        return row.but(column, Level.DOUBT, "list.number_mangled", text=text), None
    if is_rounded(text):
        return row.but(column, Level.DOUBT, "list.number_rounded", text=text), None
    # A donor may well number his machines 1, 2, 3; a serial of one sign is none.
    if is_placeholder(text) and not (
        column == DeclaredColumn.TAG and (len(text) == 1 or any(letter.isdigit() for letter in text)) and text.isalnum()
    ):
        # « - » and « N/A » say that there is none; anything else was meant to be one.
        if (
            column == DeclaredColumn.SERIAL
            and any(letter.isalnum() for letter in text)
            and text.casefold() not in {"n/a", "na", "aucun", "sans"}
        ):
            row = row.but(column, Level.DOUBT, "list.serial_placeholder", text=text)
        return row, None
    return row, " ".join(text.split())


def _kind(row: ReadRow, text: str, model: str, meant: DeviceKind | None, default: DeviceKind | None) -> tuple[ReadRow, DeviceKind | None]:
    kind = meant or kind_word(text) or kind_of_model(model) or kind_of_model(text) or default
    if kind is None and text:
        return row.but(DeclaredColumn.KIND, Level.STOP, "list.kind_unknown", text=text), None
    if kind is None:
        return row.but(DeclaredColumn.KIND, Level.STOP, "list.kind_missing"), None
    return row, kind


def _size(row: ReadRow, column: DeclaredColumn, text: str) -> tuple[ReadRow, int | None]:
    """A size in MiB, read whole or doubted."""
    if not any(letter.isdigit() for letter in text) and is_placeholder(text):
        return row, None
    found = read_size(text)
    return (row, found.mib) if found.mib is not None else (row.but(column, Level.DOUBT, f"list.{found.why}", text=text), None)


def _quantity(row: ReadRow, text: str, *, named: bool) -> tuple[ReadRow, int]:
    if not text:
        return row, 1
    text = plain_digits(text)
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MOST_OF_A_ROW):
        return row.but(DeclaredColumn.QUANTITY, Level.STOP, "list.quantity_unreadable", text=text, most=MOST_OF_A_ROW), 1
    if named and int(text) > 1:
        return row.but(DeclaredColumn.QUANTITY, Level.STOP, "list.quantity_of_one", text=text), 1
    return row, int(text)


def _once_each(rows: list[ReadRow]) -> list[ReadRow]:
    """The second row with a tag or a serial that an earlier one has is left out, and says which one that is."""
    seen: dict[tuple[DeclaredColumn, str], int] = {}
    for at, row in enumerate(rows):
        machine = row.machine
        for column, text, code in (
            (DeclaredColumn.TAG, machine.tag, "list.tag_twice"),
            (DeclaredColumn.SERIAL, machine.serial and plain_serial(machine.serial), "list.serial_twice"),
        ):
            if not text:
                continue
            first = seen.setdefault((column, text.casefold()), row.number)
            if first != row.number:
                rows[at] = rows[at].but(column, Level.STOP, code, text=text, row=first)
    return rows


def _zeros_doubted(rows: list[ReadRow]) -> list[ReadRow]:
    """In a column of numbers that are all as long, with noughts in front of some or not at all, a shorter one may have lost its own."""
    numbers = [row.machine.serial for row in rows if row.machine.serial and row.machine.serial.isdecimal()]
    named = [row.machine.serial for row in rows if row.machine.serial]
    if len(numbers) < 4 or len(numbers) < len(named):
        return rows
    usual, count = Counter(len(number) for number in numbers).most_common(1)[0]
    if count < len(numbers) * 0.6:
        return rows
    return [
        row.but(DeclaredColumn.SERIAL, Level.DOUBT, "list.zeros_lost", text=row.machine.serial, usual=usual, length=len(row.machine.serial))
        if row.machine.serial and usual - 3 <= len(row.machine.serial) < usual
        else row
        for row in rows
    ]


def _numbered(rows: list[ReadRow]) -> list[ReadRow]:
    """Machines without a name of their own are told apart by counting those that are described alike."""
    alike: Counter[str] = Counter()
    for at, row in enumerate(rows):
        machine = row.machine
        if machine.tag or machine.serial:
            continue
        words = "|".join((machine.kind or "", machine.manufacturer or "", machine.model or "")).casefold()[:280]
        alike[words] += 1
        rows[at] = replace(row, machine=replace(machine, nth=f"{words}|{alike[words]}"))
    return rows
