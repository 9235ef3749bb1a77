"""The JSON door of papers."""

from typing import Any

from flask import url_for

from refurb.documents.models import Paper
from refurb.documents.queries import find_paper
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.web.api import api_blueprint
from refurb.kernel.web.guards import requires

api = api_blueprint("papers", "Papers we issued: numbered, frozen, replaced but never changed.")


def paper_json(paper: Paper) -> dict[str, Any]:
    """A paper as JSON: no content, but the sums by which it is checked."""
    return {
        "reference": paper.reference,
        "kind": paper.kind.value,
        "title": paper.title,
        "status": paper.status.value,
        "issued_on": paper.issued_on.isoformat(),
        "issued_at": paper.issued_at.isoformat(),
        "subject": {"kind": paper.subject_kind, "id": paper.subject_id},
        "replaces": paper.replaces.reference if paper.replaces else None,
        "replaces_for": paper.replaces_for.value if paper.replaces_for else None,
        "replaced_by": paper.successor.reference if paper.successor else None,
        "content_sha256": paper.content_digest,
        "file_sha256": paper.file,
        "file_size": paper.size,
        "url": url_for("documents.paper", reference=paper.reference),
        "pdf_url": url_for("documents.pdf", reference=paper.reference),
        "check_url": url_for("documents.check", code=paper.code),
    }


@api.get("/papers/<reference>")
@api.response(200)
@requires(Permission.PAPER_READ)
def paper(actor: Actor, reference: str) -> Any:
    """One paper, by its number.

    Needs paper:read; a paper that bears a name also needs the permission to see the person.
    """
    return paper_json(find_paper(actor, reference))
