"""What a sheet shows, as text, and what is doubtful about it: what its author hid, merged, or let the spreadsheet change."""

from dataclasses import dataclass, field
from enum import StrEnum


class CellDoubt(StrEnum):
    """Why the text of a cell may not be what its author typed. The word is the end of its refusal's code."""

    DATE = "date"
    """A date or a time: numbers such as 3-05 become one without anybody asking."""
    ANSWER = "answer"
    """Yes or no, by a box or a formula."""
    FRACTION = "fraction"
    """A number that is not whole, a percentage: 1/2 becomes one."""
    FORMAT = "format"
    """A number that is shown with signs that are not in it."""
    FAULT = "fault"
    """A formula that failed."""
    UNCOMPUTED = "uncomputed"
    """A formula whose result the file does not hold."""
    MERGED = "merged"
    """The value of a merged cell, of which this is not the first row."""
    QUOTE = "quote"
    """Of a line with a quotation mark that is never closed: read as if it were a letter."""


class SheetLeft(StrEnum):
    """Why a sheet was not read."""

    HIDDEN = "hidden"
    EMPTY = "empty"
    OTHER = "other"


@dataclass(slots=True)
class SheetGrid:
    """The rows of one sheet as text, blank ones included; which of them are hidden; the doubtful cells by row and column, from 0."""

    rows: list[list[str]]
    hidden_rows: set[int] = field(default_factory=set)
    doubts: dict[tuple[int, int], CellDoubt] = field(default_factory=dict)
    is_hidden: bool = False

    @property
    def filled(self) -> int:
        """How many rows have something in them."""
        return sum(1 for row in self.rows if any(row))


Sheets = dict[str, SheetGrid]
"""The sheets of a file, by their names."""
