"""Looking up the papers we issued."""

from typing import Any

from sqlalchemy import select

from refurb.documents.models import Paper
from refurb.kernel.database import db
from refurb.kernel.history import kind_of


def papers_about(subject: Any) -> list[Paper]:
    """The papers about a subject, newest first."""
    query = (
        select(Paper)
        .where(Paper.subject_kind == kind_of(subject), Paper.subject_id == subject.id)
        .order_by(Paper.issued_at.desc(), Paper.id.desc())
    )
    return list(db.session.scalars(query))
