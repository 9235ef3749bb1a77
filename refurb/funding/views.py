"""The pages of money: what a year costs and who pays, and the forms that note it."""

from decimal import Decimal

from flask import request
from flask_babel import format_currency
from werkzeug.wrappers import Response

from refurb.funding.actions import correct_cost, correct_grant, note_cost, note_grant, withdraw
from refurb.funding.blueprint import blueprint
from refurb.funding.models import Cost, FundingGrant
from refurb.funding.queries import costs_of, funded_years, funders, grants_of, noted, standing, withdrawn_of
from refurb.funding.rules import GrantedTwice, RatesTooHigh
from refurb.funding.schemas import CostFacts, GrantFacts
from refurb.funding.shown import history_of_money
from refurb.funding.words import ACTIVITIES, COST_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission
_FIELD_OF = {GrantedTwice: "funder_id", RatesTooHigh: "rate"}


def euros(cents: int) -> str:
    """An amount as a page says it; whole euros without cents."""
    pattern = None if cents % 100 else "#,##0\u00a0¤"
    return str(format_currency(Decimal(cents) / 100, "EUR", pattern, currency_digits=bool(cents % 100)))


def _typed(cents: int) -> str:
    """An amount as somebody would type it."""
    return f"{Decimal(cents) / 100:.2f}".replace(".", ",")


def _shown_year() -> int:
    asked = number_asked("annee")
    return asked if asked in {*funded_years(), today().year} else today().year


def _offered(kept: int | None = None) -> dict[str, list[tuple[str, str]]]:
    return {"funder_id": [(str(each.id), each.name) for each in funders(kept=kept)]}


def _gone(row: FundingGrant | Cost) -> Response:
    """What counts no more is looked at, and corrected no more."""
    if request.method == "POST":
        raise NotFound
    return page("funding/gone.html", row=row, year=row.year, history=history_of_money(row))


@blueprint.get("/financements")
@requires(P.FUNDING_WRITE)
def overview(_actor: Actor) -> Response:
    """What stands of a year."""
    year = _shown_year()
    grants, costs = grants_of([year]), costs_of(year)
    return page(
        "funding/overview.html", year=year, years=sorted({*funded_years(), today().year}, reverse=True), grants=grants, costs=costs,
        euros=euros, kinds=COST_KINDS, activities=ACTIVITIES, granted=sum(each.amount_cents for each in grants),
        spent=sum(each.amount_cents for each in costs), has_funders=bool(funders()),
        gone=[*withdrawn_of(FundingGrant, year), *withdrawn_of(Cost, year)],
    )  # fmt: skip


@blueprint.route("/financements/aides/nouvelle", methods=["GET", "POST"])
@requires(P.FUNDING_WRITE)
def new_grant(actor: Actor) -> Response:
    """Note what a funder pays."""
    form = Form(GrantFacts, start={"year": _shown_year()}, field_of=_FIELD_OF, choices=_offered())
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                note_grant(actor, **facts)
                return go("funding.overview", done=_("L'aide est notée."), annee=facts["year"])
    return page("funding/form.html", form=form, title=_("Noter une aide"), withdrawing=None, year=_shown_year())


@blueprint.route("/financements/aides/<int:number>", methods=["GET", "POST"])
@requires(P.FUNDING_WRITE)
def grant(actor: Actor, number: int) -> Response:
    """Correct what a funder pays."""
    found = noted(FundingGrant, actor, number)
    if found.withdrawn_at is not None:
        return _gone(found)
    start = {name: getattr(found, name) for name in ("funder_id", "year", "purpose", "rate")} | {"euros": _typed(found.amount_cents)}
    form = Form(GrantFacts, start=start, field_of=_FIELD_OF, choices=_offered(found.funder_id))
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                correct_grant(actor, found, **facts)
                return go("funding.overview", done=_("L'aide est corrigée."), annee=facts["year"])
        found = standing(FundingGrant, actor, number)
    return page(
        "funding/form.html",
        form=form,
        title=_("Corriger une aide"),
        withdrawing="funding.drop_grant",
        row=found,
        year=found.year,
        history=history_of_money(found),
    )


@blueprint.post("/financements/aides/<int:number>/retirer")
@requires(P.FUNDING_WRITE)
def drop_grant(actor: Actor, number: int) -> Response:
    """A grant counts no more."""
    found = standing(FundingGrant, actor, number)
    with unit_of_work():
        withdraw(actor, found)
        return go("funding.overview", done=_("L'aide ne compte plus."), annee=found.year)


@blueprint.route("/financements/couts/nouveau", methods=["GET", "POST"])
@requires(P.FUNDING_WRITE)
def new_cost(actor: Actor) -> Response:
    """Note what something cost."""
    form = Form(CostFacts, start={"year": _shown_year()})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                note_cost(actor, **facts)
                return go("funding.overview", done=_("La dépense est notée."), annee=facts["year"])
    return page("funding/form.html", form=form, title=_("Noter une dépense"), withdrawing=None, year=_shown_year())


@blueprint.route("/financements/couts/<int:number>", methods=["GET", "POST"])
@requires(P.FUNDING_WRITE)
def cost(actor: Actor, number: int) -> Response:
    """Correct what something cost."""
    found = noted(Cost, actor, number)
    if found.withdrawn_at is not None:
        return _gone(found)
    start = {name: getattr(found, name) for name in ("year", "label", "kind", "activity")} | {"euros": _typed(found.amount_cents)}
    form = Form(CostFacts, start=start)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                correct_cost(actor, found, **facts)
                return go("funding.overview", done=_("La dépense est corrigée."), annee=facts["year"])
        found = standing(Cost, actor, number)
    return page(
        "funding/form.html",
        form=form,
        title=_("Corriger une dépense"),
        withdrawing="funding.drop_cost",
        row=found,
        year=found.year,
        history=history_of_money(found),
    )


@blueprint.post("/financements/couts/<int:number>/retirer")
@requires(P.FUNDING_WRITE)
def drop_cost(actor: Actor, number: int) -> Response:
    """A cost counts no more."""
    found = standing(Cost, actor, number)
    with unit_of_work():
        withdraw(actor, found)
        return go("funding.overview", done=_("La dépense ne compte plus."), annee=found.year)
