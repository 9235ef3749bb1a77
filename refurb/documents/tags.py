"""What each mark on a page is, for whoever does not see it: a heading, a cell, a figure, or mere decoration (ISO 14289-1).

A tag is made where a block is laid out, and what is drawn is marked as its content while it is drawn; `pdf_file` writes the tree of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from reportlab.pdfgen.canvas import Canvas

_DECORATION = "/Artifact BMC"
_RUNNING = {"Header": "/Artifact <</Type/Pagination/Subtype/Header>> BDC", "Footer": "/Artifact <</Type/Pagination/Subtype/Footer>> BDC"}


def text_string(text: str) -> str:
    """A text as a dictionary of a PDF holds it, in whatever letters (ISO 32000-1, 7.9.2.2)."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


class Tag:
    """A part of a paper: its standard type (ISO 32000-1, 14.8.4), what is in it in reading order, and what else its dictionary says.

    A kid is another tag, or a marked run of a page: the number of the page from 0, and that of the run on it.
    """

    __slots__ = ("entries", "kids", "kind")

    def __init__(self, kind: str, entries: str = "") -> None:
        self.kind = kind
        self.entries = entries
        self.kids: list[Tag | tuple[int, int]] = []

    def add(self, kind: str, entries: str = "") -> "Tag":
        """A new part at the end of this one."""
        kid = Tag(kind, entries)
        self.kids.append(kid)
        return kid


def header_cell(row: Tag, scope: str, span: int = 1) -> Tag:
    """A cell that names its `Column` or its `Row`, over as many columns."""
    return row.add("TH", f"/A<</O/Table/Scope/{scope}{f'/ColSpan {span}' if span > 1 else ''}>>")


class Tags:
    """The marked runs of each page of a canvas so far, the tag that each belongs to; and every word that was drawn, read or not."""

    def __init__(self) -> None:
        self.pages: list[list[Tag]] = [[]]
        self.words: list[str] = []


@contextmanager
def said(canvas: Canvas, tag: Tag | None) -> Iterator[None]:
    """What is drawn within is the next content of the tag; without one it is decoration, which is not read."""
    if tag is None:
        canvas.addLiteral(_DECORATION)
    else:
        runs: list[Tag] = canvas.tags.pages[-1]
        tag.kids.append((len(canvas.tags.pages) - 1, len(runs)))
        canvas.addLiteral(f"/{tag.kind} <</MCID {len(runs)}>> BDC")
        runs.append(tag)
    yield
    canvas.addLiteral("EMC")


@contextmanager
def shown(canvas: Canvas, tag: Tag, words: str, x: float, top: float, width: float, height: float) -> Iterator[None]:
    """The same for a figure, in this box of the page: `words` are read in its place."""
    tag.entries = f"/Alt{text_string(words)}/A<</O/Layout/Placement/Block/BBox[{x:.2f} {top - height:.2f} {x + width:.2f} {top:.2f}]>>"
    with said(canvas, tag):
        yield


@contextmanager
def decoration(canvas: Canvas, running: str = "") -> Iterator[None]:
    """What is drawn within is not read: a rule, a box, a mark; `running` a `Header` or a `Footer`, which is on every page."""
    canvas.addLiteral(_RUNNING[running] if running else _DECORATION)
    yield
    canvas.addLiteral("EMC")


@contextmanager
def spelled(canvas: Canvas, text: str) -> Iterator[None]:
    """What is drawn within reads as this text, however its letters stand."""
    canvas.addLiteral(f"/Span <</ActualText{text_string(text)}>> BDC")
    yield
    canvas.addLiteral("EMC")
