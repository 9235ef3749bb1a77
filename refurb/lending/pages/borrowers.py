"""The pages of borrowers: the list, a new one, one with loans and card."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.inventory.labels.formats import label_formats
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.personal import names_closed, need_names
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import UnreadableCode, find_code, looks_like_code, spell
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.kernel.web.undo import Undo
from refurb.lending.blueprint import blueprint
from refurb.lending.borrowers.actions import correct_borrower, register_borrower
from refurb.lending.borrowers.queries import borrower_by_code, borrower_listing, borrowers, borrowing_organisations
from refurb.lending.borrowers.rules import BorrowerKnown
from refurb.lending.borrowers.schemas import BorrowerFacts, NewBorrower
from refurb.lending.borrowers.sms import choose_sms
from refurb.lending.debts.actions import owe_again, settle_debt
from refurb.lending.debts.queries import debt_of, standing_of
from refurb.lending.debts.schemas import Settled
from refurb.lending.guarantees.queries import certificates_of, deposits_of
from refurb.lending.guarantees.words import CERTIFICATE_KINDS, DEPOSIT_KINDS
from refurb.lending.labels import label_pdf
from refurb.lending.loans.queries import loans_of
from refurb.lending.loans.states import loan_machine
from refurb.lending.models import Borrower
from refurb.lending.queries import days_late
from refurb.lending.reservations.queries import reserved_by
from refurb.lending.shown import history_of
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.words import SUSPENDED_WHY
from refurb.lending.terms import loan_policy
from refurb.lending.words import DEBT_KINDS
from refurb.lending.worth import euros, worth
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


@blueprint.get("/emprunteurs")
@requires(P.BORROWER_READ)
def borrower_list(actor: Actor) -> Response:
    """Everybody who borrows, by name."""
    typed = request.args.get("q", "").strip()[:100]
    misread = UnreadableCode(typed=typed[:60]) if looks_like_code(typed) and find_code(typed) is None else None
    return page(
        "lending/borrowers/borrowers.html", found=borrowers(actor, typed, page_number(), order_asked()), typed=typed, misread=misread
    )


_COLUMNS = (
    SheetColumn(_l("Carte d'emprunt"), lambda row: spell(row.code), 14),
    SheetColumn(_l("Nom"), lambda row: row.name, 28),
    SheetColumn(_l("Structure"), lambda row: row.organisation, 28),
    SheetColumn(_l("Sortis"), lambda row: row.out, 10),
    SheetColumn(_l("En retard"), lambda row: row.late, 12),
    SheetColumn(_l("Choses à régler"), lambda row: row.owed, 16),
)


@exported(blueprint, "/emprunteurs", P.BORROWER_READ)
@freshly_proved
def borrowers_file(actor: Actor) -> SheetFile:
    """The same people as a spreadsheet, as the list shows them: neither telephone nor address."""
    return SheetFile.listed("emprunteurs", _COLUMNS, borrower_listing(actor, request.args.get("q", "").strip()[:100]))


def _organisation_choices() -> list[tuple[str, Any]]:
    return [("", _("Non, pour elle-même ou son foyer")), *((str(each.id), each.name) for each in borrowing_organisations())]


@blueprint.route("/emprunteurs/nouveau", methods=["GET", "POST"])
@requires(P.BORROWER_WRITE)
def new_borrower(actor: Actor) -> Response:
    """Somebody who has never borrowed here."""
    form = Form(NewBorrower, start={"name": request.args.get("nom", "")[:160]}, choices={"organisation_id": _organisation_choices()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            found = register_borrower(actor, **form.load())
            return go("lending.borrower", done=_("Carte créée pour %(name)s.", name=found.name), code=found.code)
        form.choices = {"organisation_id": _organisation_choices()}
    known = isinstance(form.refusal, BorrowerKnown) or "anyway" in request.form
    return page(
        "lending/borrowers/borrower_new.html", form=form, names=[name for name in NewBorrower().fields if name != "anyway" or known]
    )


@blueprint.route("/emprunteurs/<code>/modifier", methods=["GET", "POST"])
@requires(P.BORROWER_WRITE)
def correct(actor: Actor, code: str) -> Response:
    """What is written of somebody, corrected; agreements in force keep what they said."""
    need_names()
    found = borrower_by_code(actor, code)
    start = {"name": found.name, "organisation_id": found.organisation_id, "phone": spell_phone(found.phone), "email": found.email}
    form = Form(BorrowerFacts, start=start, choices={"organisation_id": _organisations_of(found)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_borrower(actor, found, **form.load())
            return go("lending.borrower", done=_("Fiche corrigée."), code=found.code)
        found = borrower_by_code(actor, code)
        form.choices = {"organisation_id": _organisations_of(found)}
    return page("lending/borrowers/borrower_edit.html", form=form, borrower=found)


def _organisations_of(found: Borrower) -> list[tuple[str, Any]]:
    """What may be chosen, the one that was chosen before among it."""
    offered = _organisation_choices()
    own = found.organisation
    return offered if own is None or str(own.id) in dict(offered) else [*offered, (str(own.id), own.name)]


@blueprint.route("/emprunteurs/<code>/dettes/<int:number>", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def settle(actor: Actor, code: str, number: int) -> Response:
    """What somebody owes is settled: brought back, paid, or let go."""
    debt = debt_of(actor, code, number)
    form = Form(Settled)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            settle_debt(actor, debt, **form.load())
            undo = Undo(url_for("lending.owed_again", code=debt.borrower.code, number=number))
            return go("lending.borrower", done=_("Réglé : %(name)s.", name=debt.name), undo=undo, code=debt.borrower.code)
        debt = debt_of(actor, code, number)
    return page("lending/borrowers/settle.html", form=form, debt=debt, kinds=DEBT_KINDS, euros=euros)


@blueprint.post("/emprunteurs/<code>/dettes/<int:number>/de-nouveau-due")
@requires(P.LOAN_WRITE)
def owed_again(actor: Actor, code: str, number: int) -> Response:
    """What was said to be settled was not."""
    debt = debt_of(actor, code, number)
    with unit_of_work():
        owe_again(actor, debt)
        return go("lending.borrower", done=_("De nouveau dû : %(name)s.", name=debt.name), code=debt.borrower.code)


@blueprint.get("/emprunteurs/<code>")
@requires(P.BORROWER_READ)
def borrower(actor: Actor, code: str) -> Response:
    """One borrower: what is out, what was."""
    found = borrower_by_code(actor, code)
    note(SecurityKind.FILE_OPENED, actor, found.code)
    loans = loans_of(found)
    out = [(loan, line) for loan in loans for line in loan.lines if line.back_at is None]
    return page(
        "lending/borrowers/borrower.html",
        borrower=found,
        out=sorted(out, key=lambda pair: pair[1].due_on),
        past=[loan for loan in loans if all(line.back_at for line in loan.lines)],
        standing=standing_of(found),
        suspension=suspension_of(found),
        reasons=SUSPENDED_WHY,
        reserved=reserved_by(found),
        kinds=DEBT_KINDS,
        euros=euros,
        worth=worth,
        certificates=certificates_of(found),
        said_closed=names_closed(),
        deposits=deposits_of(found),
        certificate_kinds=CERTIFICATE_KINDS,
        deposit_kinds=DEPOSIT_KINDS,
        categories={key: each.name for key, each in loan_policy().categories.items()},
        today=today(),
        history=history_of(found),
        may_correct=actor.may(P.BORROWER_WRITE),
        days_late=days_late,
        looks=loan_machine.looks,
        formats=label_formats().values(),
        may_lend=actor.may(P.LOAN_WRITE),
    )


@blueprint.post("/emprunteurs/<code>/sms")
@requires(P.BORROWER_WRITE)
def choose_sms_of(actor: Actor, code: str) -> Response:
    """Note that somebody wants no short messages, or some again."""
    found = borrower_by_code(actor, code)
    with unit_of_work():
        choose_sms(actor, found, wanted=bool(request.form.get("wanted")))
        return go("lending.borrower", done=_("C'est noté."), code=code)


@blueprint.get("/emprunteurs/<code>/carte.pdf")
@requires(P.BORROWER_WRITE)
def borrower_card(actor: Actor, code: str) -> Response:
    """The card to print: its code opens the counter's departure page, and says nothing to anybody else."""
    found = borrower_by_code(actor, code)
    organisation = found.organisation.name if found.organisation else None
    return label_pdf(found.code, found.name, organisation, help_line=_("Carte d'emprunt, à présenter au comptoir."), stem="carte")


def dump(found: Borrower, _actor: Actor) -> dict[str, Any]:
    """A borrower as the API says it, with what is late and what is owed."""
    standing = standing_of(found)
    return {
        "code": found.code,
        "name": found.name,
        "organisation": found.organisation.name if found.organisation else None,
        "phone": spell_phone(found.phone),
        "email": found.email,
        "late": len(standing.late),
        "suspended_since": plain(suspension.since) if (suspension := suspension_of(found)) else None,
        "debts": [
            {
                "id": debt.id,
                "kind": debt.kind.value,
                "name": debt.name,
                "quantity": debt.quantity,
                "value_cents": debt.value_cents,
                "since": plain(debt.since),
                "handed_at": plain(debt.handed_at),
                "loan": debt.line.loan.reference,
                "item": debt.line.item.code,
            }
            for debt in standing.debts
        ],
        "url": url_for("lending.borrower", code=found.code),
    }
