"""How each block of a paper looks: text, facts, the claim's box and the signatures, as strips for the page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import typeset
from refurb.documents.content import LEFTWARDS, Claim, Facts, Heading, Paragraph, Signature, Signatures, Translation
from refurb.documents.flow import Strip, glue, glue_ends
from refurb.documents.tags import Tag, decoration, said, shown, spelled
from refurb.documents.typeset import BOLD, REGULAR, TITLE, Line
from refurb.kernel.speech.words import _

ROOM = 178 * mm
"""The width of the text: A4 less two margins of 16 mm."""

BODY, SMALL = 10.5, 9.0
LEAD = 1.45
INK = 0.1
HAIRLINE = 0.6
"""The grey of thin rules: light on paper, still there on a photocopy."""

MOST_LINES = 40
"""A cell longer than this is shared between rows, since it could not stand on a page."""

_LABEL_WIDTH = 52 * mm
_SIGNATURE_GAP = 10 * mm
_SIGNATURE_ROOM = 20 * mm
_IMAGE_WIDTH, _IMAGE_HEIGHT = 62 * mm, 16 * mm


def drop(size: float) -> float:
    """How far below the top of a line its baseline lies, in points."""
    return size * (0.5 * LEAD + 0.33)


def text(
    lines: Sequence[Line], size: float, *, gap: float, kind: str = "P", x: float = 0, leading: float = LEAD, language: str = ""
) -> list[Strip]:
    """One strip for each line, so that a page may end between them; three lines at least stay together. `kind` is that of its tag.

    `language` is told where it is not the paper's; what is written from right to left begins at the right margin.
    """
    part = Tag(kind, f"/Lang({language})" if language else "")
    leftwards = language in LEFTWARDS

    def strip(line: Line, above: float) -> Strip:
        def draw(canvas: Canvas, left: float, top: float) -> None:
            baseline = top - drop(size) * leading / LEAD
            with said(canvas, part):
                if leftwards:
                    with spelled(canvas, "".join(each.text for each in line.pieces) + (" " if line.goes_on else "")):
                        typeset.draw_line(canvas, typeset.turned(line), size, left + ROOM - line.width, baseline)
                else:
                    typeset.draw_line(canvas, line, size, left + x, baseline)

        return Strip(size * leading, draw, gap=above, part=part)

    return glue_ends([strip(line, 0 if at else gap) for at, line in enumerate(lines)], 3)


def paragraph(block: Paragraph, *, strong: Iterable[str] = (), gap: float = 2.4 * mm) -> list[Strip]:
    """Running text over the whole width."""
    return text(typeset.lines(block.text, REGULAR, BODY, ROOM, strong=strong), BODY, gap=gap)


def heading(block: Heading) -> list[Strip]:
    """A title of 12 points, which stays with what follows."""
    strips = glue(text(typeset.lines(block.text, TITLE, 12, ROOM), 12, gap=6 * mm, kind="H2", leading=1.2))
    return [*strips[:-1], replace(strips[-1], height=strips[-1].height + 1.2 * mm, glued=True)]


def facts(block: Facts) -> list[Strip]:
    """Two columns, the labels at the left and the values in bold, with a thin rule under each."""
    strips, listed = [], Tag("L")
    for at, (label, value) in enumerate(block.items):
        item = listed.add("LI")
        tags = item.add("Lbl"), item.add("LBody")
        labels = typeset.lines(label, REGULAR, BODY - 1, _LABEL_WIDTH - 4 * mm)
        values = typeset.lines(value, BOLD, BODY - 1, ROOM - _LABEL_WIDTH)
        parts = max(len(labels), len(values), 1)
        for start in range(0, parts, MOST_LINES):
            end = start + MOST_LINES
            cells = [(0.0, tags[0], labels[start:end]), (_LABEL_WIDTH, tags[1], values[start:end])]
            strips.append(replace(_fact(cells, gap=0 if at or start else 2.4 * mm, last=end >= parts), part=listed))
    return glue_ends(strips, 2)


def _fact(cells: list[tuple[float, Tag, list[Line]]], *, gap: float, last: bool) -> Strip:
    size, pad = BODY - 1, 1.3 * mm
    height = max(len(lines) for _x, _tag, lines in cells) * size * 1.35 + 2 * pad

    def draw(canvas: Canvas, left: float, top: float) -> None:
        for x, tag, lines in cells:
            if not lines:
                continue
            with said(canvas, tag):
                for number, line in enumerate(lines):
                    baseline = top - pad - drop(size) * 1.35 / LEAD - number * size * 1.35
                    typeset.draw_line(canvas, line, size, left + x, baseline)
        if last:
            rule(canvas, left, top - height, ROOM, thickness=0.4, grey=HAIRLINE)

    return Strip(height, draw, gap=gap)


def translation(block: Translation) -> list[Strip]:
    """The same in another language: its title, its sentences as one passage, so that a slip stays one page, and in small what holds."""
    strips = text(typeset.lines(block.title, BOLD, BODY, ROOM), BODY, gap=3.2 * mm, kind="H2", language=block.language)
    strips += text(typeset.lines(" ".join(block.lines), REGULAR, BODY - 1, ROOM), BODY - 1, gap=0, language=block.language)
    note = text(typeset.lines(block.note, REGULAR, SMALL, ROOM), SMALL, gap=0.6 * mm) if block.note else []
    return glue([*strips, *note])


def claim(block: Claim) -> list[Strip]:
    """The boxed sentence, in bold."""
    pad = 3.6 * mm
    lines = typeset.balanced(block.text, BOLD, BODY, ROOM - 2 * pad)
    leading = BODY * LEAD
    height = len(lines) * leading + 2 * pad - 0.8 * mm
    part = Tag("P")

    def draw(canvas: Canvas, left: float, top: float) -> None:
        canvas.setLineWidth(1.3)
        canvas.setStrokeGray(INK)
        with decoration(canvas):
            canvas.rect(left + 0.65, top - height + 0.65, ROOM - 1.3, height - 1.3)
        with said(canvas, part):
            for number, line in enumerate(lines):
                baseline = top - pad + 0.4 * mm - drop(BODY) - number * leading
                typeset.draw_line(canvas, line, BODY, left + pad, baseline)

    return [Strip(height, draw, gap=6 * mm, part=part)]


def signatures(block: Signatures, images: Mapping[str, bytes]) -> list[Strip]:
    """Two beside each other, on as many rows as it takes, all on one page.

    Raises ValueError when a drawn signature is not among the images: a paper is never issued without it.
    """
    column = (ROOM - _SIGNATURE_GAP) / 2
    part = Tag("Div")
    rows = [block.items[at : at + 2] for at in range(0, len(block.items), 2)]
    strips = [_signature_row([_signature(item, images, column, part.add("Div")) for item in row], column) for row in rows]
    return glue([replace(strip, part=part) for strip in strips])


Drawn = tuple[float, Callable[[Canvas, float, float], None]]


def _signature_row(cells: list[Drawn], column: float) -> Strip:
    def draw(canvas: Canvas, left: float, top: float) -> None:
        for number, (_height, draw_cell) in enumerate(cells):
            draw_cell(canvas, left + number * (column + _SIGNATURE_GAP), top)

    return Strip(max(height for height, _ in cells), draw, gap=6 * mm)


def _signature(item: Signature, images: Mapping[str, bytes], column: float, part: Tag) -> Drawn:
    before = [Lettering(part.add("P"), typeset.lines(item.label, BOLD, BODY, column), BODY)]
    if item.name:
        before.append(Lettering(part.add("P"), typeset.lines(item.name, REGULAR, BODY, column), BODY))
    image = _image(item.image_sha256, images)
    figure = part.add("Figure") if image else None
    small = SMALL if item.name else BODY
    after = [Lettering(part.add("P"), typeset.lines(words, REGULAR, small, column), small) for words in (item.when, item.note) if words]
    middle = _IMAGE_HEIGHT + 3 * mm if image else _SIGNATURE_ROOM if item.room else 0
    height = sum(each.height for each in before + after) + middle

    def draw(canvas: Canvas, left: float, top: float) -> None:
        top = draw_said(canvas, before, left, top)
        if image and figure:
            reader, width, tall = image
            words = _("Signature de %(name)s", name=item.name or item.label)
            with shown(canvas, figure, words, left, top - 1.5 * mm, width, tall):
                canvas.drawImage(reader, left, top - 1.5 * mm - tall, width, tall, mask="auto")
        elif item.room:
            rule(canvas, left, top - _SIGNATURE_ROOM + 2.5 * mm, column, thickness=0.5, grey=HAIRLINE)
        draw_said(canvas, after, left, top - middle)

    return height, draw


@dataclass(frozen=True)
class Lettering:
    """A text in lines under each other, and its tag."""

    tag: Tag
    lines: list[Line]
    size: float

    @property
    def height(self) -> float:
        """In points."""
        return len(self.lines) * self.size * LEAD


def draw_said(canvas: Canvas, texts: Iterable[Lettering], left: float, top: float) -> float:
    """Set texts under each other; where the next one begins."""
    for each in texts:
        with said(canvas, each.tag):
            for line in each.lines:
                typeset.draw_line(canvas, line, each.size, left, top - drop(each.size))
                top -= each.size * LEAD
    return top


def _image(digest: str | None, images: Mapping[str, bytes]) -> tuple[ImageReader, float, float] | None:
    if digest is None:
        return None
    if digest not in images:
        raise ValueError(f"the drawn signature {digest} is not at hand")
    reader = ImageReader(BytesIO(images[digest]))
    width, height = reader.getSize()
    scale = min(_IMAGE_WIDTH / width, _IMAGE_HEIGHT / height)
    return reader, width * scale, height * scale


def rule(canvas: Canvas, x: float, y: float, length: float, *, thickness: float, grey: float = INK) -> None:
    """A horizontal line."""
    canvas.setLineWidth(thickness)
    canvas.setStrokeGray(grey)
    with decoration(canvas):
        canvas.line(x, y, x + length, y)
