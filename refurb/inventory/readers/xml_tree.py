"""XML as the tools really write it, read into a small tree: no DTD, no entities, no network, bounded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from refurb.inventory.readers.errors import Unreadable

_MAX_ELEMENTS = 100_000
_MAX_DEPTH = 100
_LONGEST_TEXT = 10_000
# What XML 1.0 forbids and lshw prints all the same: control characters, as themselves or by number.
_FORBIDDEN = re.compile(
    r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|&#(?:0{0,6}(?:[0-8]|1[124-9]|2[0-9]|3[01]);|x0{0,6}(?:[0-8bcef]|1[0-9a-f]);)"
)
_LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_START = re.compile(r"<(?:\?xml\b|[A-Za-z])")


@dataclass(slots=True)
class Element:
    """One element: `text` is what stands directly in it."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator["Element"]:
        """The children of this name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> "Element | None":
        """The first child of this name."""
        return next(self.all(name), None)

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


def roots(text: str) -> list[Element]:
    """The root elements: one, or several where a tool printed one after the other.

    What stands before the first element (a prompt, a warning) is passed over. Raises Unreadable: `report.truncated` when the
    text stops inside an element, `report.damaged` for anything else that is no XML, and for a document type definition.
    """
    found = _START.search(text)
    if found is None:
        raise Unreadable("report.not_this_tool")
    if text.count("&") > _MAX_ELEMENTS:
        raise Unreadable("report.damaged")
    sound = _LONE_AMPERSAND.sub("&amp;", _FORBIDDEN.sub("", _DECLARATION.sub("", text[found.start() :])))
    body = sound.encode("utf-8", "replace")
    builder = _Builder()
    try:
        builder.parser.Parse(b"<all>", False)
        builder.parser.Parse(body, False)
        ended = len(builder.open) == 1
        builder.parser.Parse(b"</all>", True)
    except expat.ExpatError:
        raise Unreadable("report.truncated" if _stops_early(builder.parser, body) else "report.damaged") from None
    if not ended:
        raise Unreadable("report.truncated")
    return builder.root.children


def _stops_early(parser: expat.XMLParserType, body: bytes) -> bool:
    """Whether it broke at its very end, or inside a tag that never closes."""
    return parser.ErrorByteIndex >= len(b"<all>") + len(body.rstrip()) - 1 or b"<" in body[-300:].rpartition(b">")[2]


class _Builder:
    def __init__(self) -> None:
        self.root = Element("", {})
        self.open: list[Element] = []
        self._count = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_declared: object) -> None:
        raise Unreadable("report.damaged")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MAX_ELEMENTS or len(self.open) > _MAX_DEPTH:
            raise Unreadable("report.damaged")
        element = Element(name, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        # Of leaves only: the blanks between a thousand children are nobody's.
        if not self.open[-1].children and len(self.open[-1].text) < _LONGEST_TEXT:
            self.open[-1].text += text
