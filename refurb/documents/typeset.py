"""The fonts of papers and labels, and text set in them: measured, broken into lines, free of signs they cannot draw."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import scripts
from refurb.documents.wording import emphasised

REGULAR = "AtkinsonNext-Regular"
BOLD = "AtkinsonNext-Bold"
MONO = "AtkinsonMono-SemiBold"
TITLE = "Bricolage-Bold"

FOLDER = Path(__file__).parent / "fonts"

# Streams stay binary: writing them in base 85 makes files a quarter larger and takes longer than all the rest.
rl_config.useA85 = 0

# Signs that people paste and that have an honest plain form; everything else goes through Unicode's own decomposition.
_PLAIN = {
    "\N{NUMERO SIGN}": "n°",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{HYPHEN}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{PRIME}": "'",
    "\N{DOUBLE PRIME}": '"',
    "\N{MODIFIER LETTER APOSTROPHE}": "\N{RIGHT SINGLE QUOTATION MARK}",
    "\N{BLACK CIRCLE}": "\N{BULLET}",
    "\t": " ",
}
_GAPS = re.compile(" +(?=[ ,.)]|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one font, with its width for a size of one point."""

    text: str
    font: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces side by side, and the width of them all in points; `goes_on` where the same text does, after a space, on the line below."""

    pieces: tuple[Piece, ...]
    width: float
    goes_on: bool = False


@lru_cache
def _face(font: str) -> tuple[dict[str, float], float]:
    """How wide each sign of a font is for a size of one point, and how wide one is that it does not know."""
    loaded = TTFont(font, FOLDER / f"{font}.ttf")
    pdfmetrics.registerFont(loaded)
    widths = {chr(point): loaded.face.charWidths[point] / 1000 for point in loaded.face.charToGlyph}
    return widths, loaded.face.defaultWidth / 1000


def use_fonts() -> None:
    """Make the fonts known to the PDF engine; harmless when repeated."""
    for font in (REGULAR, BOLD, MONO, TITLE):
        _face(font)


def width(text: str, font: str, size: float) -> float:
    """How wide the text is, in points, each part of it in the font that `lines` would choose."""
    if scripts.is_ours(font):
        return size * scripts.width(text, font)
    widths, other = _face(font)
    if widths.keys() >= set(text):
        return size * sum([widths[sign] for sign in text])
    parts = scripts.runs(text, font, widths.keys(), is_bold=font in (BOLD, TITLE))
    return size * sum(scripts.width(part, face) if face != font else sum(widths.get(sign, other) for sign in part) for part, face in parts)


def undrawn(text: str) -> str:
    """The letters that no font here can draw, each once; nothing for pictures, which papers leave out."""
    known = _face(REGULAR)[0].keys()
    if known >= set(text):
        return ""
    return "".join(
        sign for sign in scripts.undrawn(text, known) if not known >= set(_PLAIN.get(sign) or unicodedata.normalize("NFKD", sign))
    )


def without_pictures(text: str) -> str:
    """The text without emoji and other pictures, which papers do not draw; all the rest of it stays as it was entered."""
    known = _face(REGULAR)[0].keys()
    if text.isascii() or known >= set(text):
        return text
    kept = [
        sign
        for sign in unicodedata.normalize("NFC", text)
        if sign in known or sign in "\n\u200c\u200d" or sign in _PLAIN or unicodedata.category(sign)[0] in "LMNPZ" or scripts.is_drawn(sign)
    ]
    return _GAPS.sub("", "".join(kept).strip("\u200c\u200d ")) if len(kept) != len(text) else text


def printable(text: str, font: str = REGULAR, *, alone: bool = False) -> str:
    """The text without what cannot be drawn, which would come out as black boxes: pictures such as emoji disappear.

    Letters that the font lacks are drawn by those of `scripts`, unless the font stands `alone`; one that none has becomes « ? », so that
    the loss is seen: whoever issues a paper is asked for another spelling first. Line feeds stay.
    """
    known = _face(font)[0].keys()
    if known >= set(text):
        return text
    kept = []
    for sign in unicodedata.normalize("NFC", text):
        if sign in known or sign == "\n" or (not alone and sign not in _PLAIN and scripts.is_drawn(sign)):
            kept.append(sign)
            continue
        plain = "".join(part for part in _PLAIN.get(sign) or unicodedata.normalize("NFKD", sign) if part in known)
        kept.append(plain or ("?" if unicodedata.category(sign)[0] in "LN" else ""))
    return _GAPS.sub("", "".join(kept)).lstrip(" ")


def lines(text: str, font: str, size: float, room: float, *, strong: Iterable[str] = ()) -> list[Line]:
    """Break the text into lines of at most `room` points, between words at plain spaces only; there is at least one.

    A word too long for a line is cut where it must be. The phrases of `strong` are set in bold.
    """
    return list(_lines(text, font, size, room, tuple(strong)))


def balanced(text: str, font: str, size: float, room: float) -> list[Line]:
    """The same, in lines of about one length: no short word is left alone on the last one."""
    fewest = len(lines(text, font, size, room))
    low, high = room / 2, room
    while fewest > 1 and high - low > size:
        middle = (low + high) / 2
        low, high = (middle, high) if len(lines(text, font, size, middle)) > fewest else (low, middle)
    return lines(text, font, size, high)


@lru_cache(maxsize=4096)
def _lines(text: str, font: str, size: float, room: float, strong: tuple[str, ...]) -> tuple[Line, ...]:
    broken: list[Line] = []
    for paragraph in printable(text, font).split("\n"):
        if broken:
            broken[-1] = replace(broken[-1], goes_on=True)
        current: list[Piece] = []
        used = 0.0
        for word in _words(paragraph, font, strong):
            space = piece(" ", word[0].font if current and current[-1].font == word[0].font else font)
            wide = size * sum(part.width for part in word)
            if current and used + size * space.width + wide > room:
                broken.append(_line(current, used, goes_on=True))
                current, used = [], 0.0
            if current:
                current.append(space)
                used += size * space.width
            for part in _cut(word, size, room) if wide > room else word:
                if current and used + size * part.width > room + 0.01:
                    broken.append(_line(current, used))
                    current, used = [], 0.0
                current.append(part)
                used += size * part.width
        broken.append(_line(current, used))
    return tuple(broken)


def turned(line: Line) -> Line:
    """A line of a text that runs from right to left: its last piece stands at the left, and signs between words the other way round."""
    pieces = [each if scripts.is_ours(each.font) else replace(each, text=each.text[::-1]) for each in line.pieces[::-1]]
    return replace(line, pieces=tuple(pieces), goes_on=False)


def piece(text: str, font: str) -> Piece:
    """Text that is not to be broken."""
    return Piece(text, font, width(text, font, 1))


def _pieces(word: str, font: str) -> Iterator[Piece]:
    """A word in the fonts that have its letters."""
    known = _face(font)[0].keys()
    if known >= set(word):
        yield piece(word, font)
        return
    for text, chosen in scripts.runs(word, font, known, is_bold=font in (BOLD, TITLE)):
        yield Piece(text, chosen, scripts.width(text, chosen)) if scripts.is_ours(chosen) else piece(text, chosen)


def _line(pieces: list[Piece], used: float, *, goes_on: bool = False) -> Line:
    """Neighbours in the same font become one piece, so that the PDF holds whole phrases and not words."""
    merged: list[Piece] = []
    for part in _turned(pieces):
        if merged and merged[-1].font == part.font:
            last = merged[-1]
            merged[-1] = Piece(last.text + part.text, part.font, last.width + part.width)
        else:
            merged.append(part)
    return Line(tuple(merged), used, goes_on)


def _turned(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces as they stand from left to right: words of a script that runs leftwards, one after the other, are one run of it."""
    at = 0
    while at < len(pieces):
        end = at + 1
        if scripts.is_leftwards(pieces[at].font):
            while end < len(pieces) and (scripts.is_leftwards(pieces[end].font) or _joins(pieces, end)):
                end += 1
        yield from _run(pieces[at:end])
        at = end


def _joins(pieces: list[Piece], at: int) -> bool:
    return pieces[at].text == " " and at + 1 < len(pieces) and scripts.is_leftwards(pieces[at + 1].font)


def _run(pieces: list[Piece]) -> Iterator[Piece]:
    fonts = {part.font for part in pieces if part.text != " "}
    if len(pieces) > 1 and len(fonts) == 1:
        (font,), text = fonts, "".join(part.text for part in pieces)
        yield Piece(text, font, scripts.width(text, font))
    else:
        yield from reversed(pieces)


def _words(text: str, font: str, strong: tuple[str, ...]) -> Iterator[list[Piece]]:
    """Words between plain spaces; a word may change fonts inside, as a bold name before its comma does."""
    word: list[Piece] = []
    for part, is_strong in emphasised(text, tuple(printable(phrase, BOLD) for phrase in strong)):
        face = BOLD if is_strong else font
        alike = scripts.whole(part, _face(BOLD)[0].keys(), is_bold=True) if is_strong else None
        for position, letters in enumerate(part.split(" ")):
            if position and word:
                yield word
                word = []
            if letters:
                word.extend([Piece(letters, alike, scripts.width(letters, alike))] if alike else _pieces(letters, face))
    if word:
        yield word


def _cut(word: list[Piece], size: float, room: float) -> Iterator[Piece]:
    """Parts of the word that are no wider than a line."""
    for part in word:
        if scripts.is_ours(part.font):
            yield from _cut_run(part, size, room)
            continue
        widths, other = _face(part.font)
        start, used = 0, 0.0
        for at, sign in enumerate(part.text):
            wide = size * widths.get(sign, other)
            if at > start and used + wide > room:
                yield piece(part.text[start:at], part.font)
                start, used = at, 0.0
            used += wide
        yield piece(part.text[start:], part.font)


def _cut_run(part: Piece, size: float, room: float) -> Iterator[Piece]:
    """The same for letters that are shaped: their width depends on their neighbours, so it is asked of each beginning."""
    text = part.text
    while text:
        most = next((length for length in range(len(text), 1, -1) if size * scripts.width(text[:length], part.font) <= room), 1)
        yield Piece(text[:most], part.font, scripts.width(text[:most], part.font))
        text = text[most:]


def clipped(broken: list[Line], most: int, size: float, room: float) -> list[Line]:
    """At most so many lines; where more are left out, the last one ends in « … »."""
    if len(broken) <= most:
        return broken
    last = broken[most - 1].pieces[0]
    text = last.text
    while text and size * width(f"{text}…", last.font, 1) > room:
        text = text[:-1]
    end = piece(f"{text.rstrip()}…", last.font)
    return [*broken[: most - 1], Line((end,), size * end.width)]


def draw_line(canvas: Canvas, line: Line, size: float, x: float, y: float) -> None:
    """Set one line with its left end on the baseline at (x, y), in points.

    Whoever has the page read aloud, or copies from it, needs the space that nobody sees at the end of a line.
    """
    for part in line.pieces:
        if scripts.is_ours(part.font):
            scripts.draw(canvas, part.text, part.font, size, x, y)
        else:
            canvas.setFont(part.font, size)
            canvas.drawString(x, y, part.text)
        x += size * part.width
    if line.goes_on and line.pieces:
        canvas.setFont(REGULAR, size)
        canvas.drawString(x, y, " ")
