"""How each block of a paper looks: text, facts, the claim's box and the signatures, as strips for the page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import typeset
from refurb.documents.content import LEFTWARDS, Claim, Facts, Heading, Paragraph, Sides, Signature, Signatures, Translation
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
    listed, size = Tag("L"), _SMALL_FACT if block.small else _FACT
    rows = [_named(listed, item, 0, _LABEL_WIDTH, ROOM, size) for item in block.items]
    return glue_ends(_rows_of_facts(rows, listed, size, gap=0 if block.small else 2.4 * mm), 2)


@dataclass(frozen=True)
class _Size:
    """How large facts are set: their letters, and the room above and below a line, in points."""

    letters: float
    pad: float


_FACT, _SMALL_FACT = _Size(BODY - 1, 1.3 * mm), _Size(SMALL, 0.65 * mm)
_PAIR_LABEL = 30 * mm


def pair(block: Sides) -> list[Strip]:
    """Two lists of facts beside each other, row by row: read one after the other, and parted by no page that could hold them."""
    part, column = Tag("Div"), (ROOM - _SIGNATURE_GAP) / 2
    strips = text(typeset.lines(block.title, BOLD, BODY, ROOM), BODY, gap=3.6 * mm, kind="H3", leading=1.2) if block.title else []
    size, gap = _SMALL_FACT, 0.8 * mm
    sides = [(0.0, block.left), (column + _SIGNATURE_GAP, block.right)]
    titles, columns = list[tuple[float, Lettering]](), list[list[list[Cell]]]()
    for x, side in sides:  # All of the left one is read before the right one, whichever is drawn first.
        if side.title:
            titles.append((x, Lettering(part.add("H2"), typeset.lines(side.title, TITLE, 12, column), 12)))
        listed = part.add("L")
        columns.append([_named(listed, item, x, _PAIR_LABEL, column, size) for item in side.items])
    if titles:
        strips.append(replace(_titles(titles), part=part))
    rows = [[cell for side in columns if at < len(side) for cell in side[at]] for at in range(max(map(len, columns)))]
    return glue([*strips, *_rows_of_facts(rows, part, size, gap=gap, ruled=column)])


def _titles(titles: list[tuple[float, "Lettering"]]) -> Strip:
    def draw(canvas: Canvas, left: float, top: float) -> None:
        for x, title in titles:
            draw_said(canvas, [title], left + x, top)

    return Strip(max(title.height for _x, title in titles), draw, gap=6 * mm)


Cell = tuple[float, Tag, list[Line]]


def _named(listed: Tag, item: tuple[str, str], x: float, label: float, room: float, size: _Size) -> list[Cell]:
    """A label and its value: where each begins, its tag, its lines."""
    part = listed.add("LI")
    tags = part.add("Lbl"), part.add("LBody")
    labels = typeset.lines(item[0], REGULAR, size.letters, label - 4 * mm)
    return [(x, tags[0], labels), (x + label, tags[1], typeset.lines(item[1], BOLD, size.letters, room - label))]


def _rows_of_facts(rows: list[list[Cell]], part: Tag, size: _Size, *, gap: float, ruled: float = ROOM) -> list[Strip]:
    """A strip for each row; more only where a value is longer than any page."""
    strips = []
    for at, row in enumerate(rows):
        parts = max(1, *(len(lines) for _x, _tag, lines in row))
        for start in range(0, parts, MOST_LINES):
            end = start + MOST_LINES
            cells = [(x, tag, lines[start:end]) for x, tag, lines in row]
            strips.append(replace(_fact(cells, size, gap=0 if at or start else gap, rules=ruled if end >= parts else 0), part=part))
    return strips


def _fact(cells: list[Cell], of: _Size, *, gap: float, rules: float) -> Strip:
    size, pad = of.letters, of.pad
    height = max(len(lines) for _x, _tag, lines in cells) * size * 1.35 + 2 * pad

    def draw(canvas: Canvas, left: float, top: float) -> None:
        for x, tag, lines in cells:
            if not lines:
                continue
            with said(canvas, tag):
                for number, line in enumerate(lines):
                    baseline = top - pad - drop(size) * 1.35 / LEAD - number * size * 1.35
                    typeset.draw_line(canvas, line, size, left + x, baseline)
        if rules:
            for x, _tag, _lines in cells[::2]:
                rule(canvas, left + x, top - height, rules, thickness=0.4, grey=HAIRLINE)

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
