"""Which eraser wrote a file, from its content alone, and the one reader that fits."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from refurb.inventory.readers import json_text, lshw, nwipe, smartctl, yaml_text
from refurb.inventory.readers.detect import guarded, is_json, other_json, other_text
from refurb.inventory.readers.erasure import blancco, certificate, ereuse, hdparm, nvme, usody
from refurb.inventory.readers.erasure.reserves import with_reserves
from refurb.inventory.readers.erasure.told_apart import told_apart
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import ErasureReportFacts
from refurb.inventory.readers.text import decode

_PDF_HEAD = 1024
# What a person noted above JSON, behind hash signs.
_REMARKS = re.compile(r"(?:\s{0,9}#[^\n]*\n){1,99}")


def is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF, whatever it is called."""
    return b"%PDF-" in data[:_PDF_HEAD]


def read_erasure(data: bytes, filename: str | None = None) -> ErasureReportFacts:
    """The facts in an erasure report, with what is missing or cannot be beside them.

    `filename` is what the upload was called; the content decides. Raises Unreadable and nothing else.
    """
    del filename
    report = certificate.read(data) if is_pdf(data) else guarded(_erasure, decode(data))
    now = datetime.now(UTC)
    return replace(report, erasures=tuple(with_reserves(each, now) for each in told_apart(report.erasures)))


def _erasure(text: str) -> ErasureReportFacts:
    remarks = _REMARKS.match(text)
    body = text[remarks.end() :] if remarks else text
    if not is_json(body):
        return _plain(text)
    documents = _documents(body)
    if documents is None:
        return nvme.read(text)
    if documents and all(map(usody.is_usody, documents)):
        return usody.read(documents)
    if len(documents) == 1 and ereuse.is_snapshot(documents[0]):
        return ereuse.read(documents[0])
    if any(map(nvme.is_nvme_json, documents)):
        return nvme.read(text)
    for tool, fits in (("lshw", lshw.is_lshw), ("smartctl", smartctl.is_smartctl)):
        if documents and all(map(fits, documents)):
            raise Unreadable("report.other_tool", tool=tool)
    raise other_json(documents)


def _documents(body: str) -> list[Any] | None:
    """The JSON documents; None for those of nvme-cli with commands or text between them, which are no JSON as a whole."""
    try:
        return json_text.documents(body)
    except Unreadable:
        if nvme.is_nvme(body):
            return None
        raise


def _plain(text: str) -> ErasureReportFacts:
    if blancco.is_blancco(text):
        return blancco.read(text)
    for fits, read in ((nwipe.is_nwipe, nwipe.read), (hdparm.is_hdparm, hdparm.read), (nvme.is_nvme, nvme.read)):
        if fits(text):
            return read(text)
    if ereuse.is_yaml_snapshot(text):
        document = yaml_text.document(text)
        if ereuse.is_snapshot(document):
            return ereuse.read(document)
    raise other_text(text)
