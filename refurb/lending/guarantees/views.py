"""The pages on which the desk notes a certificate or a deposit, withdraws it, gives it back."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pdfs import paper_response, sent_paper
from refurb.kernel.web.search import page_number
from refurb.lending.blueprint import blueprint
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.guarantees.actions import give_deposit_back, leave_deposit, note_certificate, withdraw_certificate, withdraw_deposit
from refurb.lending.guarantees.models import Deposit
from refurb.lending.guarantees.queries import certificate_of, deposit_of, deposits_here
from refurb.lending.guarantees.schemas import CertificateSent, DepositBack, DepositTold
from refurb.lending.guarantees.words import CERTIFICATE_KINDS, DEPOSIT_KINDS, CertificateKind
from refurb.lending.models import Borrower
from refurb.lending.terms import loan_policy
from refurb.lending.worth import euros

P = Permission


def _category_choices() -> dict[str, list[tuple[str, Any]]]:
    return {"category": [("", "–"), *((key, each.name) for key, each in loan_policy().categories.items())]}


def _asked_kind() -> str:
    asked = request.args.get("quoi", "")
    return asked if asked in set(CertificateKind) else CertificateKind.INSURANCE


def _back(found: Borrower, done: str) -> Response:
    """To the counter, where somebody came from there; else to the page of the borrower."""
    if request.args.get("comptoir"):
        return go("lending.counter", done=done)
    return go("lending.borrower", done=done, code=found.code)


@blueprint.route("/emprunteurs/<code>/justificatifs/nouveau", methods=["GET", "POST"])
@requires(P.BORROWER_WRITE)
def new_certificate(actor: Actor, code: str) -> Response:
    """What somebody shows: an insurance, a word of honour, a training."""
    need_names()
    found = borrower_by_code(actor, code)
    start = {"kind": _asked_kind(), "category": request.args.get("categorie", "")[:32], "valid_on": today()}
    form = Form(CertificateSent, start=start, choices=_category_choices())
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            facts.pop("file", None)
            paper = sent_paper()
            with unit_of_work():
                made = note_certificate(actor, found, paper, **facts)
                return _back(found, _("Noté : %(what)s.", what=CERTIFICATE_KINDS[made.kind]))
        found = borrower_by_code(actor, code)
        form.choices = _category_choices()
    names = [name for name in CertificateSent().fields if name != "for_organisation" or found.organisation]
    return page("lending/guarantees/certificate_new.html", status=form.status, form=form, borrower=found, names=names)


@blueprint.post("/emprunteurs/<code>/justificatifs/<int:number>/retirer")
@requires(P.BORROWER_WRITE)
def withdraw_certificate_page(actor: Actor, code: str, number: int) -> Response:
    """It counts no more."""
    need_names()
    borrower, found = borrower_by_code(actor, code), certificate_of(actor, code, number)
    with unit_of_work():
        withdraw_certificate(actor, borrower, found)
        return go("lending.borrower", done=_("Retiré : %(what)s.", what=CERTIFICATE_KINDS[found.kind]), code=borrower.code)


@blueprint.get("/emprunteurs/<code>/justificatifs/<int:number>/document")
@requires(P.BORROWER_WRITE)
@freshly_proved
def certificate_file(actor: Actor, code: str, number: int) -> Response:
    """The document that was given with it."""
    found = certificate_of(actor, code, number)
    if found.file is None:
        raise NotFound
    return paper_response(found.file, "justificatif")


@blueprint.route("/emprunteurs/<code>/cautions/nouvelle", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def new_deposit(actor: Actor, code: str) -> Response:
    """What somebody leaves, though nobody asks for it."""
    need_names()
    found, form = borrower_by_code(actor, code), Form(DepositTold, start={"left_on": today()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = leave_deposit(actor, found, **form.load())
            return _back(found, _("Noté : %(what)s.", what=DEPOSIT_KINDS[made.kind]))
        found = borrower_by_code(actor, code)
    return page("lending/guarantees/deposit_new.html", status=form.status, form=form, borrower=found)


@blueprint.route("/emprunteurs/<code>/cautions/<int:number>/rendre", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def deposit_back(actor: Actor, code: str, number: int) -> Response:
    """It is given back."""
    need_names()
    found, form = deposit_of(actor, code, number), Form(DepositBack, start={"given_back_on": today()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            give_deposit_back(actor, found, **form.load())
            return _back(found.borrower, _("Caution rendue."))
        found = deposit_of(actor, code, number)
    return _deposit_page("lending/guarantees/deposit_back.html", found, form)


@blueprint.route("/emprunteurs/<code>/cautions/<int:number>/retirer", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def deposit_withdrawn(actor: Actor, code: str, number: int) -> Response:
    """It was noted by mistake."""
    need_names()
    found, form = deposit_of(actor, code, number), Form(Reason)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            withdraw_deposit(actor, found, **form.load())
            return _back(found.borrower, _("Caution retirée : elle n'avait pas été laissée."))
        found = deposit_of(actor, code, number)
    return _deposit_page("lending/guarantees/deposit_withdrawn.html", found, form)


def _deposit_page(template: str, found: Deposit, form: Form) -> Response:
    return page(template, status=form.status, form=form, deposit=found, borrower=found.borrower, kinds=DEPOSIT_KINDS, euros=euros)


@blueprint.get("/emprunteurs/cautions")
@requires(P.BORROWER_READ)
def deposit_list(actor: Actor) -> Response:
    """What anybody left and is still with us, the oldest first."""
    return page(
        "lending/guarantees/deposits.html",
        found=deposits_here().page(page_number(), order_asked()),
        kinds=DEPOSIT_KINDS,
        euros=euros,
        today=today(),
        may_lend=actor.may(P.LOAN_WRITE),
    )
