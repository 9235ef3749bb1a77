"""The first-start sheet as PDF: one page for each machine, a drawing beside each step, the code and the QR of the label; nobody's name."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from itertools import zip_longest
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import qr, typeset
from refurb.documents.pdf_file import Described, blank, closed, turn
from refurb.documents.tags import Tag, decoration, said, shown
from refurb.documents.typeset import BOLD, MONO, REGULAR, TITLE
from refurb.kernel.speech.words import _
from refurb.kernel.web.pages import STATIC

PICTURES: Final = ("chargeur", "portable", "box4g")
"""Beside the first steps, in their order."""
_LEFT, _WIDTH = 20 * mm, A4[0] - 40 * mm
_PICTURE: Final = (36 * mm, 32 * mm)
_VIEW: Final = 144
_COMMAND = re.compile(r"([a-zA-Z])|(-?\d*\.?\d+)")


def first_start_pdf(
    *, house: str, title: str, steps: list[str], trouble: str, act: str, labels: list[tuple[str, str]], phone: str, on: date
) -> bytes:
    """A page in A4 for each label. `act` says what to do when something is wrong; `labels`: codes, spelled, each with its QR's address."""
    typeset.use_fonts()
    codes = [code for code, _url in labels]
    told = Described(f"{title}, {codes[0]}" if len(codes) == 1 else title, title, house, "fr", on)
    canvas, parts = blank(told), list[Tag]()
    for code, url in labels:
        parts += _page(canvas, house, title, steps, trouble, act, code, url, phone)
        turn(canvas)
    said_too = {"house": house, "title": title, "steps": steps, "trouble": trouble, "act": act}
    said_too |= {"code": codes[0]} if len(codes) == 1 else {"codes": codes}
    return closed(canvas, told, parts, said_too | ({"phone": phone} if phone else {}))


def _page(canvas: Canvas, house: str, title: str, steps: list[str], trouble: str, act: str, code: str, url: str, phone: str) -> list[Tag]:
    parts = [Tag("P"), Tag("H1"), Tag("L"), Tag("H2")]
    first, name, listed, wrong = parts
    y = A4[1] - 26 * mm
    y = _say(canvas, first, house, REGULAR, 13, _LEFT, y, _WIDTH)
    y = _say(canvas, name, title, TITLE, 30, _LEFT, y - 6 * mm, _WIDTH) - 4 * mm
    for number, (step, picture) in enumerate(zip_longest(steps, PICTURES[: len(steps)]), 1):
        y = _step(canvas, listed.add("LI"), number, step, picture, y)
    return parts + _help(canvas, wrong, y - 4 * mm, trouble, act, code, url, phone)


def _say(canvas: Canvas, tag: Tag, text: str, font: str, size: float, x: float, y: float, room: float) -> float:
    """Set a text from a baseline down; returns the baseline below it."""
    with said(canvas, tag):
        for line in typeset.lines(text, font, size, room):
            typeset.draw_line(canvas, line, size, x, y)
            y -= size * 1.3
    return y


def _step(canvas: Canvas, item: Tag, number: int, text: str, picture: str | None, top: float) -> float:
    height = _PICTURE[1] if picture else 14 * mm
    middle = top - height / 2
    if picture:
        with decoration(canvas):  # It shows what the step beside it says.
            _draw_picture(canvas, picture, _LEFT, top - height)
    x = _LEFT + (_PICTURE[0] + 8 * mm if picture else 0)
    canvas.setFillColor(HexColor(0x211F1A))
    with decoration(canvas):
        canvas.circle(x + 5 * mm, middle + 1.5 * mm, 5 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor(0xFFFFFF))
    canvas.setFont(BOLD, 16)
    with said(canvas, item.add("Lbl")):
        canvas.drawCentredString(x + 5 * mm, middle - 0.5 * mm, str(number))
    canvas.setFillColor(HexColor(0x000000))
    _say(canvas, item.add("LBody"), text, REGULAR, 19, x + 14 * mm, middle - 0.8 * mm, A4[0] - _LEFT - x - 14 * mm)
    return float(top - height - 6 * mm)


def _help(canvas: Canvas, heading: Tag, top: float, trouble: str, act: str, code: str, url: str, phone: str) -> list[Tag]:
    side = 42 * mm
    canvas.setLineWidth(1)
    with decoration(canvas):
        canvas.roundRect(_LEFT, top - side - 12 * mm, _WIDTH, side + 12 * mm, 4 * mm)
    figure, *others = [Tag("Figure"), Tag("P"), Tag("P"), Tag("P")]
    with shown(canvas, figure, _("Code à scanner : %(address)s", address=url), _LEFT + 6 * mm, top - 6 * mm, side, side):
        qr.draw(canvas, qr.encode(url), _LEFT + 6 * mm, top - 6 * mm, side=side)
    x, room = _LEFT + side + 14 * mm, _WIDTH - side - 20 * mm
    y = _say(canvas, heading, trouble, BOLD, 19, x, top - 12 * mm, room)
    y = _say(canvas, others[0], act, REGULAR, 15, x, y - 2 * mm, room)
    y = _say(canvas, others[1], code, MONO, 18, x, y - 2 * mm, room)
    if phone:
        _say(canvas, others[2], phone, BOLD, 22, x, y - 3 * mm, room)
    return [figure, *others[: 3 if phone else 2]]


# --- the drawings ---------------------------------------------------------------------------------------------------------


def _draw_picture(canvas: Canvas, name: str, left: float, bottom: float) -> None:
    """One of our drawings (`static/img`): rectangles, circles and paths without arcs, in a view of 144."""
    root = ET.parse(STATIC / "img" / f"{name}.svg").getroot()  # noqa: S314 - our own file
    scale = _PICTURE[0] / _VIEW
    canvas.saveState()
    canvas.translate(left, bottom + _PICTURE[1])
    canvas.scale(scale, -scale)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for shape in root:
        fill, stroke = shape.get("fill", "none"), shape.get("stroke", "none")
        canvas.setLineWidth(float(shape.get("stroke-width", 1)))
        if fill != "none":
            canvas.setFillColor(HexColor(fill))
        if stroke != "none":
            canvas.setStrokeColor(HexColor(stroke))
        _draw_shape(canvas, shape, stroke=int(stroke != "none"), fill=int(fill != "none"))
    canvas.restoreState()


def _draw_shape(canvas: Canvas, shape: ET.Element, *, stroke: int, fill: int) -> None:
    def number(key: str) -> float:
        return float(shape.get(key, 0))

    kind = shape.tag.rpartition("}")[2]
    if kind == "rect":
        canvas.roundRect(number("x"), number("y"), number("width"), number("height"), number("rx"), stroke=stroke, fill=fill)
    elif kind == "circle":
        canvas.circle(number("cx"), number("cy"), number("r"), stroke=stroke, fill=fill)
    else:
        canvas.drawPath(_path(canvas, shape.get("d", "")), stroke=stroke, fill=fill)


_TAKES: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "z": 0}


def _path(canvas: Canvas, told: str) -> object:
    """The path of a `d` of the commands M, L, H, V, C and Z, absolute or relative. Raises `KeyError` for any other."""
    path = canvas.beginPath()
    x = y = 0.0
    words = _COMMAND.findall(told)
    command, at = "", 0
    while at < len(words):
        if words[at][0]:
            command, at = words[at][0], at + 1
        takes = _TAKES[command.lower()]
        given = [float(value) for _letter, value in words[at : at + takes]]
        at += takes
        dx, dy = (x, y) if command.islower() else (0.0, 0.0)
        match command.lower():
            case "z":
                path.close()
            case "h":
                x = given[0] + dx
                path.lineTo(x, y)
            case "v":
                y = given[0] + dy
                path.lineTo(x, y)
            case "c":
                points = [value + (dy if place % 2 else dx) for place, value in enumerate(given)]
                path.curveTo(*points)
                x, y = points[4:]
            case move:
                x, y = given[0] + dx, given[1] + dy
                if move == "m":
                    path.moveTo(x, y)
                    command = "l" if command == "m" else "L"
                else:
                    path.lineTo(x, y)
    return path
