"""Who is reached in an organisation: corrected, and ended when they are no longer there."""

from typing import Any

from refurb.directory.actions import add_contact
from refurb.directory.models import Contact, Organisation
from refurb.directory.organisations.actions.organisations import refuse_merged
from refurb.directory.words import Purpose
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import today

_WRITTEN = ("name", "function", "purpose", "email", "phone")


def name_contact(actor: Actor, organisation: Organisation, *, name: str, purpose: Purpose, **facts: Any) -> Contact:
    """Enter somebody to write to, and for what."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(organisation)
    refuse_merged(organisation)
    made = add_contact(actor, organisation, name=name, purpose=purpose, **{field: value or None for field, value in facts.items()})
    record(organisation, "contact_added", actor, contact=made.id, purpose=purpose)
    return made


def correct_contact(actor: Actor, contact: Contact, **facts: Any) -> None:
    """Write anew who somebody is and how they are reached; the history says which of it changed, and no name."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(contact.organisation)
    lock(contact)
    changed = sorted(name for name in _WRITTEN if (getattr(contact, name) or None) != (facts[name] or None))
    for name in changed:
        setattr(contact, name, facts[name] or None)
    if changed:
        record(contact.organisation, "contact_corrected", actor, contact=contact.id, fields=changed)


def end_contact(actor: Actor, contact: Contact) -> None:
    """Somebody is no longer there: nothing new is written to them, and they are forgotten at their term."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(contact.organisation)
    lock(contact)
    if contact.ended_on is None:
        contact.ended_on = today()
        record(contact.organisation, "contact_ended", actor, contact=contact.id)
