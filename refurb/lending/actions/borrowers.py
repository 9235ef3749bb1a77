"""Register a borrower, who gets a card with a code."""

from refurb.directory.actions import fresh_code, lead_to
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import record
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.kernel.speech.telephones import phone_words
from refurb.lending.models import Borrower


def register_borrower(
    actor: Actor,
    *,
    name: str,
    is_adult: bool,
    organisation_id: int | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> Borrower:
    """Enter somebody who borrows, with a card of their own.

    An adult only: a minor borrows through the legal guardian, who signs and answers for the thing (code civil, art. 1146 and 388-1-1).
    Somebody must be reachable, or nothing can be asked back.
    """
    check(actor, Permission.BORROWER_WRITE)
    if not is_adult:
        raise Invalid({"is_adult": [Fault("borrower.minor")]})
    if not phone and not email:
        raise Invalid({"phone": [Fault("borrower.unreachable")]})
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation_id and organisation is None:
        raise NotFound
    if organisation is not None:
        organisation.is_borrower = True
    code = fresh_code()
    borrower = Borrower(
        code=code.code,
        name=name,
        organisation_id=organisation_id,
        phone=phone or None,
        email=email or None,
        created_at=now(),
        search=fold(name, organisation.name if organisation else None, code.code, phone_words(phone), email)[:400],
    )
    db.session.add(borrower)
    record(borrower, "registered", actor)
    lead_to(code, borrower)
    return borrower
