"""Add organisations and contacts, make codes and lead them to what they name."""

from typing import Any

from sqlalchemy import select

from refurb.directory.models import Code, Contact, Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import kind_of, record
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import new_code
from refurb.kernel.speech.errors import Conflict, Refusal


class SirenTaken(Conflict):
    """An organisation with this SIREN exists already."""

    code = "organisation.siren_taken"


class RnaTaken(Conflict):
    """An organisation with this number of the RNA exists already."""

    code = "organisation.rna_taken"


class CodeTaken(Conflict):
    """The code is on something else already."""

    code = "code.taken"


class CodeUnknown(Refusal):
    """The code is well formed but was never printed here."""

    code = "code.unknown"
    status = 404


def add_organisation(actor: Actor, *, name: str, **facts: Any) -> Organisation:
    """Enter an organisation in the directory, under a reference of its own; our own and private persons have none."""
    check(actor, Permission.DIRECTORY_WRITE)
    refuse_taken(facts.get("siren"), facts.get("rna"))
    reference = None if facts.get("is_home") or facts.get("is_person") else next_reference("ST")
    organisation = Organisation(name=name, reference=reference, created_at=now(), search="", **facts)
    organisation.search = words_of_organisation(organisation)
    db.session.add(organisation)
    record(organisation, "entered", actor)
    return organisation


def words_of_organisation(organisation: Organisation) -> str:
    """What an organisation is found by."""
    return fold(organisation.name, organisation.place, organisation.siren, organisation.rna)[:600]


def refuse_taken(siren: str | None, rna: str | None, but: int | None = None) -> None:
    """Raise `SirenTaken` or `RnaTaken` where another organisation that stands bears the number."""
    for column, number, taken in ((Organisation.siren, siren, SirenTaken), (Organisation.rna, rna, RnaTaken)):
        query = select(Organisation).where(column == number, Organisation.merged_into_id.is_(None), Organisation.id != (but or 0))
        bearer = db.session.scalars(query.limit(1)).first() if number else None
        if bearer is not None:
            raise taken(number=number, name=bearer.name, reference=bearer.reference or "")


def note_siren(actor: Actor, organisation: Organisation, siren: str) -> None:
    """Note the SIREN of an organisation that was entered without it."""
    check(actor, Permission.DIRECTORY_WRITE)
    refuse_taken(siren, None, organisation.id)
    organisation.siren = siren
    organisation.search = words_of_organisation(organisation)
    record(organisation, "siren_noted", actor)


def add_contact(actor: Actor, organisation: Organisation, *, name: str, **facts: Any) -> Contact:
    """Enter somebody to write to; `facts` are `function`, `purpose`, `email` and `phone`, as far as they are known."""
    check(actor, Permission.DIRECTORY_WRITE)
    contact = Contact(organisation_id=organisation.id, name=name, **facts)
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
