"""Add organisations and contacts, make codes and lead them to what they name."""

from typing import Any

from sqlalchemy import select

from refurb.directory.models import Code, Contact, Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import kind_of, record
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import new_code
from refurb.kernel.speech.errors import Conflict, Refusal


class SirenTaken(Conflict):
    """An organisation with this SIREN exists already."""

    code = "organisation.siren_taken"


class CodeTaken(Conflict):
    """The code is on something else already."""

    code = "code.taken"


class CodeUnknown(Refusal):
    """The code is well formed but was never printed here."""

    code = "code.unknown"
    status = 404


def add_organisation(actor: Actor, *, name: str, **facts: Any) -> Organisation:
    """Enter an organisation in the directory."""
    check(actor, Permission.DIRECTORY_WRITE)
    siren = facts.get("siren")
    if siren and db.session.scalar(select(Organisation.id).where(Organisation.siren == siren)):
        raise SirenTaken(siren=siren)
    organisation = Organisation(name=name, created_at=now(), search=fold(name, facts.get("place"), siren), **facts)
    db.session.add(organisation)
    record(organisation, "entered", actor)
    return organisation


def note_siren(actor: Actor, organisation: Organisation, siren: str) -> None:
    """Note the SIREN of an organisation that was entered without it."""
    check(actor, Permission.DIRECTORY_WRITE)
    if db.session.scalar(select(Organisation.id).where(Organisation.siren == siren)):
        raise SirenTaken(siren=siren)
    organisation.siren = siren
    organisation.search = fold(organisation.name, organisation.place, siren)
    record(organisation, "siren_noted", actor)


def add_contact(actor: Actor, organisation: Organisation, *, name: str, email: str | None = None, phone: str | None = None) -> Contact:
    """Enter somebody to write to."""
    check(actor, Permission.DIRECTORY_WRITE)
    contact = Contact(organisation_id=organisation.id, name=name, email=email, phone=phone)
    db.session.add(contact)
    record(contact, "entered", actor)
    return contact


def fresh_code() -> Code:
    """A new code, for a subject that is about to exist; point it with `lead_to`."""
    code = Code(code=new_code())
    db.session.add(code)
    db.session.flush()
    return code


def fresh_codes(count: int) -> list[Code]:
    """As many new codes, in one statement."""
    codes = [Code(code=each) for each in {new_code() for _ in range(count)}]
    while len(codes) < count:  # Two alike among a thousand come once in seventeen million batches.
        codes.append(Code(code=new_code()))
    db.session.add_all(codes)
    db.session.flush()
    return codes


def lead_to(code: Code, subject: Any, *, instead_of: Any = None) -> None:
    """Point a code at a subject; only an unclaimed code, or the one of the subject it replaces, can be pointed."""
    now_at = (code.subject_kind, code.subject_id)
    allowed = (None, None) if instead_of is None else (kind_of(instead_of), instead_of.id)
    if now_at != allowed:
        raise CodeTaken(code=code.code)
    code.subject_kind, code.subject_id = kind_of(subject), subject.id
