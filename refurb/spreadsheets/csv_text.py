"""Lists as text: any separator, any encoding, any line end."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from refurb.spreadsheets.cells import text_of
from refurb.spreadsheets.errors import MOST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, ListUnreadable
from refurb.spreadsheets.grid import CellDoubt, SheetGrid

_SEPARATORS = ";,\t|"
_SAMPLE_LINES = 40
_TOLD = re.compile(r"sep=(.)[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)
# Bytes of accented French letters and typographic signs, in the two one-byte encodings that spreadsheets write.
_FRENCH_SIGNS = frozenset("éèêëàâäîïôöùûüçÉÈÊÀÂÎÔÛÇœŒæ«»°²€’‘“”–—… ™®µ")
# More quotes than this left open are no CSV.
_FIELD_LIMIT = 131_072
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_ENDS = re.compile(r"\r\n|\r|\n")
# Lines that one row may take: a cell with a remark of many lines.
_LONGEST_RECORD = 5_300
# What is a table to the eye and no list of ours, by how it begins.
_NOT_A_LIST = {
    "list.xml_2003": re.compile(r"\s*<\?xml.*?urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL | re.IGNORECASE),
    "list.web_page": re.compile(
        r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|meta|body|table|div|style)\b", re.DOTALL | re.IGNORECASE
    ),
    "list.json": re.compile(r"\s*[\[{]\s*[\[{\"]"),
}


def read_text(content: bytes) -> SheetGrid:
    """The rows of a text file, headings and blank ones included. Raises `ListUnreadable`."""
    text = decode(content)
    for code, pattern in _NOT_A_LIST.items():
        if pattern.match(text[:4096]):
            raise ListUnreadable(code)
    separator, text = _separator(text)
    grid = SheetGrid([])
    for at, (row, is_open) in enumerate(_records(text, separator)):
        grid.rows.append(row)
        if is_open:
            grid.doubts.update({(at, column): CellDoubt.QUOTE for column in range(len(row))})
    if not any(len(row) > 1 for row in grid.rows) and len(grid.rows) < 2:
        raise ListUnreadable("list.no_table")
    return grid


def _records(text: str, separator: str) -> Iterator[tuple[list[str], bool]]:
    """Each row, and whether it has a quotation mark that is never closed.

    A cell in quotes may go on over several lines. One that swallows lines which are as wide as the list was never closed where it should
    have been: its line is read again with the mark as a letter, and the lines after it for themselves.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    lines = _LINE.findall(text.replace("\0", ""))
    wide = Counter(line.count(separator) for line in lines[:200] if line.strip()).most_common(1)
    usual = max(1, wide[0][0]) if wide else 1
    at, count, left = 0, 0, MOST_CELLS
    while at < len(lines) and count < MOST_ROWS + 200:
        row, used = _record(lines, at, separator)
        is_open = row is None or _swallows(row, separator, usual) or (at + used == len(lines) and "".join(lines[at:]).count('"') % 2 == 1)
        if is_open or row is None:
            row, used = [cell.replace('"', "").strip() for cell in lines[at].rstrip("\r\n").split(separator)], 1
        left -= len(row)
        if left < 0:
            raise ListUnreadable("list.too_many_cells", most=MOST_CELLS)
        yield [text_of(cell[: MOST_CELL * 2]) for cell in row[:MOST_COLUMNS]], is_open
        at, count = at + used, count + 1
    if any(line.strip(f"{separator}\r\n ") for line in lines[at:]):
        raise ListUnreadable("list.too_long", most=MOST_ROWS)


def _swallows(row: list[str], separator: str, usual: int) -> bool:
    """Whether a cell holds whole lines of the list."""
    return any(line.count(separator) >= usual for cell in row for line in _ENDS.split(cell)[1:])


def _record(lines: list[str], at: int, separator: str) -> tuple[list[str] | None, int]:
    """The row that begins on a line, and how many lines it takes; no row where the text cannot be one."""
    reader = csv.reader(lines[at : at + _LONGEST_RECORD], delimiter=separator)
    try:
        row = next(reader)
        if reader.line_num > 1:  # What is quoted over several lines is quoted as it should be, or was never closed.
            next(csv.reader(lines[at : at + reader.line_num], delimiter=separator, strict=True))
    except csv.Error:
        return None, 1
    return row, reader.line_num


def decode(content: bytes) -> str:
    """The text, by its byte order mark, else as UTF-8, else as UTF-16 without its mark, else as Windows or old Macintosh wrote it."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding)
    head = content[:4096]
    if head.count(0) > len(head) // 4:
        return _strict(content, "utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
    if b"\0" in content:
        raise ListUnreadable("list.not_a_list")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _one_byte(content)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ListUnreadable("list.not_a_list") from None


def _one_byte(content: bytes) -> str:
    """Whichever of the two makes more French of the bytes above ASCII; Windows where they make as much."""
    above = content.translate(None, delete=bytes(range(0x80)))
    high = Counter(above)
    if len(above) > len(content) // 3:
        raise ListUnreadable("list.not_a_list")

    def sense(encoding: str) -> int:
        return sum(count for byte, count in high.items() if bytes([byte]).decode(encoding, "replace") in _FRENCH_SIGNS)

    encoding = "mac-roman" if sense("mac-roman") > sense("cp1252") else "cp1252"
    return content.decode(encoding, "replace").replace("\N{REPLACEMENT CHARACTER}", "?")


def _separator(text: str) -> tuple[str, str]:
    """The separator: told in a first line `sep=;`, else the one that cuts the most lines into the same number of cells."""
    declared = _TOLD.match(text)
    if declared:
        return declared.group(1), text[declared.end() :]
    best, most = ",", 0
    for separator in _SEPARATORS:
        widths = Counter(len(row) for row in _rows(text[:65_536], separator, _SAMPLE_LINES) if any(row))
        if not widths:
            continue
        width, lines = max(widths.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]))
        score = (width > 1) * lines * min(width, 12)
        if score > most:
            best, most = separator, score
    return best, text


def _rows(text: str, separator: str, most: int = MOST_ROWS + 200) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    # Line ends of every kind: newline="" leaves those inside quotes alone.
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
    left = MOST_CELLS
    try:
        for count, row in enumerate(reader):
            if count >= most:
                return
            left -= len(row)
            if left < 0:
                raise ListUnreadable("list.too_many_cells", most=MOST_CELLS)
            yield [text_of(cell[: MOST_CELL * 2]) for cell in row[:MOST_COLUMNS]]
    except csv.Error:
        raise ListUnreadable("list.broken_text") from None
