"""From a file to one table: which sheet, on which row its headings stand, what lies under them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from refurb.kernel.deeds.apart import TooMuchWork, apart
from refurb.spreadsheets.csv_text import read_text
from refurb.spreadsheets.errors import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, ListUnreadable
from refurb.spreadsheets.grid import CellDoubt, SheetGrid, SheetLeft, Sheets

# Headings stand within the first rows; above them there are titles, logos and advice.
_LATEST_HEADING = 30
Known = Callable[[Sequence[str]], int]
"""How many cells of a row are headings that the reader expects."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class SheetTable:
    """A list as it was sent: its headings, and each row under them with its number in the file, counted from 1."""

    sheet: str | None
    heading_row: int
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    doubts: Mapping[int, Mapping[int, CellDoubt]] = field(default_factory=dict)
    """By a row's number, by column: what the spreadsheet, or who typed, may have changed."""
    hidden: tuple[int, ...] = ()
    """Numbers of the rows with something in them that the spreadsheet does not show: they are not among `rows`."""
    sheets: tuple[tuple[str, int, SheetLeft | None], ...] = ()
    """Every sheet of the file: its name, its rows with something in them, and why it was not read; None for the one that was."""

    def to_json(self) -> dict[str, Any]:
        """As it is kept until the list is confirmed."""
        return {
            "sheet": self.sheet,
            "heading_row": self.heading_row,
            "headings": list(self.headings),
            "rows": [[number, *cells] for number, cells in self.rows],
            "doubts": {str(number): {str(column): doubt.value for column, doubt in each.items()} for number, each in self.doubts.items()},
            "hidden": list(self.hidden),
            "sheets": [[name, rows, why and why.value] for name, rows, why in self.sheets],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "SheetTable":
        """As it was kept."""
        rows = tuple((int(number), tuple(cells)) for number, *cells in kept["rows"])
        doubts = {
            int(number): {int(column): CellDoubt(doubt) for column, doubt in each.items()}
            for number, each in kept.get("doubts", {}).items()
        }
        sheets = tuple((name, count, SheetLeft(why) if why else None) for name, count, why in kept.get("sheets", ()))
        return cls(kept["sheet"], kept["heading_row"], tuple(kept["headings"]), rows, doubts, tuple(kept.get("hidden", ())), sheets)

    def samples(self, column: int, most: int = 3) -> list[str]:
        """The first different values of a column."""
        return list(dict.fromkeys(cells[column] for _, cells in self.rows if cells[column]))[:most]


def read_table(content: bytes, known: Known) -> SheetTable:
    """The table in a file, recognised by its content whatever it is called. Raises `ListUnreadable`.

    A workbook may take seconds, in a process of its own: this is called before a unit of work, never in one.
    """
    if not content.strip():
        raise ListUnreadable("list.empty")
    if len(content) > MOST_BYTES:
        raise ListUnreadable("list.too_big", most=MOST_BYTES // 2**20)
    if content.startswith(_OLD_EXCEL):
        raise ListUnreadable("list.old_excel")
    if content.startswith(b"%PDF"):
        raise ListUnreadable("list.pdf")
    sheets: Sheets = _packed(content) if content.startswith(b"PK\x03\x04") else {"": read_text(content)}
    found = [(_heading_at(grid.rows, known), name) for name, grid in sheets.items() if grid.filled and not grid.is_hidden]
    if not found:
        raise ListUnreadable("list.all_hidden" if any(grid.filled for grid in sheets.values()) else "list.empty")
    (_, at), name = max(found, key=lambda each: each[0][0])
    return replace(_under(sheets[name], at, name or None), sheets=tuple(_told(sheets, name)))


def _told(sheets: Sheets, read: str) -> Iterator[tuple[str, int, SheetLeft | None]]:
    for name, grid in sheets.items():
        why = None if name == read else SheetLeft.HIDDEN if grid.is_hidden else SheetLeft.OTHER if grid.filled else SheetLeft.EMPTY
        yield name, grid.filled, why


def _packed(content: bytes) -> Sheets:
    try:
        sheets: Sheets = apart("refurb.spreadsheets.packed:read_packed", content)
    except TooMuchWork:
        raise ListUnreadable("list.too_much_work") from None
    return sheets


def _heading_at(rows: list[list[str]], known: Known) -> tuple[int, int]:
    """How many headings are known on the row that has the most, and which it is; without any, the first row that is as wide as the list."""
    early = rows[:_LATEST_HEADING]
    scores = [(known(row), -at) for at, row in enumerate(early)]
    best, at = max(scores)
    if best >= 2 or (best == 1 and sum(1 for cell in early[-at] if cell) <= 2):
        return best, -at
    widths = [sum(1 for cell in row if cell) for row in early]
    if not any(widths):
        raise ListUnreadable("list.no_table")
    typical = sorted(width for width in widths if width)[len([width for width in widths if width]) // 2]
    return best, next(at for at, width in enumerate(widths) if width >= typical)


def _under(grid: SheetGrid, at: int, sheet: str | None) -> SheetTable:
    rows = grid.rows
    width = min(MOST_COLUMNS, max(len(row) for row in rows[at:]))
    filled = [(number, _wide(row, width)) for number, row in enumerate(rows[at + 1 :], start=at + 2) if any(row) or _doubted(grid, number)]
    kept = [(number, cells) for number, cells in filled if number - 1 not in grid.hidden_rows]
    if not kept:
        raise ListUnreadable("list.all_hidden" if filled else "list.no_rows")
    if len(kept) > MOST_ROWS:
        raise ListUnreadable("list.too_long", most=MOST_ROWS)
    headings = _wide(rows[at], width)
    used = [column for column in range(width) if headings[column] or any(cells[column] for _, cells in kept)]
    places = {column: place for place, column in enumerate(used)}
    doubts: dict[int, dict[int, CellDoubt]] = {}
    for (row, column), doubt in grid.doubts.items():
        if column in places and row not in grid.hidden_rows and row > at:
            doubts.setdefault(row + 1, {})[places[column]] = doubt
    return SheetTable(
        sheet,
        at + 1,
        tuple(headings[column] for column in used),
        tuple((number, tuple(cells[column] for column in used)) for number, cells in kept),
        doubts,
        tuple(number for number, _ in filled if number - 1 in grid.hidden_rows),
    )


def _doubted(grid: SheetGrid, number: int) -> bool:
    """Whether a row that looks blank holds formulas that failed."""
    return any((number - 1, column) in grid.doubts for column in range(len(grid.rows[number - 1]))) if grid.doubts else False


def _wide(row: list[str], width: int) -> tuple[str, ...]:
    return tuple([*row, *[""] * (width - len(row))][:width])
