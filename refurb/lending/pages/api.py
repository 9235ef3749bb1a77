"""Items, loans and borrowers on the JSON door: the same actions, the same schemas and the same refusals as the pages."""

from typing import Any

from flask import request, url_for

from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.schemas import ToSite
from refurb.documents.schemas import SignatureTold
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body, listed_rows
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.facts import NoFacts, Reason
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.lending.borrowers.actions import correct_borrower, register_borrower
from refurb.lending.borrowers.queries import borrower_by_code, borrowers
from refurb.lending.borrowers.schemas import BorrowerFacts, NewBorrower
from refurb.lending.debts.actions import owe_again, settle_debt
from refurb.lending.debts.queries import debt_of
from refurb.lending.debts.schemas import Settled
from refurb.lending.items.actions import add_item, bring_home, correct_item, move_item
from refurb.lending.items.queries import item_by_code, items, line_by_id
from refurb.lending.items.rules import NotOut
from refurb.lending.items.schemas import NewItem, ReturnTold
from refurb.lending.loans.actions import Departure, lend, take_back, undo_return
from refurb.lending.loans.queries import Which, lines, loan_by_reference
from refurb.lending.loans.rules import NoBorrower
from refurb.lending.loans.schemas import LoanTold
from refurb.lending.loans.signing import send_to_sign, sign_loan
from refurb.lending.pages import borrowers as borrower_pages
from refurb.lending.pages import items as item_pages
from refurb.lending.pages import loans as loan_pages
from refurb.lending.queries import line_out
from refurb.lending.terms import loan_policy
from refurb.lending.words import ItemState

P = Permission

api = api_blueprint("lending", "What is lent: items and their components, borrowers, loans that go out and come back.")


@reads(api, "/items", P.LOAN_READ)
def list_items(_actor: Actor) -> Any:
    """What is lent, by product and name; `q` searches, `state` and `site` filter."""
    asked = request.args.get("state", "")
    state = ItemState(asked) if asked in set(ItemState) else None
    return listed_rows(items(request.args.get("q", "")[:100], state, None, page_number(), site_id=site_asked()))


@writes(api, "/items", P.ITEM_WRITE, takes=NewItem, done=201, refused=(422,))
def create_item(actor: Actor) -> Any:
    """Enter one thing to lend, with its components. A device of the stock joins with its own move, `join_pool`."""
    facts = load(NewItem, json_body())
    with unit_of_work():
        item = add_item(actor, **facts)
        return answer(item_pages.dump(item, actor), 201, location=url_for(".show_item", code=item.code))


@writes(api, "/items/<code>/site", P.ITEM_WRITE, method="PUT", takes=ToSite)
def place_item(actor: Actor, code: str) -> Any:
    """Say at which of our places a thing is: `site_id`, as `/sites` lists them; one that is out comes back first."""
    found = item_by_code(actor, code)
    with unit_of_work():
        move_item(actor, found, **load(ToSite, json_body()))
        return answer(item_pages.dump(found, actor))


@reads(api, "/items/<code>", P.LOAN_READ, P.DEVICE_READ)
def show_item(actor: Actor, code: str) -> Any:
    """One item and its components."""
    return item_pages.dump(item_by_code(actor, code), actor)


@writes(api, "/items/<code>", P.ITEM_WRITE, method="PUT", takes=NewItem, refused=(422,))
def change_item(actor: Actor, code: str) -> Any:
    """Correct what a thing is called, its product and all that is counted with it; what is out comes back counted as it left."""
    facts = load(NewItem, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        correct_item(actor, item, **facts)
        return answer(item_pages.dump(item, actor))


@writes(api, "/items/<code>/return", P.LOAN_WRITE, takes=ReturnTold)
def return_item(actor: Actor, code: str) -> Any:
    """Take an item back, every count of its line told by id; answers with the loan, closed when this was its last line.

    With `site_id`, where it was given back: at another place than its own it waits there, and nobody gets it before `bring_home`.
    `photos` are pictures in base64 of what came back broken, by the id of its count.
    """
    facts = load(ReturnTold, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        line = line_out(item)
        if line is None:
            raise NotOut(name=item.name)
        told = {name: facts[name] for name in ("back_on", "at_once", "site_id")}
        photos = {each["component"]: each["photo"] for each in facts["photos"]}
        take_back(actor, line, facts["counts"], facts["note"], photos=photos, **told)
        return answer(loan_pages.dump(line.loan, actor))


@writes(api, "/items/<code>/bring_home", P.LOAN_WRITE)
def bring_item_home(actor: Actor, code: str) -> Any:
    """What was given back at another place (`stands_at`) is at its own again."""
    load(NoFacts, json_body())
    item = item_by_code(actor, code)
    with unit_of_work():
        return answer(item_pages.dump(bring_home(actor, item), actor))


@reads(api, "/loans", P.LOAN_READ)
def list_loans(actor: Actor) -> Any:
    """Lines of loans: `state` is out (by default), late, back, unsigned, said_back or recalled; `q` searches, `site` filters."""
    named = {"late": Which.LATE, "back": Which.BACK, "unsigned": Which.UNSIGNED, "said_back": Which.SAID_BACK, "recalled": Which.RECALLED}
    which = named.get(request.args.get("state", ""), Which.OUT)
    return listed_rows(lines(actor, which, request.args.get("q", "")[:100], page_number(), site_id=site_asked()))


@writes(api, "/loans", P.LOAN_WRITE, takes=LoanTold, done=201, refused=(409, 422))
def create_loan(actor: Actor) -> Any:
    """Lend: the borrower's code, and for each item its code, its day of return and the count of every component.

    Signed on the screen, the agreement is issued at once; `signed_for` says under which borrower, items and days the signature was drawn,
    and a difference voids it; without it a signature is refused.
    A thing that somebody else's reservation needs is refused (`claim.newly_short`) unless `override` says why it leaves all the same.
    Whoever's loans are suspended gets nothing (`borrower.suspended`) unless `despite_suspension` says why, where the policy allows that.
    With `on_paper` the loan waits for its signature (`POST /loans/REFERENCE/sign`).
    """
    facts = load(LoanTold, json_body())
    told = facts["lines"][: loan_policy().most_items + 1]  # One more than may leave is refused: the rest is not looked up.
    with unit_of_work():
        if not facts["borrower"]:
            raise NoBorrower
        loan = lend(
            actor,
            borrower_by_code(actor, facts["borrower"]),
            [Departure(item_by_code(actor, line["item"]), line["counts"], line["due_on"]) for line in told],
            signature=facts["signature"],
            on_paper=facts["on_paper"],
            counted_at_once=facts["counted_at_once"],
            signed_for=facts["signed_for"],
            override=facts["override"],
            despite_suspension=facts["despite_suspension"],
        )
        return answer(loan_pages.dump(loan, actor), 201, location=url_for(".show_loan", reference=loan.reference))


@reads(api, "/loans/<reference>", P.LOAN_READ)
def show_loan(actor: Actor, reference: str) -> Any:
    """One loan with its lines, and what was counted at both ends."""
    return loan_pages.dump(loan_by_reference(actor, reference), actor)


@writes(api, "/loans/<reference>/lines/<int:number>/undo_return", P.LOAN_WRITE, takes=Reason)
def undo_a_return(actor: Actor, reference: str, number: int) -> Any:
    """A return was a mistake: the line is out again. Refused once the thing has left again, was lost or put away."""
    facts = load(Reason, json_body())
    line = line_by_id(actor, reference, number)
    with unit_of_work():
        undo_return(actor, line, **facts)
        return answer(loan_pages.dump(line.loan, actor))


@writes(api, "/loans/<reference>/sign", P.LOAN_WRITE, takes=SignatureTold, refused=(409, 422))
def sign_a_loan(actor: Actor, reference: str) -> Any:
    """The agreement of a loan that waited is signed: drawn on the screen, or on a copy that the caller has seen. Issues its paper."""
    facts = load(SignatureTold, json_body())
    loan = loan_by_reference(actor, reference)
    with unit_of_work():
        return answer(loan_pages.dump(sign_loan(actor, loan, **facts), actor))


@writes(api, "/loans/<reference>/send_to_sign", P.LOAN_WRITE)
def send_a_loan_to_sign(actor: Actor, reference: str) -> Any:
    """Send its borrower the link under which the agreement is read and accepted; a text that the loan has outgrown is prepared anew."""
    load(NoFacts, json_body())
    loan = loan_by_reference(actor, reference)
    with unit_of_work():
        send_to_sign(actor, loan)
        return answer(loan_pages.dump(loan, actor))


@reads(api, "/borrowers", P.BORROWER_READ)
def list_borrowers(actor: Actor) -> Any:
    """Borrowers by name, with how many things are out and how many late; `q` searches."""
    return listed_rows(borrowers(actor, request.args.get("q", "")[:100], page_number()))


@writes(api, "/borrowers", P.BORROWER_WRITE, takes=NewBorrower, done=201, refused=(422,))
def create_borrower(actor: Actor) -> Any:
    """Enter an adult who borrows."""
    facts = load(NewBorrower, json_body())
    with unit_of_work():
        borrower = register_borrower(actor, **facts)
        return answer(borrower_pages.dump(borrower, actor), 201, location=url_for(".show_borrower", code=borrower.code))


@writes(api, "/borrowers/<code>", P.BORROWER_WRITE, method="PUT", takes=BorrowerFacts, refused=(422,))
def change_borrower(actor: Actor, code: str) -> Any:
    """Correct who somebody is and how to reach them; agreements in force keep what they said."""
    facts = load(BorrowerFacts, json_body())
    borrower = borrower_by_code(actor, code)
    with unit_of_work():
        correct_borrower(actor, borrower, **facts)
        return answer(borrower_pages.dump(borrower, actor))


@writes(api, "/borrowers/<code>/debts/<int:number>/settle", P.LOAN_WRITE, takes=Settled)
def settle_a_debt(actor: Actor, code: str, number: int) -> Any:
    """What somebody owes is settled: brought back, paid, or let go."""
    facts = load(Settled, json_body())
    debt = debt_of(actor, code, number)
    with unit_of_work():
        settle_debt(actor, debt, **facts)
        return answer(borrower_pages.dump(debt.borrower, actor))


@writes(api, "/borrowers/<code>/debts/<int:number>/owe-again", P.LOAN_WRITE)
def owe_a_debt_again(actor: Actor, code: str, number: int) -> Any:
    """What was said to be settled was not."""
    debt = debt_of(actor, code, number)
    with unit_of_work():
        owe_again(actor, debt)
        return answer(borrower_pages.dump(debt.borrower, actor))


@reads(api, "/borrowers/<code>", P.BORROWER_READ)
def show_borrower(actor: Actor, code: str) -> Any:
    """One borrower."""
    found = borrower_by_code(actor, code)
    note(SecurityKind.FILE_OPENED, actor, found.code)
    return borrower_pages.dump(found, actor)


add_api(api, item_pages.DOORS, "/items/<code>")
