"""Certificates and deposits on the JSON door."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.personal import names_closed, need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed
from refurb.kernel.web.facts import NoFacts, Reason
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.guarantees.actions import give_deposit_back, leave_deposit, note_certificate, withdraw_certificate, withdraw_deposit
from refurb.lending.guarantees.models import Certificate, Deposit
from refurb.lending.guarantees.queries import certificate_of, certificates_of, deposit_of, deposits_here, deposits_of
from refurb.lending.guarantees.schemas import CertificateTold, DepositBack, DepositTold
from refurb.lending.models import Borrower

P = Permission

api = api_blueprint("guarantees", "What borrowers show before things go out, or leave: insurances, trainings, deposits.")


def _certificate(found: Certificate) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind.value,
        "category": found.category,
        "said": None if names_closed() else found.said,
        "valid_on": plain(found.valid_on),
        "until_on": plain(found.until_on),
        "for_organisation": found.organisation_id is not None,
        "has_file": found.file is not None,
    }


def _deposit(found: Deposit) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind.value,
        "cents": found.cents,
        "regie": found.regie,
        "left_on": plain(found.left_on),
        "given_back_on": plain(found.given_back_on),
    }


def _all(borrower: Borrower) -> dict[str, Any]:
    return {
        "borrower": borrower.code,
        "certificates": [_certificate(each) for each in certificates_of(borrower)],
        "deposits": [_deposit(each) for each in deposits_of(borrower)],
    }


@reads(api, "/borrowers/<code>/guarantees", P.BORROWER_READ)
def show_guarantees(actor: Actor, code: str) -> Any:
    """What somebody showed, or the organisation for which she borrows, and what she left and is still with us.

    `said`, by whom, is null for whoever has no second factor.
    """
    return _all(borrower_by_code(actor, code))


@writes(api, "/borrowers/<code>/certificates", P.BORROWER_WRITE, takes=CertificateTold, done=201, refused=(422,))
def create_certificate(actor: Actor, code: str) -> Any:
    """Note an insurance or a word of honour (with its end), or a training for a category."""
    need_names()
    facts = load(CertificateTold, json_body())
    borrower = borrower_by_code(actor, code)
    with unit_of_work():
        return answer(_certificate(note_certificate(actor, borrower, **facts)), 201)


@writes(api, "/borrowers/<code>/certificates/<int:number>/withdraw", P.BORROWER_WRITE, refused=())
def withdraw_a_certificate(actor: Actor, code: str, number: int) -> Any:
    """It counts no more; what was lent under it stays lent."""
    need_names()
    load(NoFacts, json_body())
    borrower, found = borrower_by_code(actor, code), certificate_of(actor, code, number)
    with unit_of_work():
        withdraw_certificate(actor, borrower, found)
        return answer(_all(borrower))


@writes(api, "/borrowers/<code>/deposits", P.LOAN_WRITE, takes=DepositTold, done=201, refused=(422,))
def create_deposit(actor: Actor, code: str) -> Any:
    """Note what somebody leaves, though nobody asks for it: money has an `amount` in euros and a `regie` that may hold it."""
    need_names()
    facts = load(DepositTold, json_body())
    borrower = borrower_by_code(actor, code)
    with unit_of_work():
        return answer(_deposit(leave_deposit(actor, borrower, **facts)), 201)


@writes(api, "/borrowers/<code>/deposits/<int:number>/give_back", P.LOAN_WRITE, takes=DepositBack, refused=(409, 422))
def give_a_deposit_back(actor: Actor, code: str, number: int) -> Any:
    """It is given back, on a day since it was left."""
    need_names()
    facts = load(DepositBack, json_body())
    found = deposit_of(actor, code, number)
    with unit_of_work():
        return answer(_deposit(give_deposit_back(actor, found, **facts)))


@writes(api, "/borrowers/<code>/deposits/<int:number>/withdraw", P.LOAN_WRITE, takes=Reason, refused=(409, 422))
def withdraw_a_deposit(actor: Actor, code: str, number: int) -> Any:
    """It was noted by mistake, `reason` says how: nothing was left, and nothing is given back."""
    need_names()
    facts = load(Reason, json_body())
    found = deposit_of(actor, code, number)
    with unit_of_work():
        withdraw_deposit(actor, found, **facts)
        return answer(_all(found.borrower))


@reads(api, "/deposits", P.BORROWER_READ)
def list_deposits(_actor: Actor) -> Any:
    """What anybody left and is still with us, the oldest first, each with the `borrower`."""
    found = deposits_here().page(page_number())
    return listed(found, [_deposit(each) | {"borrower": each.borrower.code} for each in found.rows])
