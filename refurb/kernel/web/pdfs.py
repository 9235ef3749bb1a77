"""PDFs that people send: read with care, refused when they do something, kept as they were sent, handed out to be opened elsewhere.

Where a picture of the paper does as well, it is redrawn (`pictures`) and kept as that.
"""

from dataclasses import dataclass

from flask import Response, request

from refurb.kernel.deeds.apart import TooMuchWork, apart
from refurb.kernel.deeds.files import fetch
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.pages import disposition
from refurb.kernel.web.pictures import clean_picture
from refurb.kernel.web.redrawn import PictureRefused

MOST_BYTES = 10 * 2**20


@dataclass(frozen=True)
class ReadPdf:
    """A PDF that can be handed on, and how many pages it has."""

    content: bytes
    pages: int


def read_pdf(content: bytes, name: str = "file") -> ReadPdf:
    """Read a stranger's PDF, apart, before any unit of work.

    Raises `Invalid`, at the field `name`, for what is too big, locked, damaged, or does something: `pdf.too_big`, `pdf.locked`,
    `pdf.unreadable`, `pdf.active`.
    """
    if len(content) > MOST_BYTES:
        raise Invalid({name: [Fault("pdf.too_big", mebibytes=MOST_BYTES // 2**20)]})
    try:
        found = apart("refurb.kernel.web.pdf_pages:pages_of", content)
    except TooMuchWork:
        found = "pdf.unreadable"
    if isinstance(found, str):
        raise Invalid({name: [Fault(found)]})
    return ReadPdf(content, found)


def sent_pdf(name: str = "file") -> ReadPdf | None:
    """The PDF that a form sent in its field `name`, if any; raises as `read_pdf` does."""
    sent = request.files.get(name)
    return read_pdf(sent.read(), name) if sent is not None and sent.filename else None


_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
"""How JPEG, PNG and WebP begin; what telephones write as HEIC has its mark at the fifth byte."""


def sent_paper(name: str = "file") -> bytes | None:
    """The paper that a form sent in its field `name`, if any, as a PDF or as a picture of it, as it is kept; read before any unit of work.

    Raises `Invalid` at that field: as `read_pdf` does, and for a picture what `clean_picture` refuses.
    """
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    content = sent.read()
    if not content.startswith(_PICTURES) and content[4:8] != b"ftyp":
        return read_pdf(content, name).content
    try:
        return clean_picture(content)
    except PictureRefused as refusal:
        raise Invalid({name: [Fault(refusal.code, **refusal.facts)]}) from refusal


def paper_response(digest: str, name: str) -> Response:
    """Answer with a kept paper, PDF or picture, to be saved as `name` with the ending of its kind. The view has seen who may have it."""
    response = pdf_response(digest, f"{name}.pdf")
    if response.get_data().startswith(_PICTURES):
        response.content_type = "image/jpeg"
        response.headers["Content-Disposition"] = disposition(f"{name}.jpg")
    return response


def pdf_response(digest: str, name: str, *, cached: str = "private, no-store") -> Response:
    """Answer with a kept PDF to be saved as `name`: a browser shows none of what it holds as ours. The view has seen who may have it."""
    response = Response(fetch(digest), content_type="application/pdf")
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Cache-Control"] = cached
    return response
