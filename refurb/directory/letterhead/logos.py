"""Logos and signatures as pictures: a PNG redrawn, an SVG read for what it should not hold and drawn once. Loaded and run apart.

What is kept is always a PNG of ours, so that a browser and a paper show the same, and nothing that a stranger wrote is ever served.
"""

import io
import re
from typing import Any
from xml.parsers import expat

from refurb.kernel.speech.errors import Refusal

MOST_BYTES = 200 * 1024
"""Of the file that is sent, asked before anything of it is read."""
LARGEST = (1600, 400)
"""Pixels of what is kept, wide and high: sharp at 40 px on a screen and at 14 mm on paper."""
MOST_PIXELS = 16_000_000
MOST_ELEMENTS = 20_000
WIDEST, TALLEST = 8.0, 0.25
"""Bounds of width over height."""

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg"
_ACTIVE = frozenset(
    {"script", "handler", "set", "animate", "animateMotion", "animateTransform", "animateColor", "iframe", "audio", "video"}
)
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!\s*#)|@import|expression\(|javascript:", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(px|pt|mm|cm|in|pc|q)?\s*\Z", re.IGNORECASE)
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError)


class LogoRefused(Refusal):
    """The file is no picture that can be shown on every page and paper."""

    code = "logo.unreadable"
    status = 422


def drawn_logo(content: bytes) -> bytes:
    """The picture as it is kept, a PNG within `LARGEST`; `LogoRefused` says what is wrong with the file.

    Codes: `logo.kind`, `logo.unreadable`, `logo.too_many_pixels`, `logo.shape`, `logo.empty`, and for an SVG `logo.script`,
    `logo.foreign`, `logo.outside`, `logo.text`, `logo.picture`, `logo.entities`, `logo.too_many_elements`.
    """
    if content.startswith(_PNG):
        return _kept(content)
    if b"<svg" in content[:20_000].lower():
        return _kept(_rasterised(content))
    raise LogoRefused("logo.kind")


def _kept(content: bytes) -> bytes:
    from PIL import Image  # noqa: PLC0415 - loaded where it is used

    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise LogoRefused("logo.too_many_pixels", most=MOST_PIXELS // 1_000_000, pixels=width * height // 1_000_000)
            _check_shape(width / height)
            seen = picture.convert("RGBA")
    except (*_UNREADABLE, Image.DecompressionBombError) as fault:
        raise LogoRefused from fault
    if seen.getchannel("A").getextrema()[1] == 0:
        raise LogoRefused("logo.empty")
    seen.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    written = io.BytesIO()
    seen.save(written, "PNG", optimize=True)
    return written.getvalue()


def _check_shape(ratio: float) -> None:
    if not TALLEST <= ratio <= WIDEST:
        raise LogoRefused("logo.shape")


def _rasterised(content: bytes) -> bytes:
    """An SVG drawn once, without the machine's own fonts, files or network."""
    ratio = _Reader().ratio_of(content)
    _check_shape(ratio)
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - loaded where it is used

    wide, high = LARGEST
    is_wide = ratio > wide / high
    try:
        drawn: bytes = svg_to_bytes(
            svg_string=content.decode("utf-8-sig"),
            skip_system_fonts=True,
            width=wide if is_wide else None,
            height=None if is_wide else high,
        )
    except ValueError as fault:
        raise LogoRefused from fault
    return drawn


class _Reader:
    """Reads an SVG from one end to the other, element by element; raises the first thing that has no place in a logo."""

    def __init__(self) -> None:
        self._count = 0
        self._within_style = False
        self._root: dict[str, str] = {}

    def ratio_of(self, content: bytes) -> float:
        """Width over height, as far as the file tells; 1 where it does not."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        try:
            parser.Parse(content, True)
        except expat.ExpatError as fault:
            raise LogoRefused from fault
        return self._ratio()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise LogoRefused("logo.too_many_elements", most=MOST_ELEMENTS)
        if self._count == 1:
            if (namespace, name) != (_SVG, "svg"):
                raise LogoRefused
            self._root = attributes
        if name == "foreignObject":
            raise LogoRefused("logo.foreign")
        if name in _ACTIVE:
            raise LogoRefused("logo.script")
        if namespace == _SVG and name in {"image", "feImage"}:
            raise LogoRefused("logo.picture")
        if namespace == _SVG and name in {"text", "tspan", "textPath"}:
            raise LogoRefused("logo.text")
        self._within_style = name == "style"
        _check_attributes(attributes)

    def _end(self, _tag: str) -> None:
        self._within_style = False

    def _text(self, text: str) -> None:
        if self._within_style and _OUTSIDE.search(text):
            raise LogoRefused("logo.outside")

    def _entity(self, *_told: Any) -> None:
        raise LogoRefused("logo.entities")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower().startswith("xml-stylesheet"):
            raise LogoRefused("logo.outside")

    def _ratio(self) -> float:
        box = [float(each) for each in re.findall(r"-?[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?", self._root.get("viewBox", ""))]
        wide, high = (_LENGTH.match(self._root.get(name, "")) for name in ("width", "height"))
        if wide and high and wide[2] == high[2] and float(high[1]):
            return float(wide[1]) / float(high[1])
        return box[2] / box[3] if len(box) == 4 and box[3] > 0 else 1.0


def _check_attributes(attributes: dict[str, str]) -> None:
    for tag, value in attributes.items():
        name = tag.rpartition(" ")[2].lower()
        if name.startswith("on"):
            raise LogoRefused("logo.script")
        if name == "href" and value.strip() and not value.strip().startswith("#"):
            raise LogoRefused("logo.script" if "javascript:" in value.lower() else "logo.outside")
        if _OUTSIDE.search(value):
            raise LogoRefused("logo.outside")
