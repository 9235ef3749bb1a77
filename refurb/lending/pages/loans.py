"""The pages of loans: what is out, late or back, one loan, and its agreement."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.directory.queries import home
from refurb.directory.sites.asked import site_asked
from refurb.documents.content import from_json
from refurb.documents.outbox import DONE, look_of, promise
from refurb.documents.signing import signing_for, signing_of
from refurb.documents.signing_pages import copy_page, dump_signing, printout_page, sign_form, sign_page, witness_of
from refurb.documents.views import paper_pdf
from refurb.documents.wording import twin
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_time, plain
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.lending.blueprint import blueprint
from refurb.lending.debts.queries import debts_of_loan
from refurb.lending.items.queries import line_by_id, undoable_lines
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import undo_return
from refurb.lending.loans.queries import (
    Which,
    line_listing,
    lines,
    loan_by_reference,
    numbers,
    recalled_count,
    rulings_of,
    said_back_count,
    unsigned_count,
)
from refurb.lending.loans.rules import NameDiffers
from refurb.lending.loans.schemas import AcceptedByLink
from refurb.lending.loans.signing import accept_by_link, is_as_prepared, letter_to_sign, opened_to_sign, send_to_sign, sign_loan
from refurb.lending.loans.states import loan_machine
from refurb.lending.models import Loan
from refurb.lending.queries import days_late
from refurb.lending.recalls.queries import recalls_of
from refurb.lending.shown import history_of
from refurb.lending.words import COMPONENT_STATES, DEBT_ENDS, DEBT_KINDS, DebtEnd, LoanState
from refurb.lending.worth import euros, worth
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


def _wanted_lines() -> tuple[Which, str]:
    """What the address asks of the list."""
    asked = request.args.get("quoi", "")
    return Which(asked) if asked in set(Which) else Which.OUT, request.args.get("q", "").strip()[:100]


@blueprint.get("/prets")
@requires(P.LOAN_READ)
def loan_list(actor: Actor) -> Response:
    """What is out, what of it is late, and what is back."""
    which, typed = _wanted_lines()
    return page(
        "lending/loans/loans.html",
        found=lines(actor, which, typed, page_number(), order_asked(), site_asked()),
        which=which,
        Which=Which,
        typed=typed,
        numbers=numbers(actor, site_asked()),
        unsigned=unsigned_count(actor),
        said_back=said_back_count(actor),
        recalled=recalled_count(actor),
        days_late=days_late,
    )


_COLUMNS = (
    SheetColumn(_lp("loan", "Prêt"), lambda row: row.reference, 14),
    SheetColumn(_l("Code"), lambda row: spell(row.code), 12),
    SheetColumn(_l("Matériel"), lambda row: row.name, 28),
    SheetColumn(_l("Sorti le"), lambda row: local(row.out_at).date(), 12),
    SheetColumn(_l("À rendre le"), lambda row: row.due_on, 12),
    SheetColumn(_lp("loan", "Rappelé"), lambda row: row.recalled, 10),
    SheetColumn(_l("Rendu le"), lambda row: None if row.lost or row.back_at is None else local(row.back_at).date(), 12),
    SheetColumn(_l("Retard (jours)"), days_late, 14),
    SheetColumn(_lp("item", "Perdu"), lambda row: row.lost, 10),
    SheetColumn(_l("Convention signée"), lambda row: row.paper_id is not None, 18),
)
_WHO = (
    SheetColumn(_l("Emprunteur"), lambda row: row.borrower, 26),
    SheetColumn(_l("Carte d'emprunt"), lambda row: spell(row.borrower_code), 14),
)


@exported(blueprint, "/prets", P.LOAN_READ)
@freshly_proved
def loans_file(actor: Actor) -> SheetFile:
    """The same lines as a spreadsheet; with the borrowers for whoever may read them."""
    columns = (*_COLUMNS, *_WHO) if actor.may(P.BORROWER_READ) else _COLUMNS
    return SheetFile.listed("prets", columns, line_listing(actor, *_wanted_lines(), site_asked()))


@blueprint.get("/prets/<reference>")
@requires(P.LOAN_READ)
def loan(actor: Actor, reference: str) -> Response:
    """One loan: who, what, how it left and how it came back."""
    found = loan_by_reference(actor, reference)
    debts = debts_of_loan(found)
    signing = signing_of(found)
    sent_at = last_time(found, {"sent_to_sign"}) if signing is not None and signing.awaits_signature else None
    letter = letter_to_sign(signing) if signing is not None and sent_at is not None else None
    open_debts = [(debt.value_cents, 1) for debt in debts if debt.settled_at is None]
    return page(
        "lending/loans/loan.html",
        loan=found,
        look=loan_machine.looks[found.state],
        late=[line for line in found.lines if days_late(line)],
        days_late=days_late,
        item_looks=item_machine.looks,
        states=COMPONENT_STATES,
        debts=debts,
        owed=worth(open_debts) if open_debts else None,
        found={debt.line_id: debt.settled_at for debt in debts if debt.settled_how is DebtEnd.FOUND},
        recalls=recalls_of([line.id for line in found.lines if line.back_at is None]),
        undoable=undoable_lines(found),
        rulings=rulings_of(found),
        kinds=DEBT_KINDS,
        ends=DEBT_ENDS,
        euros=euros,
        history=history_of(found, loan_machine),
        signing=signing,
        sent_at=sent_at,
        sending=promise(letter) if letter is not None else None,
        has_left=letter is None or look_of(letter) is DONE,
        is_as_sent=sent_at is None or signing is None or is_as_prepared(found, signing),
        witness_of=witness_of,
        may_lend=actor.may(P.LOAN_WRITE),
        may_send=actor.may(P.LOAN_WRITE) and found.state is LoanState.OPEN,
    )


@blueprint.get("/prets/<reference>/convention.pdf")
@requires(P.LOAN_READ)
def loan_agreement(actor: Actor, reference: str) -> Response:
    """The agreement as it was issued; the desk reads it without reading every other paper."""
    found = loan_by_reference(actor, reference)
    if found.paper is None:
        raise NotFound
    need_names()
    return paper_pdf(found.paper)


@blueprint.route("/prets/<reference>/lignes/<int:number>/annuler-retour", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def undo(actor: Actor, reference: str, number: int) -> Response:
    """A wrong return is undone, with its reason: the line is out again."""
    line = line_by_id(actor, reference, number)
    form = Form(Reason)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            undo_return(actor, line, **form.load())
            done = _("Retour annulé : %(name)s est de nouveau sorti.", name=line.item.name)
            return go("lending.loan", done=done, reference=line.loan.reference)
        line = line_by_id(actor, reference, number)
    return page("lending/loans/undo.html", form=form, line=line)


@blueprint.get("/prets/<reference>/a-signer.pdf")
@requires(P.LOAN_READ)
def loan_to_sign(actor: Actor, reference: str) -> Response:
    """The agreement to print and to sign, without a number."""
    return printout_page(signing_for(loan_by_reference(actor, reference)))


@blueprint.get("/prets/<reference>/exemplaire.jpg")
@requires(P.LOAN_READ)
def loan_copy(actor: Actor, reference: str) -> Response:
    """The picture of the signed copy."""
    found = loan_by_reference(actor, reference)
    if not actor.may(P.BORROWER_READ):
        raise NotFound
    return copy_page(signing_for(found))


@blueprint.route("/prets/<reference>/signer", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def loan_sign(actor: Actor, reference: str) -> Response:
    """The agreement of a loan that waits: signed on the screen, or on a copy that is here."""
    found = loan_by_reference(actor, reference)
    signing = signing_for(found)
    form = sign_form()
    if request.method == "POST":
        with form.catching(), unit_of_work():
            sign_loan(actor, found, **form.load())
            return go("lending.loan", done=_("Signature enregistrée, la convention est émise."), reference=found.reference)
        found = loan_by_reference(actor, reference)
        signing = signing_for(found)
    return sign_page(
        signing,
        form,
        who=found.borrower.name,
        action=url_for("lending.loan_sign", reference=found.reference),
        back=url_for("lending.loan", reference=found.reference),
        printout=url_for("lending.loan_to_sign", reference=found.reference),
    )


@blueprint.post("/prets/<reference>/envoyer-a-signer")
@requires(P.LOAN_WRITE)
def loan_send(actor: Actor, reference: str) -> Response:
    """The agreement goes to its borrower, with the link to sign it by."""
    found = loan_by_reference(actor, reference)
    with unit_of_work():
        send_to_sign(actor, found)
        return go("lending.loan", done=_("La convention part par courriel, avec le lien pour l'accepter."), reference=found.reference)


def _to_sign(token: str, form: Form | None = None) -> Response:
    signing = opened_to_sign(token)
    found = db.session.get_one(Loan, signing.subject_id)
    content = from_json(signing.content)
    answer = page(
        "lending/loans/to_sign.html",
        status=form.status if form else 200,
        form=form or Form(AcceptedByLink, start={"shown": signing.digest}),
        token=token,
        signing=signing,
        title=content.title,
        text=twin(content),
        stands=signing.awaits_signature and found.state is LoanState.OPEN and is_as_prepared(found, signing),
        home=home(),
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/signer-un-pret/<token>")
@public
def own_agreement(token: str) -> Response:
    """The very text that is signed, and the two ways to; a look signs nothing."""
    return _to_sign(token)


@blueprint.post("/signer-un-pret/<token>")
@public
def own_agreement_accepted(token: str) -> Response:
    """Whoever borrows accepts by name and tick, or draws; refused, the page says why, and what to do."""
    form = Form(AcceptedByLink, field_of={NameDiffers: "name"})
    with form.catching():
        told = form.load()
        told.pop("agreed")
        with unit_of_work():
            accept_by_link(opened_to_sign(token), **told)
            return go("lending.own_agreement", done=_("Merci, c'est signé."), token=token)
    return _to_sign(token, form)


def dump(found: Loan, actor: Actor) -> dict[str, Any]:
    """A loan as the API says it; the borrower only to whoever may read borrowers."""
    recalls = recalls_of([line.id for line in found.lines])
    return {
        "reference": found.reference,
        "state": found.state.value,
        "started_at": plain(found.started_at),
        "site": found.site_id,
        "borrower": {"code": found.borrower.code, "name": found.borrower.name} if actor.may(P.BORROWER_READ) else None,
        "agreement": found.paper.reference if found.paper else None,
        "signature": dump_signing(found),
        "lines": [
            {
                "item": {"code": line.item.code, "name": line.item.name},
                "due_on": plain(line.due_on),
                "out_at": plain(line.out_at),
                "back_at": plain(line.back_at),
                "said_back_at": plain(line.said_back_at),
                "recalled_from": plain(recalls[line.id].before) if line.id in recalls else None,
                "id": line.id,
                "lost": line.lost,
                "days_late": days_late(line),
                "counts": [
                    {
                        "id": count.id,
                        "name": count.name,
                        "quantity_out": count.quantity_out,
                        "state_out": plain(count.state_out),
                        "quantity_back": count.quantity_back,
                        "state_back": plain(count.state_back),
                    }
                    for count in line.counts
                ],
            }
            for line in found.lines
        ],
        "url": url_for("lending.loan", reference=found.reference),
    }
