"""Register a borrower, who gets a card with a code; correct what is written of one."""

from refurb.directory.actions import fresh_code, lead_to
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.telephones import phone_words, spell_phone
from refurb.lending.borrowers.queries import borrower_like, borrowers_of, borrowing_organisations
from refurb.lending.borrowers.rules import BorrowerKnown
from refurb.lending.models import Borrower


def register_borrower(
    actor: Actor,
    *,
    name: str,
    is_adult: bool,
    organisation_id: int | None = None,
    phone: str | None = None,
    email: str | None = None,
    anyway: bool = False,
) -> Borrower:
    """Enter somebody who borrows, with a card of their own.

    An adult only: a minor borrows through the legal guardian, who signs and answers for the thing (code civil, art. 1146 and 388-1-1).
    Somebody must be reachable, or nothing can be asked back. The same name with the same telephone or e-mail address is most often the
    same person, whose card was not found: refused with that card, unless it is said that there are two (`anyway`).
    """
    check(actor, Permission.BORROWER_WRITE)
    if not is_adult:
        raise Invalid({"is_adult": [Fault("borrower.minor")]})
    _check_reachable(phone, email)
    organisation = _organisation(organisation_id)
    known = None if anyway else borrower_like(name, phone, email)
    if known is not None:
        raise BorrowerKnown(name=known.name, code=spell(known.code))
    code = fresh_code()
    borrower = Borrower(code=code.code, name=name, created_at=now())
    _write(borrower, organisation, phone, email)
    db.session.add(borrower)
    record(borrower, "registered", actor)
    lead_to(code, borrower)
    return borrower


def correct_borrower(
    actor: Actor,
    borrower: Borrower,
    *,
    name: str,
    organisation_id: int | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> None:
    """Write anew who somebody is and how to reach them. Agreements in force keep what they said.

    The history says which of it changed; what it was and what it is stands beside, where it can be erased.
    """
    check(actor, Permission.BORROWER_WRITE)
    lock(borrower)
    _check_reachable(phone, email)
    before = _told(borrower)
    borrower.name = name
    _write(borrower, _organisation(organisation_id, borrower.organisation_id), phone, email)
    db.session.flush()
    db.session.refresh(borrower)
    changed = {field: (before[field], new) for field, new in _told(borrower).items() if new != before[field]}
    if changed:
        happened = record(borrower, "corrected", actor, fields=sorted(changed))
        write_beside(happened, {field: f"{old or '–'} → {new or '–'}" for field, (old, new) in changed.items()})


def _check_reachable(phone: str | None, email: str | None) -> None:
    if not phone and not email:
        raise Invalid({"phone": [Fault("borrower.unreachable")]})


def _organisation(organisation_id: int | None, kept: int | None = None) -> Organisation | None:
    """The organisation that somebody borrows for, among those that may; the one that was chosen before may stay."""
    if organisation_id is None:
        return None
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or (organisation_id != kept and organisation not in borrowing_organisations()):
        raise Invalid({"organisation_id": [Fault("field.choice")]})
    organisation.is_borrower = True
    return organisation


def _write(borrower: Borrower, organisation: Organisation | None, phone: str | None, email: str | None) -> None:
    borrower.organisation_id = organisation.id if organisation else None
    borrower.phone, borrower.email = phone or None, email or None
    borrower.forgotten_at = None  # Whoever comes back after the term is known again.
    borrower.search = _words(borrower, organisation)


def _words(borrower: Borrower, organisation: Organisation | None) -> str:
    name = organisation.name if organisation else None
    return fold(borrower.name, name, borrower.code, phone_words(borrower.phone), borrower.email)[:400]


def write_borrowers_anew(organisation: Organisation) -> None:
    """Those who borrow for an organisation are found by the name that it bears now."""
    for each in borrowers_of(organisation):
        each.search = _words(each, organisation)


def _told(borrower: Borrower) -> dict[str, str | None]:
    return {
        "name": borrower.name,
        "organisation": borrower.organisation.name if borrower.organisation else None,
        "phone": spell_phone(borrower.phone),
        "email": borrower.email,
    }
