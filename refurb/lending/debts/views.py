"""The page of what is owed, for the finance office: what it is to be told of, what it was, and the table to give it."""

from decimal import Decimal
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.words import _, _l, _lp, _n
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.lending.blueprint import blueprint
from refurb.lending.debts.actions import hand_to_office, take_from_office
from refurb.lending.debts.queries import WhichDebts, amounts_of, debt_listing, debt_of
from refurb.lending.debts.schemas import HandedTold
from refurb.lending.words import DEBT_ENDS, DEBT_KINDS
from refurb.lending.worth import euros, worth
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


def _wanted() -> WhichDebts:
    asked = request.args.get("quoi", "")
    return WhichDebts(asked) if asked in set(WhichDebts) else WhichDebts.TO_HAND


@blueprint.get("/emprunteurs/dus")
@requires(P.BORROWER_READ)
def debt_list(actor: Actor) -> Response:
    """What is owed, by borrower: what the finance office is to be told of first."""
    return _debts_page(actor)


def _debts_page(actor: Actor, refusal: Refusal | None = None) -> Response:
    which = _wanted()
    return page(
        "lending/debts/debts.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        ticked=set(request.form.getlist("debt")),
        found=debt_listing(actor, which).page(page_number(), order_asked()),
        which=which,
        WhichDebts=WhichDebts,
        total=worth(amounts_of(which)),
        kinds=DEBT_KINDS,
        ends=DEBT_ENDS,
        euros=euros,
        may_lend=actor.may(P.LOAN_WRITE),
    )


@blueprint.post("/emprunteurs/dus")
@requires(P.LOAN_WRITE)
def debts_handed(actor: Actor) -> Response:
    """The finance office was told of what is ticked."""
    need_names()
    try:
        told = load(HandedTold, {"debts": request.form.getlist("debt")})
        with unit_of_work():
            count = len(hand_to_office(actor, told["debts"]))
            done = _n("%(num)s dette notée comme transmise.", "%(num)s dettes notées comme transmises.", count)
            return go("lending.debt_list", done=done, quoi=WhichDebts.HANDED.value)
    except Conflict as refusal:
        return _debts_page(actor, refusal)


@blueprint.route("/emprunteurs/<code>/dettes/<int:number>/non-transmise", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def debt_not_handed(actor: Actor, code: str, number: int) -> Response:
    """The finance office was not told of it after all, with the reason."""
    need_names()
    debt, form = debt_of(actor, code, number), Form(Reason)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            take_from_office(actor, debt, **form.load())
            return go("lending.debt_list", done=_("Noté : %(name)s n'est plus transmis.", name=debt.name))
        debt = debt_of(actor, code, number)
    return page("lending/debts/not_handed.html", status=form.status, form=form, debt=debt, euros=euros)


def _amount(row: Any) -> Any:
    """What is owed in euros; what nobody knows is said so, and is no nought."""
    return euros(None) if row.value_cents is None else Decimal(row.value_cents).scaleb(-2)


_COLUMNS = (
    SheetColumn(_l("Emprunteur"), lambda row: row.borrower, 28),
    SheetColumn(_l("Carte d'emprunt"), lambda row: spell(row.borrower_code), 14),
    SheetColumn(_l("Structure"), lambda row: row.organisation, 28),
    SheetColumn(_l("Motif"), lambda row: DEBT_KINDS[row.kind], 16),
    SheetColumn(_l("Ce qui est dû"), lambda row: row.name, 28),
    SheetColumn(_l("Quantité"), lambda row: row.quantity, 10),
    SheetColumn(_l("Montant, en euros"), _amount, 18),
    SheetColumn(_l("Dû depuis le"), lambda row: local(row.since).date(), 14),
    SheetColumn(_lp("loan", "Prêt"), lambda row: row.reference, 14),
    SheetColumn(_l("Sorti le"), lambda row: local(row.started_at).date(), 12),
    SheetColumn(_l("Matériel"), lambda row: row.item, 28),
    SheetColumn(_l("Code"), lambda row: spell(row.code), 12),
    SheetColumn(_l("Transmis le"), lambda row: local(row.handed_at).date() if row.handed_at else None, 12),
    SheetColumn(_l("Réglé le"), lambda row: local(row.settled_at).date() if row.settled_at else None, 12),
    SheetColumn(_l("Réglé comment"), lambda row: DEBT_ENDS[row.settled_how] if row.settled_how else None, 22),
)


@exported(blueprint, "/emprunteurs/dus", P.BORROWER_READ)
@freshly_proved
def debts_file(actor: Actor) -> SheetFile:
    """The same table for the finance office: « titre de recette préparé »; it books nothing, and asks nobody for anything."""
    return SheetFile.listed("dus", _COLUMNS, debt_listing(actor, _wanted()))
