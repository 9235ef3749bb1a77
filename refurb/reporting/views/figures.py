"""The page of the figures, its table as a file, and where each of them comes from."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import format_date, format_decimal
from werkzeug.wrappers import Response

from refurb.directory.organisations.shown import last_year_told
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
from refurb.kernel.speech.folding import slug
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


def _choices(actor: Actor) -> dict[str, Any]:
    last = last_year_told(actor)
    return {
        "years": list(range(last, FIRST_YEAR - 1, -1)), "last_year": last, "is_exact": actor.may(P.REPORT_EXACT),
        "parts": {key: word for key, (word, _first, _last) in PARTS.items()},
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
        return page("reporting/figures.html", status=422, faults=faults, asked=FiguresAsked(last_year_told(actor)), found=None,
                    typed=request.args, **_choices(actor))  # fmt: skip
    found = report(asked)
    money = money_of(range(asked.year - YEARS_OF_MONEY + 1, asked.year + 1))
    earlier = asked.year_before() if asked.last_year_beside else None
    before = report(earlier) if earlier else None
    return page(
        "reporting/figures.html", faults={}, asked=asked, found=found, before=_beside(found, before) if before else {}, typed=request.args,
        counters=COUNTERS, figures=FIGURES, protections=PROTECTIONS, kinds=kind_rows(found), money=money, euros=euros,
        costs=unit_costs(found, money), activities=ACTIVITIES, carbon=CARBON.in_force(),
        laptops=("kind", "given", DeviceKind.LAPTOP.value), counted_at=now(), site_name=site_name, may_fund=actor.may(P.FUNDING_WRITE),
        month_word=month_word, heading=_heading(asked), whose=", ".join(_whose(asked)),
        **_charts(found, money), **_choices(actor),
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
    return str(asked.year)


def _whose(asked: FiguresAsked) -> list[str]:
    """The place and the structure that are asked for, by their names; else everything."""
    partners = {each.id: each.name for each in organisations(partner=True)} if asked.partner else {}
    told = [site_name(asked.place) if asked.place else "", partners.get(asked.partner or 0, "")]
    return [each for each in told if each] or [_("Tout le territoire")]


def _beside(found: Report, before: Report) -> dict[str, str]:
    """Each counter beside that of the year before; of a year that goes on, over the months that are over in both."""
    asked = found.asked
    told: dict[str, str] = {}
    for name, _icon in COUNTERS:
        earlier = _number(before.told(name))
        if asked.finished == asked.months:
            told[name] = _("%(year)s : %(number)s", year=before.asked.year, number=earlier)
            continue
        first, last = (month_word(asked.finished[each], "LLLL") for each in (0, -1))
        months = first if first == last else _("%(first)s à %(last)s", first=first, last=last)
        number = _number(sum(found.cells.get((name, month), 0) for month in asked.finished))
        told[name] = (
            _("%(months)s : %(number)s en %(year)s, %(earlier)s en %(before)s.", months=months.capitalize(), number=number,
              year=asked.year, earlier=earlier, before=before.asked.year)
        )  # fmt: skip
    return told


def _number(told: int | str) -> str:
    return str(format_decimal(told)) if isinstance(told, int) else told


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
    heads = [(_("Chiffre"), 30), (_("Réponse"), 40), (_("Nombre"), 14), (_("Unité"), 14), (_("Ce que c'est"), 80),
             (_p("funding", "Année"), 10), (_("Période"), 18), (_("Lieu"), 30), (_("Structure"), 30)]  # fmt: skip
    word, _first, _last = PARTS[asked.part]
    place, structure = _whose(replace(asked, partner=None)), _whose(replace(asked, place=None))
    over = (asked.year, str(word), *place, structure[0] if asked.partner else _("Toutes les structures"))
    chosen = [*([asked.part] if asked.part else []), *([slug(each) for each in _whose(asked)] if asked.place or asked.partner else [])]
    return SheetFile("-".join(["chiffres", str(asked.year), *chosen]), heads, ((*row, *over) for row in _rows(report(asked))))


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
