"""The counter: one box for cards and labels, departures and returns."""

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from refurb.directory.queries import code_row
from refurb.documents.signatures import SignatureVoid
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.codes import UnreadableCode, find_code, looks_like_code
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import Undo
from refurb.lending.blueprint import blueprint
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.claims.facts import NewlyShort
from refurb.lending.counter.counting import counts_as_json, everything_is_there, to_count, unanswered
from refurb.lending.counter.draft import LoanDraft, NothingToLend, read_draft
from refurb.lending.debts.queries import damages_of, standing_of
from refurb.lending.items.queries import item_by_code, items_by_codes
from refurb.lending.items.schemas import Returning
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.loans.queries import items_waiting, numbers, unsigned_count
from refurb.lending.loans.rules import DueClosed, DueOutOfBounds, NoBorrower, NotSigned
from refurb.lending.loans.schemas import Given, NewLoan
from refurb.lending.models import Borrower, Item, LoanLine
from refurb.lending.queries import days_late, line_out
from refurb.lending.reservations.queries import count_short, reserved_by
from refurb.lending.words import DEBT_KINDS, ItemState
from refurb.lending.worth import euros, worth

P = Permission

# Beside which field of the departure page a refusal is told.
_FIELD_OF: dict[type[Refusal], str] = {
    NotSigned: "signature",
    SignatureVoid: "signature",
    DueClosed: "due_on",
    DueOutOfBounds: "due_on",
    NewlyShort: "override",
}


@blueprint.get("/comptoir")
@requires(P.LOAN_WRITE)
def counter(actor: Actor) -> Response:
    """The counter. A card opens a departure, the label of a thing that is out its return, any other its page; a name looks for people."""
    typed = request.args.get("code", "").strip()[:200]
    refusal: Refusal | None = None
    if typed:
        code = find_code(typed)
        if code is None and looks_like_code(typed):
            refusal = UnreadableCode(typed=typed[:60])
        elif code is None:
            return redirect(url_for("lending.borrower_list", q=typed), 303)
        else:
            row = code_row(code)
            target = wired().scan_targets.get(row.subject_kind or "") if row else None
            if row is not None and row.subject_id is not None and target is not None:
                answer: Response = target(actor, row.subject_id)
                return answer
            refusal = NothingToLend(code=code)
    return page(
        "lending/counter/counter.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        typed=typed,
        numbers=numbers(actor),
        unsigned=unsigned_count(actor),
        short=count_short(actor),
        waiting=items_waiting(),
        looks=item_machine.looks,
    )


def _undo_of(line: LoanLine) -> Undo:
    """The press that takes a wrong return back."""
    return Undo.with_reason(url_for("lending.undo", reference=line.loan.reference, number=line.id))


def scan_item(actor: Actor, item_id: int) -> Response:
    """Where the label of an item leads: to its return when it is out and the actor may take it back, else to its page."""
    row = db.session.execute(db.select(Item.code, Item.state).where(Item.id == item_id)).one_or_none()
    if row is None or not (actor.may(P.LOAN_READ) or actor.may(P.DEVICE_READ)):
        raise NotFound
    endpoint = "lending.give_back" if row.state is ItemState.LENT and actor.may(P.LOAN_WRITE) else "lending.item"
    return redirect(url_for(endpoint, code=row.code), 303)


def scan_borrower(actor: Actor, borrower_id: int) -> Response:
    """Where a borrower's card leads: to a departure; to nothing for whoever may not lend."""
    code = db.session.scalar(db.select(Borrower.code).where(Borrower.id == borrower_id))
    if code is None or not actor.may(P.LOAN_WRITE):
        raise NotFound
    return redirect(url_for("lending.departure", emprunteur=code), 303)


@blueprint.route("/prets/nouveau", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def departure(actor: Actor) -> Response:
    """A departure: who, what, how complete, until when, signed. The page carries its own draft; only the last press writes."""
    form = Form(Given, field_of=_FIELD_OF)
    draft = read_draft(actor)
    if request.method == "POST" and request.form.get("do") == "lend" and not request.form.get("scan", "").strip():
        facts = _loan_told(draft)
        codes = [item.code for item in draft.items]
        with form.catching(), unit_of_work():
            given = load(NewLoan, facts)
            due_on = form.load()["due_on"]
            if draft.borrower is None:
                raise NoBorrower
            if given["signature"]:
                draft.binding.check()
            items = {item.code: item for item in items_by_codes(actor, codes)}
            loan = lend(
                actor,
                borrower_by_code(actor, draft.borrower.code),
                [Departure(items[line["item"]], line["counts"], due_on) for line in given["lines"]],
                signature=given["signature"],
                on_paper=given["on_paper"],
                counted_at_once=given["counted_at_once"],
                override=given["override"],
            )
            said = _("Prêt %(reference)s enregistré.") if loan.is_signed else _("Prêt %(reference)s enregistré, convention à signer.")
            return go("lending.loan", done=said % {"reference": loan.reference}, reference=loan.reference)
        draft = read_draft(actor)
    return _departure_page(draft, form)


def _loan_told(draft: LoanDraft) -> dict[str, object]:
    """What the page said, in the words of the JSON door."""
    return {
        "lines": [{"item": item.code, "counts": counts_as_json(draft.counted[item.id])} for item in draft.items],
        "signature": request.form.get("signature", ""),
        "on_paper": "on_paper" in request.form,
        "counted_at_once": "at_once" in request.form,
        "override": request.form.get("override", ""),
    }


def _departure_page(draft: LoanDraft, form: Form) -> Response:
    due = form.field("due_on")
    # A day that somebody chose stays; the one proposed follows what is scanned.
    chosen = due.value if due.value != request.form.get("proposed") else ""
    due.value = chosen or (draft.due_on.isoformat() if draft.due_on else "")
    due.attrs |= {"min": draft.earliest.isoformat(), "max": draft.latest.isoformat() if draft.latest else None}
    due.optional = False
    signature = form.field("signature")
    signature.optional = False  # Neither is, but paper is worth the same.
    binding = draft.binding
    if is_void := binding.is_void:
        signature.value = ""
    status = draft.refusal.status if draft.refusal and form.status == 200 else form.status
    override = form.field("override")
    override.optional = False
    return page(
        "lending/counter/departure.html",
        status=status,
        override=override if override.error or override.value else None,
        reserved=reserved_by(draft.borrower) if draft.borrower else (),
        form=form,
        draft=draft,
        due=due,
        signature=signature,
        left=unanswered(draft.all_counted),
        binding=binding,
        is_void=is_void,
        worth=worth(draft.values),
        worth_of=worth,
        standing=standing_of(draft.borrower) if draft.borrower else None,
        kinds=DEBT_KINDS,
        damages=damages_of(draft.items),
        euros=euros,
        at_once=everything_is_there() or "at_once" in request.form,
    )


@blueprint.route("/prets/retour/<code>", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def give_back(actor: Actor, code: str) -> Response:
    """A return: every component counted beside what left. What is missing makes the item incomplete; the loan closes by itself."""
    item = item_by_code(actor, code)
    line = line_out(item)
    if line is None:
        return go("lending.item", code=item.code)
    form = Form(Returning)
    pictures = {each.name: each.picture for each in item.components}
    counted = to_count(line.counts, pictures)
    if request.method == "POST" and not everything_is_there():
        with form.catching(), unit_of_work():
            facts = load(Returning, {"counts": counts_as_json(counted), "note": request.form.get("note", "")})
            line = line_out(item)
            if line is None:
                return go("lending.item", code=code)
            take_back(actor, line, facts["counts"], facts["note"])
            return go("lending.counter", done=_said(item, line), undo=_undo_of(line))
        item = item_by_code(actor, code)
        line = line_out(item)
        if line is None:  # Somebody else was faster.
            return go("lending.item", code=item.code)
    return page(
        "lending/counter/return.html",
        form=form,
        item=item,
        line=line,
        counted=counted,
        left=unanswered(counted),
        late=days_late(line),
        euros=euros,
    )


def _said(item: Item, line: LoanLine) -> str:
    if item.state is ItemState.INCOMPLETE:
        return _("%(name)s : rendu incomplet, à compléter avant le prochain prêt.", name=item.name)
    if line.is_damaged:
        return _("%(name)s : rendu abîmé, à vérifier avant le prochain prêt.", name=item.name)
    return _("%(name)s : rendu complet, à vérifier avant le prochain prêt.", name=item.name)
