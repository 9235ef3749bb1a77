"""A PDF for whoever does not see it: what its tags say and in which order, what is attached to it, and whether two norms find fault."""

import json
import re
from dataclasses import dataclass, field
from io import BytesIO

import page as page_validation
from pypdf import PdfReader
from pypdf.generic import ContentStream, IndirectObject

PROFILES = ("ua1", "3a")
"""PDF/UA-1 and PDF/A-3a."""


def faults(pdf: bytes) -> list[str]:
    """What the two norms find wrong, each fault once."""
    results = {name: page_validation.validate_pdf_bytes(pdf, profile=name) for name in PROFILES}
    found = {f"{name} {each.rule_id}: {each.message}": None for name, result in results.items() for each in result.failures}
    assert all(result.is_compliant for result in results.values()) == (not found)
    return list(found)


@dataclass
class Told:
    """A tag: its type, its words (those of a figure stand for it), what its attributes say, and the tags in it."""

    kind: str
    text: str = ""
    said: dict[str, object] = field(default_factory=dict)
    kids: list["Told"] = field(default_factory=list)

    def all(self, kind: str) -> list["Told"]:
        """Every tag of a type within, in reading order."""
        return [*([self] if self.kind == kind else []), *(found for kid in self.kids for found in kid.all(kind))]

    @property
    def words(self) -> str:
        """All that is read of it, in order, with plain spaces and apostrophes."""
        joined = " ".join([self.text, *(kid.words for kid in self.kids)])
        return " ".join(joined.translate(str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})).split())

    @property
    def outline(self) -> list[str]:
        """The types of the tags in it, those that only hold others together left out."""
        return [name for kid in self.kids for name in (kid.outline if kid.kind == "Div" else [kid.kind])]


def told(pdf: bytes) -> Told:
    """The whole of a PDF as its tags tell it."""
    reader = PdfReader(BytesIO(pdf))
    runs = {page.indirect_reference.idnum: _runs(page, reader) for page in reader.pages}
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    _check_way_back(root, reader)
    return _tag(root["/K"].get_object(), None, runs)


def attached(pdf: bytes) -> tuple[str, dict]:
    """The name of the one file that is attached, and what it says."""
    reader = PdfReader(BytesIO(pdf))
    ((name, (content,)),) = reader.attachments.items()
    (associated,) = reader.trailer["/Root"]["/AF"]
    assert associated.get_object()["/AFRelationship"] == "/Data"
    return name, json.loads(content)


def leaves(data) -> list[str]:
    """Every text in a piece of data; names of fields and types of blocks are no texts."""
    if isinstance(data, dict):
        return [leaf for name, value in data.items() if name not in {"type", "language"} for leaf in leaves(value)]
    return [leaf for value in data for leaf in leaves(value)] if isinstance(data, list) else [data] if isinstance(data, str) else []


def _tag(element, page, runs) -> Told:
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    kids = element.get("/K", [])
    found = Told(element["/S"][1:], element.get("/Alt", ""), _said(element))
    for kid in kids if isinstance(kids, list) else [kids]:
        each = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(each, int):
            found.text += runs[page][each]
        elif each.get("/Type") == "/MCR":
            found.text += runs[each.raw_get("/Pg").idnum][each["/MCID"]]
        else:
            found.kids.append(_tag(each, page, runs))
    return found


def _said(element) -> dict[str, object]:
    attributes = element.get("/A")
    return {name[1:]: value for name, value in attributes.items()} if attributes is not None else {}


def _check_way_back(root, reader) -> None:
    """The tree of parents leads from each run of each page to the tag that holds it."""
    numbers = root["/ParentTree"]["/Nums"]
    ways = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in reader.pages:
        for number, tag in enumerate(ways[page["/StructParents"]]):
            kids = tag.get_object()["/K"]
            own = [each if isinstance(each, int) else each.get("/MCID") for each in kids if not isinstance(each, IndirectObject)]
            assert number in own, (number, own)


def _runs(page, reader) -> dict[int, str]:
    """The text of each marked run of a page."""
    maps = {name: _letters(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    marks, font = _Marks(), {}
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in {b"BDC", b"BMC"}:
            marks.open(operands[1] if len(operands) > 1 else {})
        elif operator == b"EMC":
            marks.inside.pop()
        elif operator == b"Tf":
            font = maps[operands[0]]
        elif operator == b"Tj":
            marks.write("".join(font[code] for code in operands[0].original_bytes))
    return marks.found


class _Marks:
    """The marks of a page that are open, and the words found so far in each run that says what it is."""

    def __init__(self):
        self.found: dict[int, str] = {}
        self.inside: list[tuple[int | None, bool]] = []  # The run that each open mark stands in, and whether its words were told already.

    def open(self, facts):
        run = self.inside[-1][0] if self.inside else None
        if "/MCID" in facts:
            assert not self.inside, "marks that say what they are do not lie in others"
            run = facts["/MCID"]
            self.found[run] = ""
        elif "/ActualText" in facts:
            self.found[run] += facts["/ActualText"]
        else:
            assert run is None, "no decoration lies within what is said"
        self.inside.append((run, "/ActualText" in facts))

    def write(self, text):
        assert self.inside, "every word is marked, or marked as decoration"
        run, is_told = self.inside[-1]
        if run is not None and not is_told:
            self.found[run] += text


def _letters(font) -> dict[int, str]:
    pairs = re.findall(r"^<(..)> <(.{4,})>$", font["/ToUnicode"].get_object().get_data().decode(), re.MULTILINE)
    return {int(code, 16): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}
