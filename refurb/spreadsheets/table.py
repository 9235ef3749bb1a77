"""From a file to one table: which sheet, on which row its headings stand, what lies under them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from refurb.kernel.deeds.apart import TooMuchWork, apart
from refurb.spreadsheets.csv_text import read_text
from refurb.spreadsheets.errors import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, ListUnreadable, Sheets

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

    def to_json(self) -> dict[str, Any]:
        """As it is kept until the list is confirmed."""
        return {
            "sheet": self.sheet,
            "heading_row": self.heading_row,
            "headings": list(self.headings),
            "rows": [[number, *cells] for number, cells in self.rows],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "SheetTable":
        """As it was kept."""
        rows = tuple((int(number), tuple(cells)) for number, *cells in kept["rows"])
        return cls(kept["sheet"], kept["heading_row"], tuple(kept["headings"]), rows)

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
    found = [(_heading_at(rows, known), name, rows) for name, rows in sheets.items() if any(any(row) for row in rows)]
    if not found:
        raise ListUnreadable("list.empty")
    (_, at), name, rows = max(found, key=lambda each: each[0][0])
    return _under(rows, at, name or None)


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
    typical = sorted(width for width in widths if width)[len([width for width in widths if width]) // 2]
    return best, next(at for at, width in enumerate(widths) if width >= typical)


def _under(rows: list[list[str]], at: int, sheet: str | None) -> SheetTable:
    body = rows[at + 1 :]
    width = min(MOST_COLUMNS, max(len(row) for row in rows[at:]))
    kept = [(number, _wide(row, width)) for number, row in enumerate(body, start=at + 2) if any(row)]
    if not kept:
        raise ListUnreadable("list.no_rows")
    if len(kept) > MOST_ROWS:
        raise ListUnreadable("list.too_long", most=MOST_ROWS)
    headings = _wide(rows[at], width)
    used = [column for column in range(width) if headings[column] or any(cells[column] for _, cells in kept)]
    return SheetTable(
        sheet,
        at + 1,
        tuple(headings[column] for column in used),
        tuple((number, tuple(cells[column] for column in used)) for number, cells in kept),
    )


def _wide(row: list[str], width: int) -> tuple[str, ...]:
    return tuple([*row, *[""] * (width - len(row))][:width])
