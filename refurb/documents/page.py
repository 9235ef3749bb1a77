"""The PDF of a paper: letterhead, title, what it says, and the seal that lets anyone check it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from flask_babel import force_locale
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import blocks, tables, typeset
from refurb.documents.blocks import BODY, INK, ROOM, Lettering, draw_said, rule
from refurb.documents.content import Block, Claim, Content, Facts, Heading, Paragraph, Sides, Signatures, Table, Translation, pictures_in
from refurb.documents.flow import Placed, Strip, glue, paginate
from refurb.documents.payload import payload
from refurb.documents.pdf_file import Described, blank, closed, turn
from refurb.documents.seal import ending
from refurb.documents.signed_code import CodeToSign, groups
from refurb.documents.tags import Tag, decoration, said, shown
from refurb.documents.typeset import BOLD, MONO, REGULAR, TITLE
from refurb.documents.wording import follows_heading, issued_line, letterhead, printed_address, set_out
from refurb.kernel.speech.words import _

WIDTH, HEIGHT = A4
TOP, SIDE, BOTTOM = 18 * mm, 16 * mm, 20 * mm
ACCENT = "#0B5563"

_MARK_SIZE = 9.5 * mm
_LOGO_HEIGHT, _LOGO_WIDTH = 14 * mm, 42 * mm
_RIGHT_WIDTH = 62 * mm
_NOTE_HEIGHT = 9 * mm
# From the left and the top of the page: what is seen in the window however the page slips in its envelope.
_WINDOW_LEFT, _WINDOW_WIDTH = 112 * mm, 80 * mm
_WINDOW_TOP, _WINDOW_BOTTOM = 52 * mm, 80 * mm


def render(
    content: Content,
    *,
    verify_url: str | None,
    digest: str,
    images: Mapping[str, bytes],
    status_note: str | None = None,
    leads_to: str = "",
    code: CodeToSign | None = None,
    field: str = "",
    to: Sequence[str] = (),
    watermark: str = "",
) -> bytes:
    """The paper as a PDF of A4 pages; the same arguments give the same bytes.

    `verify_url` is where the paper is checked, written into the QR as it is, or None for a text that is still to be signed and has
    nothing to check; `digest` the SHA-256 printed beside it, 64 hexadecimal digits, or "" of pages that nobody signs; `images` the
    drawn signatures and the logo by their SHA-256; `status_note` what has become of the paper since (« Annulé et remplacé par … »), on
    top of each page; `leads_to` the address that whoever reads a letter opens with a telephone, where there is nothing to check; `code`
    is signed, once all the words are drawn, and printed beside the address; `field` names an empty field for an electronic signature; `to`
    are the lines of an address that an envelope shows in its window; `watermark` stands behind the words of a page that is worth nothing.
    Raises ValueError when a drawn signature is missing or the address
    is too long for a QR.
    """
    typeset.use_fonts()
    laid = set_out(content)
    with force_locale(content.language):
        note = typeset.lines(status_note, BOLD, BODY, ROOM - 8 * mm)[:1] if status_note else []
        top = TOP + (_NOTE_HEIGHT if note else 0)
        strips = [
            *_opening(laid, images, to),
            *_body(laid, images, ending(verify_url, digest, leads_to, code)),
        ]
        told = Described(
            f"{content.title} {content.reference}".strip(), content.title, content.issuer.name, content.language, content.issued_on
        )
        status = "".join(part.text for line in note for part in line.pieces)
        data = payload(content, status=status, address=printed_address(verify_url) if verify_url else "", digest=digest)
        if to:
            data["to"] = list(to)
        return _draw(laid, paginate(strips, HEIGHT - top - BOTTOM), top, note, told, data, code, field, watermark)


def _draw(
    content: Content,
    pages: list[list[Placed]],
    top: float,
    note: list[typeset.Line],
    told: Described,
    data: dict[str, Any],
    code: CodeToSign | None,
    field: str,
    watermark: str,
) -> bytes:
    canvas = blank(told)
    noted = [Tag("P")] if note else []
    for number, page in enumerate(pages, start=1):
        canvas.setFillGray(INK)
        if watermark:
            _draw_watermark(canvas, watermark)
        if note:
            _draw_note(canvas, note, noted[0] if number == 1 else None)
        _draw_foot(canvas, content, number, len(pages))  # First: the seal, which comes last, signs every word of the pages.
        canvas.setFillGray(INK)
        for placed in page:
            placed.strip.draw(canvas, SIDE, HEIGHT - top - placed.top)
        turn(canvas)
    parts = dict.fromkeys(placed.strip.part for page in pages for placed in page if placed.strip.part)
    if code:
        data |= {"code": groups(code.text), "pictures": pictures_in(content)}
    return closed(canvas, told, [*noted, *parts], data, field=field)


def _draw_note(canvas: Canvas, note: list[typeset.Line], part: Tag | None) -> None:
    """A bar across the top, which a photocopy keeps; it is read once, on the first page."""
    canvas.setLineWidth(1.3)
    canvas.setStrokeGray(INK)
    bottom = HEIGHT - TOP
    with decoration(canvas, "Header"):
        canvas.rect(SIDE, bottom, ROOM, 8 * mm)
    with said(canvas, part) if part else decoration(canvas, "Header"):
        typeset.draw_line(canvas, note[0], BODY, SIDE + 4 * mm, bottom + 4 * mm - 0.33 * BODY)


def _draw_watermark(canvas: Canvas, word: str) -> None:
    """A word across the page, in outline and under all that is said, so that no copy of it passes for a paper."""
    size = min(110.0, 0.9 * WIDTH / (typeset.width(word, TITLE, 100) / 100))
    canvas.saveState()
    with decoration(canvas):
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(50)
        canvas.setStrokeGray(0.72)
        canvas.setLineWidth(0.8)
        drawn = canvas.beginText(-typeset.width(word, TITLE, size) / 2, -size / 3)
        drawn.setFont(TITLE, size)
        drawn.setTextRenderMode(1)
        drawn.textOut(typeset.printable(word, TITLE))
        drawn.setTextRenderMode(0)
        canvas.drawText(drawn)
    canvas.restoreState()


def _draw_foot(canvas: Canvas, content: Content, number: int, count: int) -> None:
    y = 11 * mm
    canvas.setFillGray(INK)
    with decoration(canvas, "Footer"):
        canvas.setFont(MONO, 8.5)
        canvas.drawString(SIDE, y, typeset.printable(content.reference, MONO, alone=True))
        left = SIDE + typeset.width(content.reference, MONO, 8.5) + 3 * mm
        canvas.setFont(REGULAR, 8.5)
        canvas.drawString(left, y, typeset.printable(content.title, alone=True))
        paging = _("page %(number)s sur %(count)s", number=number, count=count)
        canvas.drawString(WIDTH - SIDE - typeset.width(paging, REGULAR, 8.5), y, paging)


def _opening(content: Content, images: Mapping[str, bytes], to: Sequence[str]) -> list[Strip]:
    """Who issues, the number and the date; to whom; then the title and the paragraph that says it all."""
    part = Tag("Div")
    mark = _sign_of(content, images, part)
    left = mark.width + 3.2 * mm
    room = ROOM - left - _RIGHT_WIDTH - 4 * mm
    issuer = [Lettering(part.add("P"), typeset.lines(content.issuer.name, TITLE, 13, room), 13.0)]
    issuer += [Lettering(part.add("P"), typeset.lines(each, REGULAR, 8.8, room), 8.8) for each in letterhead(content)]
    right = [Lettering(part.add("P"), typeset.lines(content.reference, MONO, 10.5, _RIGHT_WIDTH), 10.5)]
    right += [Lettering(part.add("P"), typeset.lines(issued_line(content), REGULAR, 9.5, _RIGHT_WIDTH), 9.5)]
    height = max(
        mark.height, *(sum(len(each.lines) * each.size for each in texts) * lead for texts, lead in ((issuer, 1.3), (right, 1.45)))
    )

    def draw(canvas: Canvas, x: float, top: float) -> None:
        mark.draw(canvas, x, top - 1 * mm)
        _draw_column(canvas, issuer, 1.3, top, lambda _line: x + left)
        _draw_column(canvas, right, 1.45, top, lambda line: x + ROOM - line.width)
        rule(canvas, x, top - height - 3 * mm, ROOM, thickness=2)

    head = Strip(height + 3 * mm, draw, glued=True, part=part)
    title = glue(blocks.text(typeset.lines(content.title, TITLE, 20, ROOM), 20, gap=7.5 * mm, kind="H1", leading=1.15))
    lead = blocks.paragraph(Paragraph(content.lead), strong=content.strong, gap=3 * mm) if content.lead else []
    return [head, *(_window(to, TOP + head.height) if to else []), *title, *lead]


def _window(to: Sequence[str], above: float) -> list[Strip]:
    """The address where the window of a DL envelope shows it, at the right, on a page folded in three (NF Z 11-001); `above` is taken."""
    part = Tag("Div")
    texts = [Lettering(part.add("P"), typeset.lines(line, REGULAR, BODY, _WINDOW_WIDTH), BODY) for line in to if line.strip()]
    tall = sum(each.height for each in texts)

    def draw(canvas: Canvas, x: float, top: float) -> None:
        draw_said(canvas, texts, x + _WINDOW_LEFT - SIDE, top)

    return [Strip(max(tall, _WINDOW_BOTTOM - max(above, _WINDOW_TOP)), draw, gap=max(2 * mm, _WINDOW_TOP - above), glued=True, part=part)]


def _draw_column(canvas: Canvas, texts: Iterable[Lettering], leading: float, top: float, left: Callable[[typeset.Line], float]) -> None:
    for each in texts:
        with said(canvas, each.tag):
            for line in each.lines:
                typeset.draw_line(canvas, line, each.size, left(line), top - each.size)
                top -= each.size * leading


@dataclass(frozen=True)
class _Mark:
    """What stands before the issuer's name: how wide and high it is, and how it is drawn from its upper left corner."""

    width: float
    height: float
    draw: Callable[[Canvas, float, float], None]


def _sign_of(content: Content, images: Mapping[str, bytes], part: Tag) -> _Mark:
    """The logo; without one, our mark in the organisation's colour. Raises ValueError when the logo is not at hand."""
    if not content.logo:
        return _Mark(_MARK_SIZE, _MARK_SIZE, lambda canvas, x, top: _draw_mark(canvas, x, top, _MARK_SIZE, content.accent or ACCENT))
    figure = part.add("Figure")
    if content.logo not in images:
        raise ValueError(f"the logo {content.logo} is not at hand")
    reader = ImageReader(BytesIO(images[content.logo]))
    wide, high = reader.getSize()
    scale = min(_LOGO_WIDTH / wide, _LOGO_HEIGHT / high)
    width, height = wide * scale, high * scale

    def draw(canvas: Canvas, x: float, top: float) -> None:
        with shown(canvas, figure, _("Logo de %(name)s", name=content.issuer.name), x, top, width, height):
            canvas.drawImage(reader, x, top - height, width, height, mask="auto")

    return _Mark(width, height, draw)


def _body(content: Content, images: Mapping[str, bytes], ending: list[Strip]) -> list[Strip]:
    """The blocks in their order, and the seal; the claim and signatures that close the paper stay on its page."""
    strips: list[Strip] = []
    closing = len(content.blocks)
    while closing and isinstance(content.blocks[closing - 1], Claim | Signatures | Translation):
        closing -= 1
    for at, block in enumerate(content.blocks[:closing]):
        strips += _block(content, at, block, images)
    last = [strip for block in content.blocks[closing:] for strip in _block(content, 0, block, images)]
    if last and strips:  # What is signed is on no page of its own: the end of what it signs comes with it.
        strips[-1] = replace(strips[-1], glued=True)
    return [*strips, *glue([*last, *ending])]


def _block(content: Content, at: int, block: Block, images: Mapping[str, bytes]) -> list[Strip]:
    match block:
        case Paragraph():
            return blocks.paragraph(block, gap=0.6 * mm if follows_heading(content.blocks, at) else 2.4 * mm)
        case Heading():
            return blocks.heading(block)
        case Facts() | Sides():
            return blocks.facts(block) if isinstance(block, Facts) else blocks.pair(block)
        case Table():
            return tables.strips(block, captioned=not follows_heading(content.blocks, at))
        case Claim() | Translation():
            return blocks.claim(block) if isinstance(block, Claim) else blocks.translation(block)
        case Signatures():
            return blocks.signatures(block, images)


def _draw_mark(canvas: Canvas, x: float, top: float, size: float, accent: str) -> None:
    """Our mark, the label with its hole and a tick; the only colour on the page."""
    unit = size / 40

    def at(a: float, b: float) -> tuple[float, float]:
        return x + a * unit, top - b * unit

    path = canvas.beginPath()
    path.moveTo(*at(13, 4))
    path.lineTo(*at(32, 4))
    path.curveTo(*at(34.2, 4), *at(36, 5.8), *at(36, 8))
    path.lineTo(*at(36, 32))
    path.curveTo(*at(36, 34.2), *at(34.2, 36), *at(32, 36))
    path.lineTo(*at(13, 36))
    path.lineTo(*at(3, 24.5))
    path.curveTo(*at(0.8, 21.9), *at(0.8, 18.1), *at(3, 15.5))
    path.close()
    tick = canvas.beginPath()
    tick.moveTo(*at(20, 20.5))
    tick.lineTo(*at(24, 24.5))
    tick.lineTo(*at(31, 15.5))
    canvas.saveState()
    with decoration(canvas):
        canvas.setFillColor(HexColor(accent))
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.circle(*at(11.5, 20), 3.8 * unit, stroke=0, fill=1)
        canvas.setStrokeGray(1)
        canvas.setLineWidth(2.8 * unit)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        canvas.drawPath(tick, stroke=1, fill=0)
    canvas.restoreState()
