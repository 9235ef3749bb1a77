"""What a paper says, as data for machines, attached to its PDF: every word of it is printed, and nothing else is in it."""

from typing import Any

from refurb.documents.content import Block, Claim, Content, Facts, Heading, Paragraph, Sides, Signatures, Table, Translation
from refurb.documents.wording import follows_heading

FORMAT = 1
"""Of the attached data: raised when a field changes its meaning."""


def payload(content: Content, *, status: str, address: str, digest: str) -> dict[str, Any]:
    """The words of the frozen text without what only the layout needs; `status`, `address` and `digest` as `page.render` prints them.

    Neither the sum of a drawing nor a caption that a heading stands for is in it, since neither is printed. What is empty is left out.
    """
    issuer = content.issuer
    blocks = [_block(block, captioned=not follows_heading(content.blocks, at)) for at, block in enumerate(content.blocks)]
    told = {
        "format": FORMAT,
        "language": content.language,
        "title": content.title,
        "reference": content.reference,
        "issued_on": content.issued_on.isoformat(),
        "place": issuer.place,
        "issuer": _filled({"name": issuer.name, "address": issuer.address, "siret": issuer.siret, "contact": issuer.contact}),
        "status": status,
        "lead": content.lead,
        "blocks": blocks,
        "verify": address,
        "sha256": digest,
    }
    return _filled(told)


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", ())}


def _block(block: Block, *, captioned: bool) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    match block:
        case Paragraph(text) | Heading(text) | Claim(text):
            return {"type": kind, "text": text}
        case Facts(items):
            return {"type": kind, "items": [list(item) for item in items]}
        case Sides(left, right, title):
            lists = [_filled({"title": each.title, "items": [list(item) for item in each.items]}) for each in (left, right)]
            return _filled({"type": kind, "title": title, "lists": lists})
        case Table(caption, columns, rows, total):
            said: dict[str, Any] = {"type": kind, "caption": caption if captioned else "", "columns": [each.label for each in columns]}
            return _filled(said | {"rows": [list(row) for row in rows], "total": total and list(total)})
        case Translation(language, title, lines, note):
            return _filled({"type": kind, "language": language, "title": title, "lines": list(lines), "note": note})
        case Signatures(items):
            signers = [{"label": each.label, "name": each.name, "when": each.when, "note": each.note} for each in items]
            return {"type": kind, "items": [_filled(each) for each in signers]}
