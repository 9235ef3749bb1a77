"""The page of the figures, its table as a file, and where each of them comes from."""

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import format_date
from werkzeug.wrappers import Response

from refurb.directory.queries import organisations
from refurb.directory.sites.queries import every_site, site_name
from refurb.funding.queries import money_of
from refurb.funding.views import euros
from refurb.funding.words import ACTIVITIES
from refurb.inventory.papers.carbon import CARBON
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.dates import day_in
from refurb.kernel.speech.errors import Invalid, NotFound
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _p, day
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.kernel.web.search import page_number
from refurb.reporting.figures.charts import months_narrow, months_wide, shares
from refurb.reporting.figures.costs import UnitCost, unit_costs
from refurb.reporting.figures.definitions import FIGURES, PROTECTIONS
from refurb.reporting.figures.evidence import behind
from refurb.reporting.figures.periods import FIRST_YEAR, PARTS, FiguresAsked, asked_of
from refurb.reporting.figures.tables import Report, kind_rows, report
from refurb.reporting.views.blueprint import blueprint
from refurb.spreadsheets.sheet import SheetFile, cents_as_amount, exported

P = Permission
COUNTERS = (("received", "truck"), ("ready", "wrench"), ("given", "hand-heart"))
YEARS_OF_MONEY = 3


def _years() -> list[int]:
    return list(range(today().year, FIRST_YEAR - 1, -1))


def _choices() -> dict[str, Any]:
    return {
        "years": _years(), "parts": {key: word for key, (word, _first, _last) in PARTS.items()},
        "places": [(each.id, each.name) for each in every_site().values()],
        "partners": [(each.id, each.name) for each in organisations(partner=True)],
    }  # fmt: skip


def month_word(month: str, pattern: str = "LLL") -> str:
    """The name of a month."""
    return str(format_date(day_in(f"{month}-01"), pattern))


def figures_page(actor: Actor) -> Response:
    """The figures as somebody may read them."""
    try:
        asked = asked_of(actor)
    except Invalid as wrong:
        faults = {name: sentence(each[0]) for name, each in wrong.fields.items()}
        return page("reporting/figures.html", status=422, faults=faults, asked=FiguresAsked(today().year), found=None, typed=request.args,
                    is_exact=actor.may(P.REPORT_EXACT), **_choices())  # fmt: skip
    found = report(asked)
    money = money_of(range(asked.year - YEARS_OF_MONEY + 1, asked.year + 1))
    before = report(asked.of(asked.year - 1)) if asked.last_year_beside else None
    return page(
        "reporting/figures.html", faults={}, asked=asked, found=found, before=before, typed=request.args, is_exact=asked.exact,
        counters=COUNTERS, figures=FIGURES, protections=PROTECTIONS, kinds=kind_rows(found), money=money, euros=euros,
        costs=unit_costs(found, money), activities=ACTIVITIES, carbon=CARBON.in_force(),
        laptops=("kind", "given", DeviceKind.LAPTOP.value), counted_at=now(), site_name=site_name, may_fund=actor.may(P.FUNDING_WRITE),
        month_word=month_word, heading=_heading(asked), **_charts(found, money), **_choices(),
    )  # fmt: skip


def _day_word() -> str:
    """Today without its year: « 1er décembre »."""
    return day(today()).removesuffix(f"{today().year}").rstrip()


def _heading(asked: FiguresAsked) -> str:
    word, _first, _last = PARTS[asked.part]
    if asked.part:
        return _("%(year)s, %(part)s", year=asked.year, part=str(word).lower())
    if asked.year == today().year and asked.exact:
        return _("%(year)s, jusqu'au %(day)s", year=asked.year, day=_day_word())
    if asked.year == today().year and asked.months:
        return _("%(year)s, jusqu'à fin %(month)s", year=asked.year, month=month_word(asked.months[-1], "LLLL"))
    return str(asked.year)


def _charts(found: Report, money: Any) -> dict[str, Any]:
    months = found.asked.months
    words = [month_word(each) for each in months]
    series = [[found.exactly((name, each)) for each in months] for name, _icon in COUNTERS]
    parts = [(str(year), [(each.cents.get(year, 0), f"{each.funder} : {euros(each.cents.get(year, 0))}") for each in money.funders])
             for year in money.years]  # fmt: skip
    return {"wide": months_wide(words, series), "narrow": months_narrow(words, series), "paid": shares(parts), "months": months}


@blueprint.get("/chiffres")
@requires(P.REPORT_READ)
def figures(actor: Actor) -> Response:
    """Everything that is counted over some months: exact for the house, protected outside."""
    return figures_page(actor)


@exported(blueprint, "/chiffres", P.REPORT_READ)
def figures_file(actor: Actor) -> SheetFile:
    """The same numbers as a table: nothing in it that the page does not tell."""
    asked = asked_of(actor)
    heads = [(_("Chiffre"), 30), (_("Réponse"), 40), (_("Nombre"), 14), (_("Unité"), 14), (_("Ce que c'est"), 80)]
    return SheetFile(f"chiffres-{asked.year}{'-' + asked.part if asked.part else ''}", heads, _rows(report(asked)))


def _rows(found: Report) -> Iterator[tuple[Any, ...]]:
    def row(key: str, answer: str, cell: Any, title: str = "") -> tuple[Any, ...]:
        figure = FIGURES[key]
        return title or str(figure.name), answer, found.told(cell), str(figure.unit), str(figure.sentence)

    for key in ("received", "ready", "given", "families", "organisations", "asks", "stops", "lent", "visits"):
        if key in found.cells:
            yield row(key, _("Total"), key)
    for name, _icon in COUNTERS:
        yield from (row(name, month, (name, month)) for month in found.asked.months if (name, month) in found.cells)
    for label, cells in kind_rows(found):
        yield from (row(name, label, cell) for (name, _icon), cell in zip(COUNTERS, cells, strict=True))
    for block in found.blocks:
        yield from (row(block.figure.key, line.label, line.cell, block.title) for line in block.lines)
    if found.exactly("asked") is not None and found.cells.get("asked"):
        yield row("opinions", _p("opinions", "Demandé"), "asked")
    yield from _money_rows(found)


def _money_rows(found: Report) -> Iterator[tuple[Any, ...]]:
    if not found.asked.whole:
        return
    unit, said = str(FIGURES["money"].unit), str(FIGURES["money"].sentence)
    year, money = found.asked.year, money_of([found.asked.year])
    if found.carbon is not None:
        yield str(FIGURES["carbon"].name), _("Total"), found.carbon, str(FIGURES["carbon"].unit), str(FIGURES["carbon"].sentence)
    for each in money.funders:
        yield _("Aide"), f"{each.funder}, {each.purpose}", _amount(each.cents.get(year, 0)), unit, said
    if money.spent:
        yield _("Dépenses"), _("Total"), _amount(money.spent.get(year, 0)), unit, said
    for cost in unit_costs(found, money):
        yield str(FIGURES["unit_costs"].name), str(ACTIVITIES[cost.activity]), _unit_cost(cost), unit, str(FIGURES["unit_costs"].sentence)


def _amount(cents: int) -> Any:
    return cents_as_amount(cents)


def _unit_cost(cost: UnitCost) -> Any:
    if cost.hidden:
        return _("non montré")
    return _("non calculable") if cost.cents is None else _amount(cost.cents)


@blueprint.get("/chiffres/origine/<key>")
@requires(P.REPORT_READ)
def figure_origin(actor: Actor, key: str) -> Response:
    """Where a figure comes from: what it means, its rules, and the deeds behind it for whoever may see them."""
    if key not in FIGURES:
        raise NotFound
    try:
        asked = asked_of(actor)
    except Invalid as wrong:
        raise NotFound from wrong
    figure = FIGURES[key]
    listed = behind(actor, figure, asked, page_number()) if asked.exact and figure.told_by else None
    return page("reporting/figure_origin.html", figure=figure, protection=PROTECTIONS[figure.protection], asked=asked, listed=listed,
                heading=_heading(asked), carbon=CARBON.in_force())  # fmt: skip
