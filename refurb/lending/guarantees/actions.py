"""Note what somebody shows or leaves, withdraw it, give it back."""

from collections.abc import Callable
from datetime import date
from typing import Final

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.lending.guarantees.models import Certificate, Deposit
from refurb.lending.guarantees.rules import AlreadyBack
from refurb.lending.guarantees.words import CertificateKind, DepositKind
from refurb.lending.models import Borrower
from refurb.lending.terms import loan_policy

followers: Final[list[Callable[[Actor], None]]] = []
"""Who looks again at what was refused once something was shown: the counter's pile of whoever noted it."""


def note_certificate(
    actor: Actor,
    borrower: Borrower,
    paper: bytes | None = None,
    *,
    kind: CertificateKind,
    valid_on: date,
    until_on: date | None = None,
    category: str | None = None,
    said: str | None = None,
    for_organisation: bool = False,
) -> Certificate:
    """Note what somebody showed, with its `paper` (`sent_paper`) where one was given.

    An insurance with `for_organisation` counts for whoever borrows for the same organisation.
    """
    check(actor, Permission.BORROWER_WRITE)
    lock(borrower)
    trained = kind is CertificateKind.TRAINING
    faults: dict[str, list[Fault]] = {}
    if trained and category not in loan_policy().categories:
        faults["category"] = [Fault("field.choice" if category else "field.required")]
    if not trained and until_on is None:
        faults["until_on"] = [Fault("field.required")]
    elif until_on is not None and until_on < valid_on:
        faults["until_on"] = [Fault("certificate.ends_first", day=valid_on)]
    if for_organisation and (trained or borrower.organisation_id is None):
        faults["for_organisation"] = [Fault("certificate.of_a_person" if trained else "certificate.no_organisation")]
    if faults:
        raise Invalid(faults)
    made = Certificate(
        kind=kind,
        borrower_id=None if for_organisation else borrower.id,
        organisation_id=borrower.organisation_id if for_organisation else None,
        category=category if trained else None,
        said=said or None,
        valid_on=valid_on,
        until_on=until_on,
        file=keep(paper) if paper else None,
        noted_at=now(),
        noted_by=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    record(borrower, "certificate_noted", actor, certificate=made.id, kind=kind, until_on=until_on, category=made.category)
    _look_again(actor)
    return made


def withdraw_certificate(actor: Actor, borrower: Borrower, found: Certificate) -> None:
    """It was noted by mistake, or counts no more. A second press changes nothing."""
    check(actor, Permission.BORROWER_WRITE)
    lock(found)
    if found.withdrawn_at is None:
        found.withdrawn_at = now()
        record(borrower, "certificate_withdrawn", actor, certificate=found.id, kind=found.kind)
        _look_again(actor)


def leave_deposit(
    actor: Actor, borrower: Borrower, *, kind: DepositKind, left_on: date, cents: int | None = None, regie: str | None = None
) -> Deposit:
    """Note what somebody leaves. Nobody has to: money is taken only by a régie that may hold it."""
    check(actor, Permission.LOAN_WRITE)
    lock(borrower)
    if kind is not DepositKind.EMPLOYER:
        told = {"cents": cents, "regie": regie}
        missing = {"amount" if name == "cents" else name: [Fault("field.required")] for name, value in told.items() if not value}
        if missing:
            raise Invalid(missing)
    made = Deposit(borrower_id=borrower.id, kind=kind, cents=cents or None, regie=regie or None, left_on=left_on, left_by=actor.id)
    db.session.add(made)
    db.session.flush()
    record(borrower, "deposit_left", actor, deposit=made.id, kind=kind, cents=made.cents)
    return made


def give_deposit_back(actor: Actor, found: Deposit, *, given_back_on: date) -> Deposit:
    """It is given back, on a day since it was left."""
    check(actor, Permission.LOAN_WRITE)
    lock(found)
    if found.given_back_on is not None:
        raise AlreadyBack(day=found.given_back_on)
    if not found.left_on <= given_back_on <= today():
        raise Invalid({"given_back_on": [Fault("deposit.back_day", first=found.left_on)]})
    found.given_back_on, found.given_back_by = given_back_on, actor.id
    record(found.borrower, "deposit_back", actor, deposit=found.id, kind=found.kind, cents=found.cents)
    db.session.flush()
    return found


def withdraw_deposit(actor: Actor, found: Deposit, *, reason: str) -> None:
    """It was noted by mistake: nothing was left, and no agreement speaks of it any more. A second press changes nothing."""
    check(actor, Permission.LOAN_WRITE)
    lock(found)
    if found.given_back_on is not None:
        raise AlreadyBack(day=found.given_back_on)
    if found.withdrawn_at is None:
        found.withdrawn_at = now()
        happened = record(found.borrower, "deposit_withdrawn", actor, deposit=found.id, kind=found.kind, cents=found.cents)
        write_beside(happened, {"reason": reason})
        db.session.flush()


def _look_again(actor: Actor) -> None:
    db.session.flush()
    for follow in followers:
        follow(actor)
