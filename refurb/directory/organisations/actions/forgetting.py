"""Forget the contacts who left an organisation, at their term; that somebody was there stays on record, without who."""

from collections.abc import Sequence

from sqlalchemy import update

from refurb.directory.durations import durations
from refurb.directory.models import Contact
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.terms import ERASED, Term, day_ago
from refurb.kernel.speech.words import _l

FORGOTTEN = ERASED


def erase_contacts(numbers: Sequence[int]) -> None:
    """Take the name and the addresses out of some contacts."""
    nobody = {"name": FORGOTTEN, "function": None, "email": None, "phone": None}
    db.session.execute(update(Contact).where(Contact.id.in_(numbers)).values(nobody))


forget_contacts = Term(
    key="directory.contacts",
    who=_l("Contact d'une structure, qui n'y est plus"),
    what=_l("nom, fonction, courriel, téléphone"),
    remains=_l("Qu'il y avait un contact, et jusqu'à quand"),
    lasts=lambda: durations().left,
    since=_l("son départ"),
    model=Contact,
    past=lambda: Contact.ended_on < day_ago(durations().left),
    rest=lambda: Contact.name != FORGOTTEN,
    forget=erase_contacts,
)
