"""The labels stuck on machines, as PDF: a sheet of them, a roll of them, and a test sheet with a ruler.

A label bears what its fields say and nothing else: no donor, no donation number, no beneficiary.
"""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import qr, typeset
from refurb.documents.typeset import BOLD, MONO, REGULAR, TITLE, Line
from refurb.inventory.labels.formats import SMALLEST_MODULE, LabelFormat
from refurb.inventory.labels.printing import Label
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _, language

RULER = 50
"""Millimetres."""

_RULE = 0.4
_LEADING = 1.22
_CAPITALS = 0.66
"""How high capitals and figures are, in parts of the size."""


def sheet(labels: Sequence[Label], label_format: LabelFormat, first_cell: int = 0) -> bytes:
    """The labels on as many sheets as it takes; on the first, `first_cell` cells (by rows) are left as they are.

    Raises ValueError when there is nothing to print or the first cell is not on the sheet.
    """
    if not labels or not 0 <= first_cell < label_format.cells:
        raise ValueError(f"{len(labels)} labels from cell {first_cell} of {label_format.cells}")
    canvas, file = _canvas(label_format)
    for number, label in enumerate(labels, start=first_cell):
        cell = number % label_format.cells
        if number > first_cell and cell == 0:
            canvas.showPage()
        _draw_on_sheet(canvas, label, label_format, *_corner(label_format, cell))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def roll(labels: Sequence[Label], label_format: LabelFormat) -> bytes:
    """One page for each label, of the size of the tape. Raises ValueError when there is nothing to print."""
    if not labels:
        raise ValueError("no label")
    canvas, file = _canvas(label_format)
    for label in labels:
        _draw_on_roll(canvas, label, label_format)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_sheet(label_format: LabelFormat) -> bytes:
    """The outlines of the cells, and a line of 50 mm to lay a ruler on: printed at 100 %, both agree."""
    canvas, file = _canvas(label_format)
    canvas.setLineWidth(0.3)
    width, height = label_format.cell
    for cell in range(label_format.cells):
        left, top = _corner(label_format, cell)
        canvas.roundRect(left, top - height * mm, width * mm, height * mm, 2 * mm)
    middle = label_format.columns // 2 + label_format.columns * (label_format.rows // 2)
    left, top = _corner(label_format, middle)
    x, y = left + (width - RULER) / 2 * mm, top - height / 2 * mm
    canvas.setLineWidth(0.6)
    canvas.line(x, y, x + RULER * mm, y)
    for tick in range(RULER + 1):
        long = 3.4 if tick % 10 == 0 else 2.4 if tick % 5 == 0 else 1.4
        canvas.line(x + tick * mm, y, x + tick * mm, y + long * mm)
    room = (width - 6) * mm
    words = [_("Ce trait mesure 50 mm."), _("Sinon, imprimez à 100 %, sans ajuster à la page.")]
    for at, line in enumerate(line for text in words for line in typeset.balanced(text, REGULAR, 8, room)):
        typeset.draw_line(canvas, line, 8, left + (width * mm - line.width) / 2, y - (4.5 + 3.6 * at) * mm)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _canvas(label_format: LabelFormat) -> tuple[Canvas, BytesIO]:
    typeset.use_fonts()
    file = BytesIO()
    width, height = label_format.page
    canvas = Canvas(
        file,
        pagesize=(width * mm, height * mm),
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        lang=language(),
    )
    canvas.setTitle(_("Étiquettes"))
    canvas.setCreator("Refurb")
    canvas.setProducer("Refurb")
    # Printed as it is: a sheet that is « fitted to the page » misses its cells.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas, file


def _corner(label_format: LabelFormat, cell: int) -> tuple[float, float]:
    """The top left of a cell, in points from the lower left of the page."""
    left, top = label_format.corner(cell)
    return left * mm, (label_format.page[1] - top) * mm


def _draw_qr(canvas: Canvas, label: Label, side: float, x: float, top: float) -> None:
    symbol = qr.encode(label.url.upper())
    module = side / symbol.side
    if module < SMALLEST_MODULE * mm:
        raise ValueError(f"{label.url!r} makes modules of {module / mm:.3f} mm, under {SMALLEST_MODULE} mm")
    qr.draw(canvas, symbol, x, top, side=side)


def _draw_on_sheet(canvas: Canvas, label: Label, made: LabelFormat, left: float, top: float) -> None:
    """The QR at the left, in the middle of the height; the words beside it, in the middle too."""
    width, height = made.cell
    margin, words_from = _columns(made)
    _draw_qr(canvas, label, made.qr * mm, left + margin * mm, top - (height - made.qr) / 2 * mm)
    code = typeset.piece(spell(label.code), MONO)
    room = (width - words_from - made.padding) * mm
    words = _words(_said(label), made, room, language())
    lines = [(Line((code,), made.code * code.width), made.code), *words]
    middle = top - height / 2 * mm
    _draw_words(canvas, lines, left + words_from * mm, middle + _tall(lines) / 2)


def _draw_on_roll(canvas: Canvas, label: Label, made: LabelFormat) -> None:
    """The QR and the words side by side; under them, across the foot, the code to be read at one metre."""
    width, height = made.cell
    margin, words_from = _columns(made)
    top = height * mm
    _draw_qr(canvas, label, made.qr * mm, margin * mm, top - margin * mm)
    foot = top - (margin + made.qr + _quiet(made) + _RULE) * mm
    room = (width - words_from - made.padding) * mm
    lines = _words(_said(label), made, room, language())
    middle = (top - margin / 2 * mm + foot) / 2
    _draw_words(canvas, lines, words_from * mm, middle + _tall(lines) / 2)
    canvas.setLineWidth(_RULE * mm)
    canvas.line(made.padding * mm, foot, (width - made.padding) * mm, foot)
    code = Line((typeset.piece(spell(label.code), MONO),), 0)
    left = (width * mm - made.code * code.pieces[0].width) / 2
    typeset.draw_line(canvas, code, made.code, left, (foot - _CAPITALS * made.code) / 2)


def _quiet(made: LabelFormat) -> float:
    """The white margin of the QR, in millimetres, for the smallest symbol that an address makes (25 modules)."""
    return qr.QUIET_ZONE * made.qr / 25


def _columns(made: LabelFormat) -> tuple[float, float]:
    """How far from the left, in millimetres, the QR begins, and the words beside it."""
    margin = max(made.padding, _quiet(made))
    return margin, margin + made.qr + _quiet(made)


_Said = tuple[str, tuple[str, ...], str, str]


def _said(label: Label) -> _Said:
    """What is set in words: the same for all machines of a model, so that it is broken into lines once."""
    return label.title, label.facts, label.help_line, label.organisation


@lru_cache(maxsize=1024)
def _words(said: _Said, made: LabelFormat, room: float, lang: str) -> tuple[tuple[Line, float], ...]:
    """The model, its facts, the help line and the organisation, in as many lines as the height has room for."""
    title, facts, help_line, organisation = said
    set_out = french if lang == "fr" else str
    taken = made.code + 4 * mm if made.kind == "sheet" else 0.0
    height = (made.cell[1] - made.padding if made.kind == "sheet" else made.qr + made.padding) * mm - taken
    heading = BOLD if made.kind == "sheet" else TITLE
    lines: list[tuple[Line, float]] = []
    for most in ((2, 2, 2, 2), (2, 2, 2, 1), (2, 1, 2, 1), (2, 1, 1, 1), (1, 1, 1, 1)):
        lines = []
        for text, (font, size), count in zip(
            (title, _facts(facts, made.text, room, most[1]), help_line, organisation),
            ((heading, made.title), *[(REGULAR, made.text)] * 3),
            most,
            strict=True,
        ):
            broken = typeset.lines(set_out(text), font, size, room) if text else []
            lines += [(line, size) for line in typeset.clipped(broken, count, size, room)]
        if _tall(lines) <= height:
            break
    return tuple(lines)


def _facts(facts: tuple[str, ...], size: float, room: float, most: int) -> str:
    """As many facts as fit on so many lines, the first of them at least: a fact is left out rather than cut."""
    shown = [fact for fact in facts if fact]
    while len(shown) > 1 and len(typeset.lines(" · ".join(shown), REGULAR, size, room)) > most:
        shown.pop()
    return " · ".join(shown)


def _tall(lines: Sequence[tuple[Line, float]]) -> float:
    """The height of lines under each other, in points."""
    return sum(size for _line, size in lines) * _LEADING


def _draw_words(canvas: Canvas, lines: Sequence[tuple[Line, float]], x: float, top: float) -> None:
    for line, size in lines:
        typeset.draw_line(canvas, line, size, x, top - 0.95 * size)
        top -= size * _LEADING
