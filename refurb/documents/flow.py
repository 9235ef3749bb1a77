"""How what a paper shows is laid down its pages: strips never cut, kept together and headed again as they ask."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from refurb.documents.tags import Tag


@dataclass(frozen=True)
class Strip:
    """A full-width band of a page, in points: its height, how to draw it at its top left, and the gap above it.

    `glued` keeps it on the page of the strip after it. `head` is set again on top of a page that begins with this
    strip. The gap is not kept at the top of a page. `part` is what it belongs to for whoever does not see it; a head that is set again
    belongs to nothing.
    """

    height: float
    draw: Callable[[Canvas, float, float], None]
    gap: float = 0
    glued: bool = False
    head: "Strip | None" = None
    part: Tag | None = None


@dataclass(frozen=True)
class Placed:
    """A strip on its page: how far its top lies under the top of the text area, in points."""

    strip: Strip
    top: float


def glue(strips: Sequence[Strip]) -> list[Strip]:
    """The same strips, all on one page."""
    return [*(replace(strip, glued=True) for strip in strips[:-1]), *strips[-1:]]


def glue_ends(strips: Sequence[Strip], count: int) -> list[Strip]:
    """The same strips, of which the first `count` stay together, and the last `count` too."""
    last = len(strips) - 1
    kept = [
        replace(strip, glued=True) if at != last and (at < count - 1 or at > last - count) else strip for at, strip in enumerate(strips)
    ]
    return glue(kept) if len(kept) < 2 * count else kept


def paginate(strips: Sequence[Strip], height: float) -> list[list[Placed]]:
    """Share the strips out to pages of this height; what is glued into more than a page is parted where it must."""
    pages: list[list[Placed]] = [[]]
    down = 0.0
    for chunk in _chunks(strips):
        parts = [chunk] if _height(chunk, on_top=True) <= height else [[strip] for strip in chunk]
        for part in parts:
            if pages[-1] and down + _height(part) > height:
                pages.append([])
                down = 0.0
            for strip in part:
                if not pages[-1] and strip.head:
                    pages[-1].append(Placed(strip.head, 0))
                    down = strip.head.height
                if pages[-1]:
                    down += strip.gap
                pages[-1].append(Placed(strip, down))
                down += strip.height
    return pages


def _chunks(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    chunk: list[Strip] = []
    for strip in strips:
        chunk.append(strip)
        if not strip.glued:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _height(chunk: Sequence[Strip], *, on_top: bool = False) -> float:
    if not on_top:
        return sum(strip.gap + strip.height for strip in chunk)
    first = chunk[0]
    return sum(strip.gap + strip.height for strip in chunk) - first.gap + (first.head.height if first.head else 0)
