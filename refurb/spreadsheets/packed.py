"""Lists as spreadsheets: XLSX through openpyxl, ODS by its own XML; both are packed, and unpacked only as far as a list goes.

Loaded and run apart (`kernel.deeds.apart`), as `table` asks for it: what is asked here goes out as plain data.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

from openpyxl import load_workbook

from refurb.spreadsheets.cells import text_of
from refurb.spreadsheets.errors import MOST_CELLS, MOST_COLUMNS, MOST_DEPTH, MOST_ROWS, MOST_UNPACKED, ListUnreadable, Sheets

MOST_SHEETS = 12
# Rows read of one sheet: the list, its titles, and the blank ones in between.
_MOST_LINES = MOST_ROWS + 200
_MOST_MEMBERS = 2_000
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# How a cell begins, in the two formats as nearly every spreadsheet writes them.
_CELL = re.compile(rb"<(?:c|table:table-cell)[ >/]")


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
        found: Sheets = {}
        for sheet in book.worksheets[:MOST_SHEETS]:
            if getattr(sheet, "sheet_state", "visible") != "visible":
                continue
            sheet.reset_dimensions()  # Some writers tell none, or a wrong one.
            rows = sheet.iter_rows(max_row=_MOST_LINES, max_col=MOST_COLUMNS, values_only=True)
            found[str(sheet.title)] = [[text_of(value) for value in row] for row in rows]
        return found
    finally:
        book.close()


def _read_ods(packed: zipfile.ZipFile) -> Sheets:
    found: Sheets = {}
    name = ""
    rows: list[list[str]] = []
    depth = 0
    with packed.open("content.xml") as stream:
        try:
            for happened, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314 - no document type gets this far
                depth += 1 if happened == "start" else -1
                if depth > MOST_DEPTH:
                    raise ListUnreadable("list.broken_workbook")
                if happened == "start" and element.tag == f"{_TABLE}table":
                    name, rows = str(element.get(f"{_TABLE}name") or len(found) + 1), []
                elif happened == "end" and element.tag == f"{_TABLE}table-row":
                    rows.extend(_repeated(list(_cells(element)), element.get(f"{_TABLE}number-rows-repeated"), len(rows)))
                    element.clear()
                elif happened == "end" and element.tag == f"{_TABLE}table" and len(found) < MOST_SHEETS:
                    found[name] = rows
                    element.clear()
        except (ET.ParseError, ExpatError):
            raise ListUnreadable("list.broken_workbook") from None
    return found


def _repeated(cells: list[str], times: str | None, above: int) -> list[list[str]]:
    # A blank row that is repeated a million times is the rest of the sheet.
    count = _count(times, _MOST_LINES - above) if any(cells) else min(_count(times, _MOST_LINES - above), 50)
    return [cells] * max(0, count)


def _count(written: str | None, most: int) -> int:
    return min(int(written) if written and written.isdecimal() and len(written) < 9 else 1, most)


def _cells(row: ET.Element) -> Iterator[str]:
    left = MOST_COLUMNS
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"} or left <= 0:
            continue
        count = _count(cell.get(f"{_TABLE}number-columns-repeated"), left)
        left -= count
        text = text_of(_value(cell))
        yield from [text] * count


def _value(cell: ET.Element) -> Any:
    kind = cell.get(f"{_OFFICE}value-type")
    value = cell.get(f"{_OFFICE}value")
    if kind in {"float", "percentage", "currency"} and value is not None:
        return float(value)
    if kind == "date":
        written = cell.get(f"{_OFFICE}date-value") or ""
        return datetime.fromisoformat(written) if re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:.]+)?", written) else written
    return " ".join("".join(paragraph.itertext()) for paragraph in cell.iter(f"{_TEXT}p"))
