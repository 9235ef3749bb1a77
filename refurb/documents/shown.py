"""A paper as a page shows it: its twin, its seal and where its drawn signatures are."""

from collections.abc import Callable
from typing import Any

from refurb.documents import qr
from refurb.documents.actions import check_address
from refurb.documents.content import Signatures, from_json
from refurb.documents.models import Paper
from refurb.documents.reading import may_be_read
from refurb.documents.signed_code import groups
from refurb.documents.texts import TEXT_NAMES
from refurb.documents.wording import printed_address, twin
from refurb.kernel.deeds.policy_versions import number_of
from refurb.kernel.speech.errors import NotFound


def drawings_of(paper: Paper) -> list[str]:
    """The SHA-256 sums of the signatures drawn on a paper."""
    if paper.forgotten_at is not None:
        return []
    blocks = [block for block in from_json(paper.content).blocks if isinstance(block, Signatures)]
    return [item.image_sha256 for block in blocks for item in block.items if item.image_sha256]


def drawing_of(paper: Paper, digest: str) -> str:
    """The sum, if it is that of a signature drawn on this paper; else `NotFound`."""
    if digest not in drawings_of(paper):
        raise NotFound
    return digest


def shown(paper: Paper, image_url: Callable[[str], str] | None = None) -> dict[str, Any]:
    """What `documents/_sheet.html` needs; `image_url` gives the address of a drawn signature by its SHA-256.

    Raises `PaperForgotten`, and what its room has against its being read.
    """
    may_be_read(paper)
    address = check_address(paper.code)
    return {
        "paper": paper,
        "text_name": TEXT_NAMES[paper.kind],
        "text_number": number_of(TEXT_NAMES[paper.kind], paper.wording),
        "twin": twin(from_json(paper.content)),
        "address": printed_address(address),
        "qr": qr.svg(address),
        "signed_qr": qr.svg(paper.signed_code) if paper.signed_code else None,
        "signed_code": groups(paper.signed_code or ""),
        "images": {digest: image_url(digest) for digest in drawings_of(paper)} if image_url else {},
    }
