"""What each row of a list says of a machine, and what is wrong with it, cell by cell; the database is asked elsewhere."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from refurb.inventory.lists.columns import DeclaredColumn
from refurb.inventory.lists.kinds import kind_of_model, kind_word
from refurb.inventory.readers.brands import brand, model_name
from refurb.inventory.readers.identity import is_placeholder
from refurb.inventory.readers.serials import plain_serial
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.speech.errors import Fault
from refurb.spreadsheets.cells import is_rounded, is_scientific
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
_NUMBER = r"(\d{1,7}(?:[.,]\d{1,3})?)"
_SIZE = re.compile(rf"\b{_NUMBER}\s*(to|tb|tio|tib|go|gb|gio|gib|g|mo|mb|mio|mib|m)\b", re.IGNORECASE)
_BARE_SIZE = re.compile(rf"{_NUMBER}()\b")
_TIMES = re.compile(r"(\d{1,2})\s*x\s*(.+)", re.IGNORECASE)


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


def read_rows(table: SheetTable, columns: Mapping[DeclaredColumn, int], default: DeviceKind | None = None) -> list[ReadRow]:
    """Every machine of a list, in its order; `default` is the kind of those that the list does not tell."""
    rows = [each for number, cells in table.rows for each in _machines(number, cells, columns, default)]
    return _numbered(_once_each(_zeros_doubted(rows)))


def _machines(number: int, cells: Sequence[str], columns: Mapping[DeclaredColumn, int], default: DeviceKind | None) -> list[ReadRow]:
    told = {column: cells[at] for column, at in columns.items() if at < len(cells)}
    if not any(told.get(column) for column in DeclaredColumn if column not in {DeclaredColumn.QUANTITY, DeclaredColumn.NOTE}):
        return []  # A subtotal, a remark under the list.
    row = ReadRow(number, ListedMachine())
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
    row, kind = _kind(row, told.get(DeclaredColumn.KIND) or "", texts[DeclaredColumn.MODEL] or "", default)
    row, ram = _size(row, DeclaredColumn.RAM, told.get(DeclaredColumn.RAM) or "", bare="go")
    row, storage = _size(row, DeclaredColumn.STORAGE, told.get(DeclaredColumn.STORAGE) or "", bare="go")
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


def _kind(row: ReadRow, text: str, model: str, default: DeviceKind | None) -> tuple[ReadRow, DeviceKind | None]:
    kind = kind_word(text) or kind_of_model(model) or kind_of_model(text) or default
    if kind is None and text:
        return row.but(DeclaredColumn.KIND, Level.STOP, "list.kind_unknown", text=text), None
    if kind is None:
        return row.but(DeclaredColumn.KIND, Level.STOP, "list.kind_missing"), None
    return row, kind


def _size(row: ReadRow, column: DeclaredColumn, text: str, *, bare: str) -> tuple[ReadRow, int | None]:
    """A size in MiB: « 16 Go », « 2 x 8 GB », « 0,5 To », « 8192 »; a bare number under 1024 is in `bare` units, a larger one in MiB."""
    if not any(letter.isdigit() for letter in text) and is_placeholder(text):
        return row, None
    times, rest = 1, text
    if several := _TIMES.fullmatch(text):
        times, rest = int(several.group(1)), several.group(2)
    found = _SIZE.search(rest) or _BARE_SIZE.match(rest)
    if found is None:
        return row.but(column, Level.DOUBT, "list.size_unreadable", text=text), None
    number = float(found.group(1).replace(",", "."))
    unit = (found.group(2) or (bare if number < 1024 else "mo")).casefold()[0]
    size = times * number * {"t": 1024 * 1024, "g": 1024, "m": 1}[unit]
    if not 1 <= size < 2**31:
        return row.but(column, Level.DOUBT, "list.size_unreadable", text=text), None
    return row, round(size)


def _quantity(row: ReadRow, text: str, *, named: bool) -> tuple[ReadRow, int]:
    if not text:
        return row, 1
    if not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_OF_A_ROW:
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
