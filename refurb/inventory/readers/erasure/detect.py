"""Which eraser wrote a file, from its content alone, and the one reader that fits."""

from refurb.inventory.readers import json_text, lshw, nwipe, smartctl
from refurb.inventory.readers.detect import guarded, is_json, other_json, other_text
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import ErasureReportFacts
from refurb.inventory.readers.text import decode


def read_erasure(data: bytes, filename: str | None = None) -> ErasureReportFacts:
    """The facts in an erasure report.

    `filename` is what the upload was called; the content decides. Raises Unreadable and nothing else.
    """
    del filename
    return guarded(_erasure, decode(data))


def _erasure(text: str) -> ErasureReportFacts:
    if not is_json(text) and nwipe.is_nwipe(text):
        return nwipe.read(text)
    if not is_json(text):
        raise other_text(text)
    documents = json_text.documents(text)
    for tool, fits in (("lshw", lshw.is_lshw), ("smartctl", smartctl.is_smartctl)):
        if documents and all(map(fits, documents)):
            raise Unreadable("report.other_tool", tool=tool)
    raise other_json(documents)
