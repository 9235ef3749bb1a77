"""Lists as spreadsheets: XLSX through openpyxl, ODS by its own XML; both are packed, and unpacked only as far as a list goes.

Loaded and run apart (`kernel.deeds.apart`), as `table` asks for it: what is asked here goes out as plain data.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from openpyxl import load_workbook

from refurb.spreadsheets.cells import doubt_of, text_of, with_noughts
from refurb.spreadsheets.errors import MOST_CELLS, MOST_COLUMNS, MOST_DEPTH, MOST_ROWS, MOST_UNPACKED, ListUnreadable
from refurb.spreadsheets.grid import CellDoubt, SheetGrid, Sheets

MOST_SHEETS = 30
# Rows read of one sheet: the list, its titles, and the blank ones in between.
_MOST_LINES = MOST_ROWS + 200
_MOST_MEMBERS = 2_000
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
# How a cell begins, in the two formats as nearly every spreadsheet writes them.
_CELL = re.compile(rb"<(?:c|table:table-cell)[ >/]")

# What the XML of a sheet of XLSX says beside its values (ECMA-376 part 1, 18.3.1): rows, formulas without a result, merged cells.
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_UNCOMPUTED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"')


def read_packed(content: bytes) -> Sheets:
    """The rows of each sheet by its name. Raises `ListUnreadable` for what is no spreadsheet, is locked, or claims to be enormous."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = _look_inside(packed)
            if "content.xml" in names:
                return _read_ods(packed)
        return _read_xlsx(content, names)
    except (ListUnreadable, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook raises anything at all in its reader: the file is at fault, not we
        raise ListUnreadable("list.broken_workbook") from None


def _look_inside(packed: zipfile.ZipFile) -> set[str]:
    """Unpack every part once, counting: what is written in the directory of a packed file is only what its maker says."""
    parts = packed.infolist()
    if len(parts) > _MOST_MEMBERS:
        raise ListUnreadable("list.too_big_inside")
    if any(part.flag_bits & 1 for part in parts):
        raise ListUnreadable("list.locked")
    bytes_left, cells_left = MOST_UNPACKED, MOST_CELLS
    for part in parts:
        # Whatever it is called: the workbook itself says which part is a sheet, and it may say a picture.
        size, cells = _unpacked(packed, part, bytes_left)
        bytes_left, cells_left = bytes_left - size, cells_left - cells
        if cells_left < 0:
            raise ListUnreadable("list.too_many_cells", most=MOST_CELLS)
    return {part.filename for part in parts}


def _unpacked(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> tuple[int, int]:
    """How many bytes a part unpacks to, and about how many cells are in it: counting them costs little, reading them much."""
    size, cells, is_drawing = 0, 0, part.filename.lower().endswith(".svg")
    with packed.open(part) as stream:
        while chunk := stream.read(1 << 16):
            # A document type can name files and grow without end; no spreadsheet has one.
            if size == 0 and not is_drawing and re.search(rb"<!(DOCTYPE|ENTITY)", chunk[:4096].replace(b"\0", b"")):
                raise ListUnreadable("list.broken_workbook")
            size += len(chunk)
            cells += len(_CELL.findall(chunk))
            if size > most:
                raise ListUnreadable("list.too_big_inside")
    return size, cells


def _read_xlsx(content: bytes, names: set[str]) -> Sheets:
    if not any(name.startswith("xl/") for name in names):
        raise ListUnreadable("list.not_a_list")
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            found: Sheets = {}
            if len(book.worksheets) > MOST_SHEETS:
                raise ListUnreadable("list.too_many_sheets", most=MOST_SHEETS)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # Some writers tell none, or a wrong one.
                grid = _grid(sheet.iter_rows(max_row=_MOST_LINES + 1, max_col=MOST_COLUMNS))
                if len(grid.rows) > _MOST_LINES and any(grid.rows[-1]):
                    raise ListUnreadable("list.too_long", most=MOST_ROWS)
                grid.is_hidden = getattr(sheet, "sheet_state", "visible") != "visible"
                _look_at_marks(packed.read(sheet._worksheet_path), grid)  # noqa: SLF001 - the one name under which openpyxl keeps it
                found[str(sheet.title)] = grid
            return found
    finally:
        book.close()


def _grid(rows: Iterable[Sequence[Any]]) -> SheetGrid:
    grid = SheetGrid([])
    for at, row in enumerate(rows):
        texts = []
        for column, cell in enumerate(row):
            value, shown_as = cell.value, getattr(cell, "number_format", "General") or "General"
            if value is not None and (doubt := doubt_of(value, shown_as)):
                grid.doubts[at, column] = doubt
            texts.append(text_of(with_noughts(value, shown_as)))
        grid.rows.append(texts)
    return grid


def _look_at_marks(part: bytes, grid: SheetGrid) -> None:
    """What the reader does not tell of a sheet: its hidden rows, formulas without a result, merged cells."""
    for found in _ROW.finditer(part):
        attributes = found.group(1)
        number = _ROW_NUMBER.search(attributes)
        if number and _HIDDEN.search(attributes):
            grid.hidden_rows.add(int(number.group(1)) - 1)
    for found in _UNCOMPUTED.finditer(part):
        at, column = _place(found.group(1).decode())
        if at < len(grid.rows) and column < len(grid.rows[at]):
            grid.doubts.setdefault((at, column), CellDoubt.UNCOMPUTED)
    for found in _MERGED.finditer(part):
        (top, left), (bottom, _right) = _place(found.group(1).decode()), _place(found.group(2).decode())
        _fill_down(grid, top, left, bottom)


def _place(name: str) -> tuple[int, int]:
    """Row and column of a cell such as « AB12 », from 0."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :]) - 1, column - 1


def _fill_down(grid: SheetGrid, top: int, left: int, bottom: int) -> None:
    """What is merged over several rows is said of each of them."""
    if top >= len(grid.rows) or left >= len(grid.rows[top]) or not grid.rows[top][left]:
        return
    for at in range(top + 1, min(bottom + 1, len(grid.rows))):
        if left < len(grid.rows[at]) and not grid.rows[at][left]:
            grid.rows[at][left] = grid.rows[top][left]
            grid.doubts[at, left] = CellDoubt.MERGED


def _read_ods(packed: zipfile.ZipFile) -> Sheets:
    reader = _OdsReader()
    depth = 0
    with packed.open("content.xml") as stream:
        try:
            for happened, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314 - no document type gets this far
                depth += 1 if happened == "start" else -1
                if depth > MOST_DEPTH:
                    raise ListUnreadable("list.broken_workbook")
                (reader.opened if happened == "start" else reader.closed)(element)
        except (ET.ParseError, ExpatError):
            raise ListUnreadable("list.broken_workbook") from None
    return reader.found


class _OdsReader:
    """The sheets of an ODS file, element by element; each is let go when it has been read."""

    def __init__(self) -> None:
        self.found: Sheets = {}
        self._unseen: set[str] = set()
        self._style = self._name = ""
        self._grid = SheetGrid([])
        self._folded = 0
        # Cells that go on into the rows below: by column, how many more rows, and what they say.
        self._below: dict[int, tuple[int, str]] = {}

    def opened(self, element: ET.Element) -> None:
        if element.tag == f"{_STYLE}style":
            self._style = element.get(f"{_STYLE}name") or ""
        elif element.tag == f"{_STYLE}table-properties" and element.get(f"{_TABLE}display") == "false":
            self._unseen.add(self._style)
        elif element.tag == f"{_TABLE}table":
            self._name = str(element.get(f"{_TABLE}name") or len(self.found) + 1)
            self._grid = SheetGrid([], is_hidden=(element.get(f"{_TABLE}style-name") or "") in self._unseen)
            self._folded, self._below = 0, {}
        elif element.tag == f"{_TABLE}table-row-group" and element.get(f"{_TABLE}display") == "false":
            self._folded += 1

    def closed(self, element: ET.Element) -> None:
        if element.tag == f"{_TABLE}table-row":
            self._row(element)
            element.clear()
        elif element.tag == f"{_TABLE}table-row-group" and element.get(f"{_TABLE}display") == "false":
            self._folded -= 1
        elif element.tag == f"{_TABLE}table":
            if len(self.found) >= MOST_SHEETS:
                raise ListUnreadable("list.too_many_sheets", most=MOST_SHEETS)
            self.found[self._name] = self._grid
            element.clear()

    def _row(self, element: ET.Element) -> None:
        grid, at = self._grid, len(self._grid.rows)
        cells, doubts = self._cells(element)
        times = _count(element.get(f"{_TABLE}number-rows-repeated"), _MOST_LINES - at)
        # A blank row that is repeated a million times is the rest of the sheet.
        times = max(0, times if any(cells) else min(times, 50))
        if any(cells) and not times:
            raise ListUnreadable("list.too_long", most=MOST_ROWS)
        grid.rows.extend([cells] * times)
        if self._folded or element.get(f"{_TABLE}visibility") in {"collapse", "filter"}:
            grid.hidden_rows.update(range(at, at + times))
        for column, doubt in doubts.items():
            grid.doubts.update({(row, column): doubt for row in range(at, at + times)})

    def _cells(self, row: ET.Element) -> tuple[list[str], dict[int, CellDoubt]]:
        texts: list[str] = []
        doubts: dict[int, CellDoubt] = {}
        for cell in row:
            if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"} or len(texts) >= MOST_COLUMNS:
                continue
            value, doubt = _value(cell)
            text = text_of(value)
            for _time in range(_count(cell.get(f"{_TABLE}number-columns-repeated"), MOST_COLUMNS - len(texts))):
                at = len(texts)
                texts.append(text)
                if doubt:
                    doubts[at] = doubt
                left, above = self._below.pop(at, (0, ""))
                if left and not text and cell.tag == f"{_TABLE}covered-table-cell":
                    texts[at], doubts[at] = above, CellDoubt.MERGED
                    if left > 1:
                        self._below[at] = left - 1, above
            spanned = _count(cell.get(f"{_TABLE}number-rows-spanned"), _MOST_LINES)
            if spanned > 1 and text:
                self._below[len(texts) - 1] = spanned - 1, text
        return texts, doubts


def _count(written: str | None, most: int) -> int:
    return min(int(written) if written and written.isdecimal() and len(written) < 9 else 1, most)


def _value(cell: ET.Element) -> tuple[Any, CellDoubt | None]:
    """A cell's value as it is seen, and what is doubtful about it."""
    kind = "error" if cell.get(f"{_CALC}value-type") == "error" else cell.get(f"{_OFFICE}value-type")
    seen = " ".join("".join(paragraph.itertext()) for paragraph in cell.iter(f"{_TEXT}p"))
    match kind:
        case "error":
            found: tuple[Any, CellDoubt | None] = "", CellDoubt.FAULT
        case "float" | "currency" | "percentage":
            found = _number(cell.get(f"{_OFFICE}value") or "0", seen, kind)
        case "boolean":
            found = cell.get(f"{_OFFICE}boolean-value") == "true", CellDoubt.ANSWER
        case "date" | "time":
            written = cell.get(f"{_OFFICE}{kind}-value") or ""
            is_day = re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:.]+)?", written)
            found = datetime.fromisoformat(written) if is_day else seen or written, CellDoubt.DATE
        case None if not seen and cell.get(f"{_TABLE}formula"):
            found = "", CellDoubt.UNCOMPUTED
        case _:
            found = seen, doubt_of(seen)
    return found


def _number(value: str, seen: str, kind: str) -> tuple[Any, CellDoubt | None]:
    number = float(value)
    if kind == "percentage":
        return number, CellDoubt.FRACTION
    if seen.isdecimal() and int(seen) == number:
        return seen, None  # With the noughts that its format puts in front.
    has_signs = kind == "float" and re.search(r"\d[-/:_]\d|[^\W\d_]\s?-?\d", seen)
    return number, CellDoubt.FORMAT if has_signs else doubt_of(number)
