"""Whether a PDF that a stranger sent is one to hand on, and how many pages it has. Loaded and run apart, as `pdfs` asks for it."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.generic import DictionaryObject, IndirectObject

_INFLATED = 8 * 2**20
_BOUNDS: dict[str, Any] = {
    "maximum_declared_stream_length": 32 * 2**20,
    "zlib_maximum_output_length": _INFLATED,
    "lzw_maximum_output_length": _INFLATED,
    "run_length_maximum_output_length": _INFLATED,
    "page_tree_maximum_entries": 2_000,
    "page_tree_maximum_page_entries": 2_000,
    "disable_legacy_handling": True,
}
_ACTIVE = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/EmbeddedFile", "/EmbeddedFiles", "/XFA"}
)
"""What does something, or brings something along, when a PDF is opened (ISO 32000-1, 7.11.4, 12.6.4, 13): a paper is only read."""
_MOST_OBJECTS = 200_000

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def pages_of(content: bytes) -> int | str:
    """How many pages it has; else the code of a refusal: `pdf.unreadable`, `pdf.locked`, `pdf.active`."""
    if not content.startswith(b"%PDF-"):
        return "pdf.unreadable"
    try:
        with apply_configuration(Configuration(**_BOUNDS)):
            reader = PdfReader(io.BytesIO(content), strict=False)
            if reader.is_encrypted:
                return "pdf.locked"
            return "pdf.active" if _is_active(reader) else len(reader.pages) or "pdf.unreadable"
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged PDF raises anything at all in the library
        return "pdf.unreadable"


def _is_active(reader: PdfReader) -> bool:
    """Whether any object that the file has, reached or not, is one that does something."""
    return any(_ACTIVE & _words(found) for found in _objects(reader))


def _words(found: DictionaryObject) -> set[str]:
    return {str(key) for key in found} | {str(found.raw_get(key)) for key in ("/S", "/Type", "/Subtype") if key in found}


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, those within others among them; what lies behind a reference is met by itself."""
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    waiting: list[Any] = [reader.trailer, *(IndirectObject(number, generation, reader).get_object() for number, generation in numbers)]
    seen = 0
    while waiting:
        found = waiting.pop()
        seen += 1
        if seen > _MOST_OBJECTS:
            raise ValueError("too many objects")
        if isinstance(found, DictionaryObject):
            yield found
            waiting += [each for each in map(found.raw_get, found) if not isinstance(each, IndirectObject)]
        elif isinstance(found, list):
            waiting += [each for each in found if not isinstance(each, IndirectObject)]
