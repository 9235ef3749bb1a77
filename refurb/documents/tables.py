"""How a table of a paper looks: columns as wide as they need, its head on each page, rows never cut, a total."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import typeset
from refurb.documents.blocks import HAIRLINE, INK, LEAD, MOST_LINES, ROOM, drop, heading, rule
from refurb.documents.content import Column, Heading, Table
from refurb.documents.flow import Strip, glue
from refurb.documents.tags import Tag, header_cell, said, text_string
from refurb.documents.typeset import BOLD, MONO, REGULAR, Line
from refurb.documents.wording import spans

SIZES = (9.5, 9.0, 8.5, 8.0)
"""Tried in turn, until the widest words fit; nothing smaller is read with ease."""

_GAP = 3.6 * mm
_PAD = 1.45 * mm
_LEADING = 1.32
_SHORT, _LONG = 24 * mm, 60 * mm
_CODE = 130 * mm
"""So much room a code is given before it is broken: the sum of a file is compared sign by sign, and has 64."""


@dataclass(frozen=True)
class _Grid:
    """The columns of one table, in points: where each begins, how wide it is, and the size of the letters."""

    columns: tuple[Column, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    size: float


def strips(table: Table, *, captioned: bool = True) -> list[Strip]:
    """The caption, the head and the first two rows stay together; so do the last two and the total."""
    grid, part = _grid(table), Tag("Table", f"/A<</O/Table/Summary{text_string(table.caption)}>>" if table.caption else "")
    labels = [column.label for column in table.columns]
    # A table of no rows has no body, and then its head and its total are rows like others: a head over no body is a fault (PDF/UA).
    head_part, body, foot = (part.add("THead"), part.add("TBody"), "TFoot") if table.rows else (part, part, "")
    named = head_part.add("TR")
    head = _row(grid, labels, [header_cell(named, "Column") for _label in labels], bold=True, under=1.3, ink=INK)
    again = replace(_row(grid, labels, [None] * len(labels), bold=True, under=1.3, ink=INK), glued=True)
    rows = [strip for cells in table.rows for strip in _rows(grid, cells, again, body.add("TR"))]
    if table.total is not None:
        if rows:
            rows[-1] = replace(rows[-1], glued=True)
        rows.append(_row(grid, table.total, _total(table.total, (part.add(foot) if foot else part).add("TR")), bold=True, over=1.3))
    rows = [replace(strip, part=part) for strip in rows]
    rows = glue(rows[:2]) + rows[2:] if len(rows) > 2 else glue(rows)
    if len(rows) > 3:
        rows[-2:] = glue(rows[-2:])
    title = heading(Heading(table.caption)) if captioned and table.caption else []
    return [*title, replace(head, part=part, glued=True, gap=0 if title else 2 * mm), *rows]


def _total(cells: Sequence[str], row: Tag) -> list[Tag | None]:
    """The first cell names the total, over the empty ones beside it, which are none."""
    span = spans(cells)[0]
    return [header_cell(row, "Row", span), *[None] * (span - 1), *(row.add("TD") for _cell in cells[span:])]


def _rows(grid: _Grid, cells: Sequence[str], head: Strip, row: Tag) -> list[Strip]:
    """One strip for the row; more only when a cell is longer than any page."""
    lines = [_cell(grid, at, cell, bold=False) for at, cell in enumerate(cells)]
    tags = [row.add("TD") for _each in cells]
    longest = max(map(len, lines))
    parts = range(0, longest, MOST_LINES)
    return [
        replace(
            _strip(grid, [each[start : start + MOST_LINES] for each in lines], tags, under=0.4 if start == parts[-1] else 0),
            head=head,
        )
        for start in parts
    ]


def _row(
    grid: _Grid, cells: Sequence[str], tags: Sequence[Tag | None], *, bold: bool, under: float = 0, over: float = 0, ink: float = HAIRLINE
) -> Strip:
    columns = spans(cells) if over else [1] * len(cells)
    lines = [_cell(grid, at, cell, bold=bold, span=columns[at]) for at, cell in enumerate(cells)]
    return _strip(grid, lines, tags, under=under, over=over, ink=ink)


def _cell(grid: _Grid, at: int, text: str, *, bold: bool, span: int = 1) -> list[Line]:
    column = grid.columns[at]
    room = grid.lefts[at + span - 1] + grid.widths[at + span - 1] - grid.lefts[at]
    return typeset.lines(text, _font(column, bold=bold), _size(column, grid.size, bold=bold), room + 0.01)


def _font(column: Column, *, bold: bool) -> str:
    return BOLD if bold else MONO if column.mono else REGULAR


def _size(column: Column, size: float, *, bold: bool) -> float:
    """Fixed-width letters look larger than the others: they are set a little smaller."""
    return size * 0.94 if column.mono and not bold else size


def _strip(
    grid: _Grid, cells: list[list[Line]], tags: Sequence[Tag | None], *, under: float = 0, over: float = 0, ink: float = HAIRLINE
) -> Strip:
    leading = grid.size * _LEADING
    longest = max(map(len, cells))
    height = longest * leading + 2 * _PAD

    def draw(canvas: Canvas, left: float, top: float) -> None:
        for at, lines in enumerate(cells):
            if not any(line.pieces for line in lines):
                continue
            column, size = grid.columns[at], grid.size
            if lines[0].pieces:
                size = _size(column, grid.size, bold=lines[0].pieces[0].font == BOLD)
            down = (longest - len(lines)) * leading if ink == INK else 0
            with said(canvas, tags[at]):
                for number, line in enumerate(lines):
                    x = left + grid.lefts[at] + (grid.widths[at] - line.width if column.align == "end" else 0)
                    y = top - _PAD - down - drop(grid.size) * _LEADING / LEAD - number * leading
                    typeset.draw_line(canvas, line, size, x, y)
        if over:
            rule(canvas, left, top, ROOM, thickness=over)
        if under:
            rule(canvas, left, top - height, ROOM, thickness=under, grey=ink)

    return Strip(height, draw)


def _grid(table: Table) -> _Grid:
    room = ROOM - _GAP * (len(table.columns) - 1)
    measures = [_measure(table, at) for at in range(len(table.columns))]
    for size in SIZES:
        wanted = [column.width * mm if column.width else whole * size for column, (whole, _) in _each(table, measures)]
        needed = [
            column.width * mm if column.width else _least(column, whole * size, word * size)
            for column, (whole, word) in _each(table, measures)
        ]
        if sum(needed) <= room and sum(wanted) <= 1.6 * room:
            break
    widths = _shared(table.columns, wanted, needed, room)
    lefts, x = [], 0.0
    for width in widths:
        lefts.append(x)
        x += width + _GAP
    return _Grid(table.columns, tuple(lefts), tuple(widths), size)


def _least(column: Column, whole: float, word: float) -> float:
    """What a column cannot do without: its widest word, or all of it when that is short, as a date is."""
    return whole if whole <= _SHORT else min(_CODE if column.mono else _LONG, word)


def _each(table: Table, measures: list[tuple[float, float]]) -> Iterable[tuple[Column, tuple[float, float]]]:
    return zip(table.columns, measures, strict=True)


def _measure(table: Table, at: int) -> tuple[float, float]:
    """The widest cell of a column, and the widest word in it, for letters of one point."""
    column = table.columns[at]
    cells = {row[at] for row in table.rows}
    bold = {column.label} | ({table.total[at]} if table.total else set())
    fonts = [(cells, _font(column, bold=False), _size(column, 1, bold=False)), (bold, BOLD, 1)]
    whole = word = 0.0
    for texts, font, size in fonts:
        for text in texts:
            for line in typeset.printable(text, font).split("\n"):
                whole = max(whole, typeset.width(line, font, size))
                word = max(word, *[typeset.width(part, font, size) for part in line.split(" ")])
    return whole, word


def _shared(columns: Sequence[Column], wanted: list[float], needed: list[float], room: float) -> list[float]:
    """The widths that fill the room: each column what it wants when that fits, else something between want and need."""
    if sum(needed) >= room:
        return [width * room / sum(needed) for width in needed]
    if sum(wanted) > room:
        share = (room - sum(needed)) / (sum(wanted) - sum(needed))
        return [least + (most - least) * share for most, least in zip(wanted, needed, strict=True)]
    growing = [0.0 if column.width else width for column, width in zip(columns, wanted, strict=True)]
    spare = (room - sum(wanted)) / (sum(growing) or 1)
    return [width + grown * spare for width, grown in zip(wanted, growing, strict=True)]
