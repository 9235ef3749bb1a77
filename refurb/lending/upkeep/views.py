"""The pages of upkeep: what is to do, one ticket, the plans of a thing, the age of the pool."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.directory.sites.asked import site_asked
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, _lp, _n, day
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pictures import picture_response
from refurb.kernel.web.search import page_number
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import item_by_code
from refurb.lending.models import Item
from refurb.lending.shown import history_of
from refurb.lending.upkeep.actions import end_plan, open_repair, plan_upkeep
from refurb.lending.upkeep.models import UpkeepPlan, UpkeepTicket
from refurb.lending.upkeep.queries import (
    WhichUpkeep,
    age_of,
    by_year,
    costs_of,
    plan_of,
    renewal_listing,
    renewal_year,
    settled_of,
    standings_of,
    ticket_by_reference,
    upkeep_listing,
    value_of,
)
from refurb.lending.upkeep.schemas import NewPlan, NewRepair
from refurb.lending.upkeep.states import upkeep_machine
from refurb.lending.worth import euros, worth
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, cents_as_amount, exported

P = Permission

_TABS = {WhichUpkeep.TO_DO: _l("À faire"), WhichUpkeep.ALL_OPEN: _l("Tout ce qui est prévu"), WhichUpkeep.DONE: _lp("upkeep", "Faits")}


def rhythm(plan: UpkeepPlan) -> str:
    """How often a plan is due, in words."""
    if plan.on_date is not None:
        return _("le %(day)s", day=day(plan.on_date))
    if plan.every_loans is not None:
        return _n("après chaque prêt", "tous les %(num)s prêts", plan.every_loans)
    assert plan.every_months is not None
    if plan.every_months % 12 == 0:
        return _n("chaque année", "tous les %(num)s ans", plan.every_months // 12)
    return _n("chaque mois", "tous les %(num)s mois", plan.every_months)


def _wanted() -> tuple[WhichUpkeep, str, int | None]:
    asked = request.args.get("etat", "")
    which = WhichUpkeep(asked) if asked in set(WhichUpkeep) else WhichUpkeep.TO_DO
    return which, request.args.get("q", "").strip()[:100], site_asked()


@blueprint.get("/entretien")
@requires(P.LOAN_READ)
def upkeep_list(_actor: Actor) -> Response:
    """What is to do: repairs, and what plans ask for within the month; what is planned later; what was done."""
    which, typed, site = _wanted()
    found = upkeep_listing(which, typed, site).page(page_number(), order_asked())
    return page("lending/upkeep/tickets.html", found=found, which=which, tabs=_TABS, typed=typed, looks=upkeep_machine.looks, euros=euros)


_COLUMNS = (
    SheetColumn(_lp("upkeep", "Référence"), lambda row: row.reference, 14),
    SheetColumn(_l("Matériel"), lambda row: row.name, 30),
    SheetColumn(_l("Code"), lambda row: spell(row.code), 12),
    SheetColumn(_l("Ce qu'il faut faire"), lambda row: row.what, 36),
    SheetColumn(_l("Pour le"), lambda row: row.due_on, 12),
    SheetColumn(_l("État"), lambda row: upkeep_machine.looks[row.state].word, 12),
    SheetColumn(_l("Coût, en euros"), lambda row: cents_as_amount(row.cost_cents), 14),
    SheetColumn(_l("Entreprise ou atelier"), lambda row: row.workshop, 24),
)


@exported(blueprint, "/entretien", P.LOAN_READ)
def upkeep_file(_actor: Actor) -> SheetFile:
    """The same tickets as a spreadsheet."""
    return SheetFile.listed("entretien", _COLUMNS, upkeep_listing(*_wanted()))


@blueprint.get("/entretien/<reference>")
@requires(P.LOAN_READ)
def upkeep_ticket(actor: Actor, reference: str) -> Response:
    """One ticket: what is to do or was done, by whom it was seen, its picture, its cost, its moves."""
    ticket = ticket_by_reference(actor, reference)
    return page(
        "lending/upkeep/ticket.html",
        ticket=ticket,
        look=upkeep_machine.looks[ticket.state],
        choices=[each for each in upkeep_machine.open_to(ticket, actor) if not each.move.inner],
        history=history_of(ticket, upkeep_machine),
        seen_by=names_of({ticket.seen_by}).get(ticket.seen_by, "") if ticket.seen_by else "",
        rhythm=rhythm(ticket.plan) if ticket.plan else "",
        euros=euros,
    )


@blueprint.get("/entretien/<reference>/photo.jpg")
@requires(P.LOAN_READ)
def upkeep_photo(actor: Actor, reference: str) -> Response:
    """The picture of what was wrong."""
    ticket = ticket_by_reference(actor, reference)
    if ticket.photo is None:
        raise NotFound
    return picture_response(ticket.photo)


@blueprint.route("/materiel/<code>/reparation", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def new_repair(actor: Actor, code: str) -> Response:
    """Say what is wrong with a thing, whether it is here or out."""
    found = item_by_code(actor, code)
    form = Form(NewRepair)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            ticket = open_repair(actor, found, **form.load())
            return go("lending.upkeep_ticket", done=_("La réparation est ouverte."), reference=ticket.reference)
        found = item_by_code(actor, code)
    return page("lending/upkeep/repair.html", form=form, item=found)


@blueprint.route("/materiel/<code>/entretien", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def item_upkeep(actor: Actor, code: str) -> Response:
    """The plans of a thing, what was done for it and what that cost; one more plan."""
    found = item_by_code(actor, code)
    form = Form(NewPlan, start={"scope": "item", "days": 1})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            plan_upkeep(actor, found, **form.load())
            return go("lending.item_upkeep", done=_("C'est prévu."), code=found.code)
        found = item_by_code(actor, code)
    return page(
        "lending/upkeep/plans.html",
        form=form,
        item=found,
        standings=standings_of(found),
        settled=settled_of(found),
        looks=upkeep_machine.looks,
        cost=worth(costs_of(found)) if costs_of(found) else None,
        rhythm=rhythm,
        euros=euros,
    )


@blueprint.post("/materiel/<code>/entretien/<int:number>/arreter")
@requires(P.ITEM_WRITE)
def stop_plan(actor: Actor, code: str, number: int) -> Response:
    """Nothing more is planned by a plan."""
    found = item_by_code(actor, code)
    plan = plan_of(actor, found, number)
    with unit_of_work():
        end_plan(actor, plan)
        return go("lending.item_upkeep", done=_("Ce n'est plus prévu."), code=found.code)


@blueprint.get("/materiel/renouvellement")
@requires(P.LOAN_READ)
def renewal(_actor: Actor) -> Response:
    """How old the pool is, until when it is supported and must be kept, and what is to be replaced in which year."""
    listing = renewal_listing(site_asked())
    years = {
        year: (len(things), worth(each for thing in things for each in value_of(thing)))
        for year, things in by_year(list(listing.every())).items()
    }
    return page(
        "lending/upkeep/renewal.html",
        found=listing.page(page_number(), order_asked()),
        years=years,
        age=age_of,
        year=renewal_year,
        value=lambda item: worth(value_of(item)),
    )


def _amount(item: Item) -> Any:
    parts = value_of(item)
    known = [cents * count for cents, count in parts if cents is not None]
    return cents_as_amount(sum(known)) if known and len(known) == len(parts) else None


_RENEWAL_COLUMNS = (
    SheetColumn(_l("Code"), lambda item: spell(item.code), 12),
    SheetColumn(_l("Nom"), lambda item: item.name, 30),
    SheetColumn(_l("Produit"), lambda item: item.product.name, 28),
    SheetColumn(_l("Acquis le"), lambda item: item.acquired_on, 12),
    SheetColumn(_l("Âge, en années"), age_of, 12),
    SheetColumn(_l("Fin de support"), lambda item: item.product.support_until, 12),
    SheetColumn(_l("À garder jusqu'au"), lambda item: item.keep_until, 14),
    SheetColumn(_l("Financeur"), lambda item: item.funder, 20),
    SheetColumn(_l("À renouveler en"), renewal_year, 12),
    SheetColumn(_l("Valeur de remplacement, en euros"), _amount, 16),
)


@exported(blueprint, "/materiel/renouvellement", P.LOAN_READ)
def renewal_file(_actor: Actor) -> SheetFile:
    """The same list as a spreadsheet, for the year's budget."""
    return SheetFile.listed("renouvellement", _RENEWAL_COLUMNS, renewal_listing(site_asked()))


def dump(ticket: UpkeepTicket, _actor: Actor) -> dict[str, Any]:
    """A ticket as the API says it."""
    return {
        "reference": ticket.reference,
        "item": ticket.item.code,
        "what": ticket.what,
        "state": ticket.state.value,
        "is_planned": not ticket.is_repair,
        "due_on": plain(ticket.due_on),
        "days": [plain(ticket.claim.starts_on), plain(ticket.claim.until_on)] if ticket.claim is not None else None,
        "cost_cents": ticket.cost_cents,
        "workshop": ticket.workshop,
        "parts": ticket.parts,
        "url": url_for("lending.upkeep_ticket", reference=ticket.reference),
    }


DOORS = Doors(
    machine=upkeep_machine,
    path="/entretien/<reference>",
    find=ticket_by_reference,
    endpoint="lending.upkeep_ticket",
    url=lambda ticket: {"reference": ticket.reference},
    title=lambda ticket: f"{ticket.what} · {ticket.reference}",
    dump=dump,
)
add_pages(blueprint, DOORS)
