"""A PDF that whoever does not see it can read and an archive can keep: PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3) at once.

reportlab draws the pages; here the file is written anew round them, with the tree of tags, the description in XMP, the profile of the
colours, and what the paper says attached as data. Small objects are packed together (ISO 32000-1, 7.5.7): a tag for each cell of a long
table would else weigh more than the table. The same paper gives the same bytes.
"""

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from refurb.documents.tags import Tag, Tags, text_string
from refurb.documents.typeset import REGULAR
from refurb.kernel.speech.words import _

_MAKER = "Refurb"
_PROFILE = Path(__file__).with_name("sRGB.icc")
_PACKED = 200
"""How many small objects lie in one stream: more pack better, but a reader that wants one of them unpacks them all."""
_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
# Whatever a stream ends with, even half a line end, this line end is not part of it.
_END = b"\r\nendstream"
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))
_CODES = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>")


@dataclass(frozen=True)
class Described:
    """What readers are told of the file: `on` is the day that it bears."""

    title: str
    subject: str
    author: str
    language: str
    on: date


class _Canvas(Canvas):  # type: ignore[misc]  # The library has no types.
    """A canvas that knows which words were drawn on it, in their order."""

    def drawString(self, x: float, y: float, text: str, **more: Any) -> None:  # noqa: N802  # The library's name for it.
        self.tags.words.append(text)
        super().drawString(x, y, text, **more)


def blank(told: Described) -> Canvas:
    """A canvas of A4 pages to be tagged while they are drawn; `turn` ends each page, `closed` the file."""
    canvas = _Canvas(BytesIO(), pagesize=A4, invariant=1, pageCompression=1, initialFontName=REGULAR, lang=told.language)
    stamp = f"D:{told.on:%Y%m%d}000000Z"
    canvas.setDateFormatter(lambda *_instant: stamp)
    canvas.setTitle(told.title)
    canvas.setAuthor(told.author)
    canvas.setSubject(told.subject)
    canvas.setCreator(_MAKER)
    canvas.setProducer(_MAKER)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.tags = Tags()
    return canvas


def turn(canvas: Canvas) -> None:
    """End a page."""
    canvas.showPage()
    canvas.tags.pages.append([])


def closed(canvas: Canvas, told: Described, parts: Iterable[Tag], data: Mapping[str, Any], *, field: str = "") -> bytes:
    """The file of the pages that were drawn: `parts` in reading order, and `data`, what the paper says, attached as JSON.

    `field` is the name of an empty field on the last page, for a signature that is made afterwards and not seen.
    """
    writer = _Writer(canvas.getpdfdata())
    pages = writer.pages()
    widget = writer.add_field(field, pages) if field else 0
    tree = writer.add_tree(parts, canvas.tags.pages, pages, widget)
    attached = _attach(writer, told, data)
    metadata = writer.add(_stream("/Type/Metadata/Subtype/XML", _xmp(told), packed=False))
    profile = writer.add(_profile())
    intent = f"/Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile {profile} 0 R"
    writer.say_more(
        writer.root,
        f"/MarkInfo<</Marked true>>/StructTreeRoot {tree} 0 R/Metadata {metadata} 0 R/OutputIntents[<<{intent}>>]"
        f"/AF[{attached} 0 R]/Names<</EmbeddedFiles<</Names[{text_string(_name(told))}{attached} 0 R]>>>>"
        + (f"/AcroForm<</Fields[{widget} 0 R]/SigFlags 3>>" if widget else ""),
    )
    for place, page in enumerate(pages):
        writer.say_more(page, f"/StructParents {place}/Tabs/S")
    return writer.written()


class _Writer:
    """The objects of a file by their number, less one, and the file written from them."""

    def __init__(self, drawn: bytes) -> None:
        self.objects = _objects(drawn)
        trailer = drawn[drawn.rindex(b"trailer") :]
        self.root, self._info = (_number(trailer, key) for key in (b"Root", b"Info"))
        self._mend_letters()

    def add(self, body: bytes) -> int:
        """Keep an object; its number."""
        self.objects.append(body)
        return len(self.objects)

    def say_more(self, number: int, entries: str) -> None:
        """More entries for a dictionary."""
        self.objects[number - 1] = b"<<" + entries.encode() + self.objects[number - 1].removeprefix(b"<<")

    def pages(self) -> list[int]:
        """The numbers of the pages, the first one first."""
        tree = self.objects[_number(self.objects[self.root - 1], b"Pages") - 1]
        kids = tree[tree.index(b"/Kids") :]
        return [int(each) for each in re.findall(rb"(\d+) 0 R", kids[: kids.index(b"]")])]

    def add_field(self, name: str, pages: list[int]) -> int:
        """An empty field for a signature, which takes no room on the last page (ISO 32000-1, 12.7.4.5); its number."""
        widget = self.add(
            f"<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/TU{text_string(_('Signature électronique'))}/F 132/Rect[0 0 0 0]"
            f"/P {pages[-1]} 0 R/StructParent {len(pages)}>>".encode()
        )
        self.say_more(pages[-1], f"/Annots[{widget} 0 R]")
        return widget

    def add_tree(self, parts: Iterable[Tag], runs: list[list[Tag]], pages: list[int], widget: int = 0) -> int:
        """The tree of tags, with the way back from each marked run, and the `widget` of a field, to its tag; the number of its root."""
        document = Tag("Document")
        document.kids.extend(parts)
        field = document.add("Form", f"/K<</Type/OBJR/Obj {widget} 0 R/Pg {pages[-1]} 0 R>>") if widget else None
        root = len(self.objects) + 1
        self.objects.append(b"")
        numbers: dict[int, int] = {}
        top = self._add_tag(document, root, pages, numbers)
        back = "".join(f"{place}[{' '.join([f'{numbers[id(tag)]} 0 R' for tag in page])}]" for place, page in enumerate(runs[: len(pages)]))
        if field:
            back += f"{len(pages)} {numbers[id(field)]} 0 R"
        parents = self.add(f"<</Nums[{back}]>>".encode())
        told = f"/K {top} 0 R/ParentTree {parents} 0 R/ParentTreeNextKey {len(pages) + 1}"
        self.objects[root - 1] = f"<</Type/StructTreeRoot{told}>>".encode()
        return root

    def _add_tag(self, tag: Tag, parent: int, pages: list[int], numbers: dict[int, int]) -> int:
        self.objects.append(b"")
        number = numbers[id(tag)] = len(self.objects)
        page = next((kid[0] for kid in tag.kids if isinstance(kid, tuple)), None)
        kids = []
        for kid in tag.kids:
            if isinstance(kid, Tag):
                kids.append(f"{self._add_tag(kid, number, pages, numbers)} 0 R")
            else:
                kids.append(str(kid[1]) if kid[0] == page else f"<</Type/MCR/Pg {pages[kid[0]]} 0 R/MCID {kid[1]}>>")
        on = "" if page is None else f"/Pg {pages[page]} 0 R"
        inside = f"/K[{' '.join(kids)}]" if kids else ""
        self.objects[number - 1] = f"<</Type/StructElem/S/{tag.kind}/P {parent} 0 R{on}{inside}{tag.entries}>>".encode()
        return number

    def _mend_letters(self) -> None:
        """Leave codes that no letter stands for out of the maps from codes to letters: reportlab notes them as the letter zero."""
        for number in {_number(each, b"ToUnicode") for each in self.objects if b"/ToUnicode " in each}:
            told = zlib.decompress(_data(self.objects[number - 1]))
            codes = [line for line in _CODES.findall(told) if int(line[1], 16)]
            blocks = [codes[at : at + 100] for at in range(0, len(codes), 100)]
            mended = b"\n".join(
                b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(b"<%s> <%s>" % each for each in block)) for block in blocks
            )
            before, after = told.index(b"endcodespacerange") + 18, told.index(b"endcmap")
            self.objects[number - 1] = _stream("", told[:before] + mended + b"\n" + told[after:])

    def written(self) -> bytes:
        """The file, its small objects packed."""
        parts, at = [_HEAD], len(_HEAD)
        places: list[tuple[int, int, int]] = [(0, 0, 65535)] + [(0, 0, 0)] * len(self.objects)

        def put(number: int, body: bytes) -> None:
            nonlocal at
            places[number] = (1, at, 0)
            parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
            at += len(parts[-1])

        small = []
        for number, body in enumerate(self.objects, start=1):
            if body.endswith(b"endstream"):
                put(number, body)
            else:
                small.append(number)
        for begun in range(0, len(small), _PACKED):
            pack = small[begun : begun + _PACKED]
            places.append((0, 0, 0))
            holder, starts, length = len(places) - 1, [], 0
            for place, number in enumerate(pack):
                places[number] = (2, holder, place)
                starts.append(f"{number} {length}")
                length += len(self.objects[number - 1]) + 1
            index = " ".join(starts).encode() + b"\n"
            content = index + b"\n".join([self.objects[number - 1] for number in pack])
            put(holder, _stream(f"/Type/ObjStm/N {len(pack)}/First {len(index)}", content))
        places.append((1, at, 0))
        # The sum of all that was written before: no two papers have the same, and the same one has it each time.
        known = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
        table = b"".join([struct.pack(">BIH", *place) for place in places])
        told = f"/Type/XRef/Size {len(places)}/W[1 4 2]/Root {self.root} 0 R/Info {self._info} 0 R/ID[<{known}><{known}>]"
        body = _stream(told, table)
        parts.append(b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(places) - 1, body, at))
        return b"".join(parts)


def _objects(drawn: bytes) -> list[bytes]:
    """What stands between `obj` and `endobj`, by number: streams with the line end that has to close them."""
    start = int(drawn[drawn.rindex(b"startxref") + 9 :].split()[0])
    rows = drawn[start : drawn.index(b"trailer", start)].splitlines()[3:]
    begins = [int(row[:10]) for row in rows]
    ends = dict(zip(sorted(begins), [*sorted(begins)[1:], start], strict=True))
    bodies = []
    for begun in begins:
        body = drawn[drawn.index(b"obj\n", begun) + 4 : drawn.rindex(b"endobj", begun, ends[begun])].rstrip(b"\n")
        bodies.append(_closed_stream(body) if body.endswith(b"endstream") else body)
    return bodies


def _closed_stream(body: bytes) -> bytes:
    head, mark, _rest = body.partition(b"\nstream\n")
    return head + mark + _data(body) + _END


def _data(body: bytes) -> bytes:
    """What a stream holds, packed as it is."""
    start = body.index(b"stream\n") + 7
    return body[start : start + int(re.search(rb"/Length (\d+)", body)[1])]  # type: ignore[index]  # every stream says its length


def _number(body: bytes, key: bytes) -> int:
    """The number of the object that a key refers to."""
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found is not None, key
    return int(found[1])


def _stream(entries: str, content: bytes, *, packed: bool = True) -> bytes:
    data = zlib.compress(content) if packed else content
    how = "/Filter/FlateDecode" if packed else ""
    return f"<<{entries}{how}/Length {len(data)}>>\nstream\n".encode() + data + _END


@lru_cache
def _profile() -> bytes:
    """The colours are those of sRGB: an archive's printer knows what our greys and the one accent are."""
    return _stream("/N 3/Alternate/DeviceRGB", _PROFILE.read_bytes())


def _name(told: Described) -> str:
    return f"{re.sub(r'[^0-9A-Za-z]+', '-', told.title.rpartition(' ')[2]).strip('-') or 'document'}.json"


def _attach(writer: _Writer, told: Described, data: Mapping[str, Any]) -> int:
    """What the paper says, as data beside it; the number of its description."""
    content = json.dumps(data, ensure_ascii=False, indent=1).encode()
    params = f"/Params<</ModDate(D:{told.on:%Y%m%d}000000Z)/Size {len(content)}>>"
    file = writer.add(_stream(f"/Type/EmbeddedFile/Subtype/application#2Fjson{params}", content))
    name, what = _name(told), text_string(_("Ce que dit ce document, en données"))
    return writer.add(
        f"<</Type/Filespec/F({name})/UF{text_string(name)}/Desc{what}/AFRelationship/Data/EF<</F {file} 0 R/UF {file} 0 R>>>>".encode()
    )


def _xmp(told: Described) -> bytes:
    """The description of the file as archives and readers look for it; it names pdfuaid's schema, which PDF/A does not know."""
    title, subject, author = (escape(each.translate(_CONTROLS)) for each in (told.title, told.subject, told.author))
    at = f"{told.on:%Y-%m-%d}T00:00:00Z"
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{told.language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{_MAKER}</xmp:CreatorTool><xmp:CreateDate>{at}</xmp:CreateDate><xmp:ModifyDate>{at}</xmp:ModifyDate>
<pdf:Producer>{_MAKER}</pdf:Producer>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()
