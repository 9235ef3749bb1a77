"""The PDF of a paper: letterhead, title, what it says, and the seal that lets anyone check it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

from flask_babel import force_locale
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import blocks, qr, tables, typeset
from refurb.documents.blocks import BODY, INK, LEAD, ROOM, drop, rule
from refurb.documents.content import Claim, Content, Facts, Heading, Paragraph, Signatures, Table
from refurb.documents.flow import Placed, Strip, glue, paginate
from refurb.documents.typeset import BOLD, MONO, REGULAR, TITLE
from refurb.documents.wording import follows_heading, issued_line, letterhead, printed_address, set_out
from refurb.kernel.speech.words import _

WIDTH, HEIGHT = A4
TOP, SIDE, BOTTOM = 18 * mm, 16 * mm, 20 * mm
ACCENT = "#0B5563"
SEAL_SIZE = 28 * mm

_MARK_SIZE = 9.5 * mm
_LOGO_HEIGHT, _LOGO_WIDTH = 14 * mm, 42 * mm
_RIGHT_WIDTH = 62 * mm
_NOTE_HEIGHT = 9 * mm


def render(
    content: Content,
    *,
    verify_url: str | None,
    digest: str,
    images: Mapping[str, bytes],
    status_note: str | None = None,
    leads_to: str = "",
) -> bytes:
    """The paper as a PDF of A4 pages; the same arguments give the same bytes.

    `verify_url` is where the paper is checked, written into the QR as it is, or None for a text that is still to be signed and has
    nothing to check; `digest` the SHA-256 printed beside it, 64 hexadecimal digits, or "" of pages that nobody signs; `images` the
    drawn signatures and the logo by their SHA-256; `status_note` what has become of the paper since (« Annulé et remplacé par … »), on
    top of each page; `leads_to` the address that whoever reads a letter opens with a telephone, where there is nothing to check. Raises
    ValueError when a drawn signature is missing or the address is too long for a QR.
    """
    typeset.use_fonts()
    shown = set_out(content)
    with force_locale(content.language):
        note = typeset.lines(status_note, BOLD, BODY, ROOM - 8 * mm)[:1] if status_note else []
        top = TOP + (_NOTE_HEIGHT if note else 0)
        strips = [
            *_opening(shown, images),
            *_body(shown, images, _ending(verify_url, digest, leads_to)),
        ]
        pages = paginate(strips, HEIGHT - top - BOTTOM)
        return _draw(shown, pages, top, note)


def _draw(content: Content, pages: list[list[Placed]], top: float, note: list[typeset.Line]) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1, initialFontName=REGULAR, lang=content.language)
    stamp = f"D:{content.issued_on:%Y%m%d}000000Z"
    canvas.setDateFormatter(lambda *_instant: stamp)
    canvas.setTitle(f"{content.title} {content.reference}")
    canvas.setAuthor(content.issuer.name)
    canvas.setSubject(content.title)
    canvas.setCreator("Refurb")
    canvas.setProducer("Refurb")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, page in enumerate(pages, start=1):
        canvas.setFillGray(INK)
        if note:
            _draw_note(canvas, note)
        for placed in page:
            placed.strip.draw(canvas, SIDE, HEIGHT - top - placed.top)
        _draw_foot(canvas, content, number, len(pages))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_note(canvas: Canvas, note: list[typeset.Line]) -> None:
    """A bar across the top, which a photocopy keeps."""
    canvas.setLineWidth(1.3)
    canvas.setStrokeGray(INK)
    bottom = HEIGHT - TOP
    canvas.rect(SIDE, bottom, ROOM, 8 * mm)
    typeset.draw_line(canvas, note[0], BODY, SIDE + 4 * mm, bottom + 4 * mm - 0.33 * BODY)


def _draw_foot(canvas: Canvas, content: Content, number: int, count: int) -> None:
    y = 11 * mm
    canvas.setFillGray(INK)
    canvas.setFont(MONO, 8.5)
    canvas.drawString(SIDE, y, typeset.printable(content.reference, MONO, alone=True))
    left = SIDE + typeset.width(content.reference, MONO, 8.5) + 3 * mm
    canvas.setFont(REGULAR, 8.5)
    canvas.drawString(left, y, typeset.printable(content.title, alone=True))
    canvas.drawRightString(WIDTH - SIDE, y, _("page %(number)s sur %(count)s", number=number, count=count))


def _opening(content: Content, images: Mapping[str, bytes]) -> list[Strip]:
    """Who issues, the number and the date; then the title and the paragraph that says it all."""
    mark = _sign_of(content, images)
    left = mark.width + 3.2 * mm
    room = ROOM - left - _RIGHT_WIDTH - 4 * mm
    issuer = [(line, 13.0) for line in typeset.lines(content.issuer.name, TITLE, 13, room)]
    issuer += [(line, 8.8) for part in letterhead(content) for line in typeset.lines(part, REGULAR, 8.8, room)]
    right = [(line, 10.5) for line in typeset.lines(content.reference, MONO, 10.5, _RIGHT_WIDTH)]
    right += [(line, 9.5) for line in typeset.lines(issued_line(content), REGULAR, 9.5, _RIGHT_WIDTH)]
    height = max(mark.height, sum(size * 1.3 for _line, size in issuer), sum(size * 1.45 for _line, size in right))

    def draw(canvas: Canvas, x: float, top: float) -> None:
        mark.draw(canvas, x, top - 1 * mm)
        y = top
        for line, size in issuer:
            typeset.draw_line(canvas, line, size, x + left, y - size)
            y -= size * 1.3
        y = top
        for line, size in right:
            typeset.draw_line(canvas, line, size, x + ROOM - line.width, y - size)
            y -= size * 1.45
        rule(canvas, x, top - height - 3 * mm, ROOM, thickness=2)

    head = Strip(height + 3 * mm, draw, glued=True)
    title = glue(blocks.text(typeset.lines(content.title, TITLE, 20, ROOM), 20, gap=7.5 * mm, leading=1.15))
    lead = blocks.paragraph(Paragraph(content.lead), strong=content.strong, gap=3 * mm) if content.lead else []
    return [head, *title, *lead]


@dataclass(frozen=True)
class _Mark:
    """What stands before the issuer's name: how wide and high it is, and how it is drawn from its upper left corner."""

    width: float
    height: float
    draw: Callable[[Canvas, float, float], None]


def _sign_of(content: Content, images: Mapping[str, bytes]) -> _Mark:
    """The logo; without one, our mark in the organisation's colour. Raises ValueError when the logo is not at hand."""
    if not content.logo:
        return _Mark(_MARK_SIZE, _MARK_SIZE, lambda canvas, x, top: _draw_mark(canvas, x, top, _MARK_SIZE, content.accent or ACCENT))
    if content.logo not in images:
        raise ValueError(f"the logo {content.logo} is not at hand")
    reader = ImageReader(BytesIO(images[content.logo]))
    wide, high = reader.getSize()
    scale = min(_LOGO_WIDTH / wide, _LOGO_HEIGHT / high)
    width, height = wide * scale, high * scale
    return _Mark(width, height, lambda canvas, x, top: canvas.drawImage(reader, x, top - height, width, height, mask="auto"))


def _ending(verify_url: str | None, digest: str, leads_to: str) -> list[Strip]:
    if verify_url:
        return [_seal(verify_url, digest)]
    if leads_to:
        return [_door(leads_to)]
    return [_to_be_signed(digest)] if digest else []


def _body(content: Content, images: Mapping[str, bytes], ending: list[Strip]) -> list[Strip]:
    """The blocks in their order, and the seal; the claim and signatures that close the paper stay on its page."""
    strips: list[Strip] = []
    closing = len(content.blocks)
    while closing and isinstance(content.blocks[closing - 1], Claim | Signatures):
        closing -= 1
    for at, block in enumerate(content.blocks[:closing]):
        strips += _block(content, at, block, images)
    last = [strip for block in content.blocks[closing:] for strip in _block(content, 0, block, images)]
    return [*strips, *glue([*last, *ending])]


def _block(
    content: Content,
    at: int,
    block: Paragraph | Heading | Facts | Table | Claim | Signatures,
    images: Mapping[str, bytes],
) -> list[Strip]:
    match block:
        case Paragraph():
            return blocks.paragraph(block, gap=0.6 * mm if follows_heading(content.blocks, at) else 2.4 * mm)
        case Heading():
            return blocks.heading(block)
        case Facts():
            return blocks.facts(block)
        case Table():
            return tables.strips(block, captioned=not follows_heading(content.blocks, at))
        case Claim():
            return blocks.claim(block)
        case Signatures():
            return blocks.signatures(block, images)


def _seal(verify_url: str, digest: str) -> Strip:
    """The QR, the address to type, the digest in groups of four, and what « frozen » means."""
    symbol = qr.encode(verify_url)
    quiet = qr.QUIET_ZONE * SEAL_SIZE / symbol.side
    left = SEAL_SIZE + max(quiet, 6 * mm)
    room = ROOM - left
    address = printed_address(verify_url)
    groups = [digest[at : at + 4] for at in range(0, len(digest), 4)]
    halves = "\n".join((" ".join(groups[:8]), " ".join(groups[8:])))
    frozen = _("Document figé à l'émission. Une correction donne un nouveau numéro : « annule et remplace ».")
    size, mono = 9.2, 8.6
    lines = [
        *_sized(_("Vérifier ce document : %(address)s", address=address), size, room, strong=(address,)),
        *_sized(_("Empreinte SHA-256 :"), size, room),
        *[(line, mono) for line in typeset.lines(halves, MONO, mono, room)],
        *_sized(frozen, size, room),
    ]
    tall = sum(each * LEAD for _line, each in lines)
    above = quiet + 1 * mm
    height = above + max(SEAL_SIZE, tall)

    def draw(canvas: Canvas, x: float, top: float) -> None:
        rule(canvas, x, top, ROOM, thickness=0.6, grey=blocks.HAIRLINE)
        qr.draw(canvas, symbol, x, top - above, side=SEAL_SIZE)
        y = top - above - max(0, (SEAL_SIZE - tall) / 2)
        for line, each in lines:
            typeset.draw_line(canvas, line, each, x + left, y - drop(each))
            y -= each * LEAD

    return Strip(height, draw, gap=7 * mm)


def _door(address: str) -> Strip:
    """The QR of an address, and what to do with it."""
    symbol = qr.encode(address)
    quiet = qr.QUIET_ZONE * SEAL_SIZE / symbol.side
    left = SEAL_SIZE + max(quiet, 6 * mm)
    lines = typeset.lines(_("Avec un téléphone : visez ce carré avec l'appareil photo, puis ouvrez l'adresse."), REGULAR, BODY, ROOM - left)
    height = SEAL_SIZE + 2 * quiet

    def draw(canvas: Canvas, x: float, top: float) -> None:
        qr.draw(canvas, symbol, x + quiet, top - quiet, side=SEAL_SIZE)
        y = top - quiet - max(0, (SEAL_SIZE - len(lines) * BODY * LEAD) / 2)
        for line in lines:
            typeset.draw_line(canvas, line, BODY, x + left + quiet, y - drop(BODY))
            y -= BODY * LEAD

    return Strip(height, draw, gap=7 * mm)


def _to_be_signed(digest: str) -> Strip:
    """Where a paper has its seal, a text that is still to be signed says what it is, and by which sum its copy is known again."""
    size, mono = 9.2, 8.6
    told = _(
        "Texte préparé, à signer en deux exemplaires. Le document numéroté est émis une fois la signature faite ou l'exemplaire signé vu."
    )
    lines = [
        *_sized(told, size, ROOM),
        *_sized(_("Empreinte SHA-256 :"), size, ROOM),
        *[(line, mono) for line in typeset.lines(" ".join(digest[at : at + 4] for at in range(0, 64, 4)), MONO, mono, ROOM)],
    ]
    height = 3 * mm + sum(each * LEAD for _line, each in lines)

    def draw(canvas: Canvas, x: float, top: float) -> None:
        rule(canvas, x, top, ROOM, thickness=0.6, grey=blocks.HAIRLINE)
        y = top - 3 * mm
        for line, each in lines:
            typeset.draw_line(canvas, line, each, x, y - drop(each))
            y -= each * LEAD

    return Strip(height, draw, gap=7 * mm)


def _sized(text: str, size: float, room: float, *, strong: tuple[str, ...] = ()) -> list[tuple[typeset.Line, float]]:
    return [(line, size) for line in typeset.lines(text, REGULAR, size, room, strong=strong)]


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
    canvas.saveState()
    canvas.setFillColor(HexColor(accent))
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillGray(1)
    canvas.circle(*at(11.5, 20), 3.8 * unit, stroke=0, fill=1)
    canvas.setStrokeGray(1)
    canvas.setLineWidth(2.8 * unit)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    tick = canvas.beginPath()
    tick.moveTo(*at(20, 20.5))
    tick.lineTo(*at(24, 24.5))
    tick.lineTo(*at(31, 15.5))
    canvas.drawPath(tick, stroke=1, fill=0)
    canvas.restoreState()
