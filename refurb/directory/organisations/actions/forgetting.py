"""Forget the contacts who left an organisation, at their term; that somebody was there stays on record, without who."""

from datetime import timedelta

from sqlalchemy import select

from refurb.directory.models import Contact
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.forgetting import forgets
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l

KEPT_AFTER = timedelta(days=365)
FORGOTTEN = "–"


@forgets(_l("Contact d'une structure, qui n'y est plus"), _l("nom, fonction, courriel, téléphone"), KEPT_AFTER)
def forget_contacts() -> int:
    """Take the name and the addresses out of contacts that ended longer ago than their term; how many."""
    over = select(Contact).where(Contact.ended_on < today() - KEPT_AFTER, Contact.name != FORGOTTEN)
    found = list(db.session.scalars(over))
    for each in found:
        each.name, each.function, each.email, each.phone = FORGOTTEN, None, None, None
    return len(found)
