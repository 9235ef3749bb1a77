"""Lists as text: any separator, any encoding, any line end."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from refurb.spreadsheets.cells import text_of
from refurb.spreadsheets.errors import MOST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, ListUnreadable

_SEPARATORS = ";,\t|"
_SAMPLE_LINES = 40
_TOLD = re.compile(r"sep=(.)[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)
# Bytes of accented French letters and typographic signs, in the two one-byte encodings that spreadsheets write.
_FRENCH_SIGNS = frozenset("éèêëàâäîïôöùûüçÉÈÊÀÂÎÔÛÇœŒæ«»°²€’‘“”–—… ™®µ")
# More quotes than this left open are no CSV.
_FIELD_LIMIT = 131_072


def read_text(content: bytes) -> list[list[str]]:
    """The rows of a text file, headings and blank ones included. Raises `ListUnreadable`."""
    text = decode(content)
    separator, text = _separator(text)
    rows = list(_rows(text, separator))
    if not any(len(row) > 1 for row in rows) and len(rows) < 2:
        raise ListUnreadable("list.no_table")
    return rows


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
