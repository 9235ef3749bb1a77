"""Letters that our own fonts do not have: which font draws them, joined and in their direction, so that a name stands as it was entered.

The outlines come from Noto Sans, shaped by HarfBuzz; they are drawn as curves, and the same letters lie over them unseen, so that they can
be searched and copied. What none of the fonts has is not drawn: `undrawn` names it. The files in `fonts/` are those of Debian's
`fonts-noto-core` 20201225, each cut down to the blocks below with its joining rules kept and its hints dropped (`pyftsubset`).
"""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from refurb.documents.tags import spelled

FOLDER = Path(__file__).parent / "fonts"
UNSEEN = 3
"""PDF text rendering mode: neither filled nor stroked (ISO 32000-1, 9.3.6)."""
BOLDER = 0.025
"""How much thicker a letter is drawn for bold, in ems, where the script has no bold font here."""
LATIN = "NotoSans"

# First and last letters of each script's blocks, and the font that has them; everything else is asked of the Latin one.
_BLOCKS = (
    (0x0530, 0x058F, "NotoSansArmenian"),
    (0xFB13, 0xFB17, "NotoSansArmenian"),
    (0x0590, 0x05FF, "NotoSansHebrew"),
    (0xFB1D, 0xFB4F, "NotoSansHebrew"),
    (0x0600, 0x06FF, "NotoSansArabic"),
    (0x0750, 0x077F, "NotoSansArabic"),
    (0x08A0, 0x08FF, "NotoSansArabic"),
    (0x0900, 0x097F, "NotoSansDevanagari"),
    (0xA8E0, 0xA8FF, "NotoSansDevanagari"),
    (0x0980, 0x09FF, "NotoSansBengali"),
    (0x0B80, 0x0BFF, "NotoSansTamil"),
    (0x0D80, 0x0DFF, "NotoSansSinhala"),
    (0x0E00, 0x0E7F, "NotoSansThai"),
    (0x0E80, 0x0EFF, "NotoSansLao"),
    (0x10A0, 0x10FF, "NotoSansGeorgian"),
    (0x1C90, 0x1CBF, "NotoSansGeorgian"),
    (0x2D00, 0x2D2F, "NotoSansGeorgian"),
    (0x1200, 0x139F, "NotoSansEthiopic"),
    (0x2D80, 0x2DDF, "NotoSansEthiopic"),
    (0xAB00, 0xAB2F, "NotoSansEthiopic"),
    (0x1780, 0x17FF, "NotoSansKhmer"),
    (0x2D30, 0x2D7F, "NotoSansTifinagh"),
    (0x2190, 0x22FF, "NotoSansMath"),
)
_LEFTWARDS = ("NotoSansArabic", "NotoSansHebrew")
# Joiners say how their neighbours are shaped, and have no picture of their own.
_JOINERS = "\u200c\u200d"


def is_leftwards(font: str) -> bool:
    """Whether the script of a font runs from right to left."""
    return font.startswith(_LEFTWARDS)


def is_ours(font: str) -> bool:
    """Whether this is one of the fonts of this module."""
    return font.startswith(LATIN)


def _place(font: str) -> Path:
    """The file of a font; a script without a bold one is drawn from its regular one."""
    exact = FOLDER / f"{font}.ttf"
    return exact if exact.exists() else FOLDER / f"{font.partition('-')[0]}-Regular.ttf"


@lru_cache
def _known(font: str) -> frozenset[str]:
    loaded = TTFont(font, _place(font), shapable=False)
    pdfmetrics.registerFont(loaded)
    return frozenset(map(chr, loaded.face.charToGlyph))


@lru_cache
def _shaper(font: str) -> tuple[Any, float]:
    """HarfBuzz's font, and how many of its units make an em."""
    from uharfbuzz import Blob, Face, Font  # noqa: PLC0415  # Few papers need it.

    place = _place(font)
    face = Face(Blob.from_file_path(place))
    shaper = Font(face)
    if place.stem != font:
        shaper.synthetic_bold = (BOLDER, BOLDER, True)
    return shaper, float(face.upem)


def _font_of(sign: str, weight: str) -> str:
    point = ord(sign)
    script = next((font for first, last, font in _BLOCKS if first <= point <= last), LATIN)
    return f"{script}-{weight}"


def _clusters(text: str) -> Iterator[str]:
    """Each letter with the marks and joiners that belong to it."""
    cluster = ""
    for sign in text:
        if cluster and not (unicodedata.category(sign)[0] == "M" or sign in _JOINERS):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def _draws(font: str, text: str) -> bool:
    return all(sign in _known(font) or sign in _JOINERS for sign in text)


def is_drawn(cluster: str) -> bool:
    """Whether one of these fonts has a letter with its marks."""
    return _draws(_font_of(cluster[0], "Regular"), cluster)


def undrawn(text: str, known: Iterable[str]) -> str:
    """The letters, marks and digits of a text that neither these fonts have nor one that knows `known`; each once."""
    own = set(known)
    left: dict[str, None] = {}
    for cluster in _clusters(unicodedata.normalize("NFC", text)):
        if not (own >= set(cluster) or is_drawn(cluster)) and any(unicodedata.category(sign)[0] in "LMN" for sign in cluster):
            left[cluster] = None
    return "".join(left)


def whole(text: str, known: Iterable[str], *, is_bold: bool) -> str | None:
    """The Latin font for a phrase that needs it somewhere, so that all of the phrase is in one face; else None."""
    font = f"{LATIN}-{'Bold' if is_bold else 'Regular'}"
    return font if not set(known) >= set(text) and _draws(font, text) else None


def runs(word: str, own: str, known: Iterable[str], *, is_bold: bool) -> Iterator[tuple[str, str]]:
    """A word in parts, each with the font that draws it: `own`, which knows `known`, where it can, else one of these.

    A word whose letters are all in the Latin one is not parted: two faces in one name look like a mistake.
    """
    letters, weight = set(known), "Bold" if is_bold else "Regular"
    if _draws(f"{LATIN}-{weight}", word):
        yield word, f"{LATIN}-{weight}"
        return
    part, font = "", ""
    for cluster in _clusters(word):
        chosen = _font_of(cluster[0], weight) if is_drawn(cluster) and not letters >= set(cluster) else own
        if part and chosen != font:
            yield part, font
            part = ""
        part, font = part + cluster, chosen
    if part:
        yield part, font


@dataclass(frozen=True, slots=True)
class _Glyph:
    number: int
    x: float
    y: float


@lru_cache(maxsize=512)
def _shaped(text: str, font: str) -> tuple[tuple[_Glyph, ...], float]:
    """The glyphs of a text in one font and their places, and its width, in ems."""
    from uharfbuzz import Buffer, shape  # noqa: PLC0415  # Few papers need it.

    shaper, em = _shaper(font)
    buffer = Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_leftwards(font) else "ltr"
    shape(shaper, buffer)
    glyphs, x = [], 0.0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyphs.append(_Glyph(info.codepoint, (x + position.x_offset) / em, position.y_offset / em))
        x += position.x_advance
    return tuple(glyphs), x / em


def width(text: str, font: str) -> float:
    """How wide a text is for a size of one point."""
    return _shaped(text, font)[1]


class _Pen:
    """Draws the curves of a glyph into a path; the quadratic ones of TrueType become cubic ones."""

    def __init__(self, path: PDFPathObject, scale: float, x: float, y: float) -> None:
        self._path, self._scale, self._x, self._y = path, scale, x, y
        self._at = (0.0, 0.0)

    def _placed(self, point: tuple[float, float]) -> tuple[float, float]:
        return self._x + self._scale * point[0], self._y + self._scale * point[1]

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # HarfBuzz's name for it.
        self._at = point
        self._path.moveTo(*self._placed(point))

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802  # HarfBuzz's name for it.
        self._at = point
        self._path.lineTo(*self._placed(point))

    def curveTo(self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802  # As above.
        self._at = end
        self._path.curveTo(*self._placed(first), *self._placed(second), *self._placed(end))

    def qCurveTo(self, middle: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802  # As above.
        (x, y), (a, b), (c, d) = self._at, middle, end
        self.curveTo((x + 2 / 3 * (a - x), y + 2 / 3 * (b - y)), (c + 2 / 3 * (a - c), d + 2 / 3 * (b - d)), end)

    def closePath(self) -> None:  # noqa: N802  # HarfBuzz's name for it.
        self._path.close()


def draw(canvas: Canvas, text: str, font: str, size: float, x: float, y: float) -> None:
    """Draw a text with its left end on the baseline at (x, y), in points: its curves, and unseen the letters themselves over them.

    The unseen letters stand in the order in which they are seen, as readers of PDF expect of scripts that run leftwards; how the text is
    spelled stands beside them, for whoever has it read aloud.
    """
    seen = "".join(sign for sign in text if sign in _known(font))
    seen = seen[::-1] if is_leftwards(font) else seen
    with spelled(canvas, text) if seen != text else nullcontext():
        _draw(canvas, text, seen, font, size, x, y)


def _draw(canvas: Canvas, text: str, seen: str, font: str, size: float, x: float, y: float) -> None:
    shaper, em = _shaper(font)
    glyphs, wide = _shaped(text, font)
    path = canvas.beginPath()
    for glyph in glyphs:
        shaper.draw_glyph_with_pen(glyph.number, _Pen(path, size / em, x + size * glyph.x, y + size * glyph.y))
    canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)
    canvas.setFont(font, size)
    spread = (size * wide - pdfmetrics.stringWidth(seen, font, size)) / max(1, len(seen))
    canvas.drawString(x, y, seen, mode=UNSEEN, charSpace=spread)
