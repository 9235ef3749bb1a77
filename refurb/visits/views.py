"""The pages of counting: one visit, a group, today's list, another place."""

from datetime import date, timedelta
from typing import Any

from flask import request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Actor, Elsewhere, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l, _n, _p
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.kernel.web.fields import Date, Pick
from refurb.kernel.web.forms import BoundField, Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.visits import actions
from refurb.visits.blueprint import blueprint
from refurb.visits.models import Visit
from refurb.visits.queries import counted_today, counts_at, group_of, number_today, place_of_today, usual_reasons, visited_places
from refurb.visits.rules import PlaceClosed, is_correctable, is_counted_at
from refurb.visits.schemas import MOST_AT_ONCE, MOST_BACK, GroupSaid, GroupTold, VisitSaid, VisitTold
from refurb.visits.shown import hour_of, line_said
from refurb.visits.words import REASONS, SHORT_AGES, AgeBand, Motive

P = Permission
SHOWN_TODAY = 4
"""Lines of today's list before it is asked whole."""


def _places(actor: Actor) -> list[tuple[str, str]]:
    return [(str(each.id), each.name) for each in visited_places(actor)]


class PlaceTold(Schema):
    """Where and when visits are counted from now on."""

    site = Pick(_l("Lieu"), required=True)
    day = Date(_l("Jour"), required=True, within=MOST_BACK, widget="day")


def _here(actor: Actor) -> int:
    """The place that the address names, else that of today."""
    named = number_asked("lieu")
    return named if named is not None and named in every_site() and counts_at(actor, named) else place_of_today(actor)


def _day() -> date | None:
    """The day that the address names, where it is another than today and may be counted."""
    named = day_asked("jour")
    return named if named is not None and today() - timedelta(days=MOST_BACK) <= named < today() else None


def _where(site: int, day: date | None) -> dict[str, Any]:
    """What an address says of where one counts."""
    return {"lieu": site, "jour": day.isoformat() if day is not None and day != today() else None}


def _form(actor: Actor, schema: type[Schema], start: dict[str, Any]) -> Form:
    return Form(schema, start=start, choices={"site": _places(actor)}, field_of={PlaceClosed: "site", Elsewhere: "site"})


def _reason_choices(site: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The reasons that come first at a place, and all the others in the vocabulary's order."""
    first = usual_reasons(site)
    others = [each for each in REASONS if each not in first and each is not Motive.UNTOLD]
    return [(each.value, str(REASONS[each])) for each in first], [(each.value, str(REASONS[each])) for each in others]


def _tiles(form: Form, site: int) -> dict[str, Any]:
    """What every form of visits is drawn with."""
    first, others = _reason_choices(site)
    return {"form": form, "first_reasons": first, "other_reasons": others, "short_ages": SHORT_AGES, "place": every_site()[site].name}


@blueprint.route("/visites", methods=["GET", "POST"])
@requires(P.VISIT_COUNT)
def count(actor: Actor) -> Response:
    """Count one visit at today's stop, or at another place; below it what was counted today."""
    form = _form(actor, VisitTold, {})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = actions.count_visit(actor, **form.load())
            return go("visits.count", **_where(made.site_id, made.day))
    return _count_page(actor, form)


def _count_page(actor: Actor, form: Form) -> Response:
    site = _sent_place() or _here(actor)
    whole = "tout" in request.args
    lines = counted_today(actor, None if whole else SHOWN_TODAY + 1)
    return page(
        "visits/count.html", **_tiles(form, site), site=site, day_counted=_day(), where=_where(site, _day()),
        lines=lines if whole else lines[:SHOWN_TODAY], last=lines[0] if lines else None, more=len(lines) > SHOWN_TODAY and not whole,
        number=number_today(actor), hour_of=hour_of, line_said=line_said, today=today(), sites=every_site(),
    )  # fmt: skip


def _sent_place() -> int | None:
    """The place of a form that was refused, so that its page stays where it was."""
    sent = request.form.get("site", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 and int(sent) in every_site() else None


@blueprint.route("/visites/lieu", methods=["GET", "POST"])
@requires(P.VISIT_COUNT)
def choose_place(actor: Actor) -> Response:
    """Count at another place, or what was left uncounted of another day."""
    form = _form(actor, PlaceTold, {"site": _here(actor), "day": _day() or today()})
    if request.method == "POST":
        with form.catching():
            told = form.load()
            is_counted_at(actor, told["site"])
            return go("visits.count", **_where(told["site"], told["day"]))
    return page("visits/place.html", form=form)


@blueprint.route("/visites/groupe", methods=["GET", "POST"])
@requires(P.VISIT_COUNT)
def count_group(actor: Actor) -> Response:
    """Count a group at once: why, then how many by age."""
    form = _form(actor, GroupTold, {})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = actions.count_group(actor, **form.load())
            return go("visits.count", **_where(made.site_id, made.day))
    site = _sent_place() or _here(actor)
    return page("visits/group.html", **_tiles(form, site), site=site, where=_where(site, _day()), day_counted=_day(), bands=_bands(form),
                first=None, most=MOST_AT_ONCE)  # fmt: skip


def _bands(form: Form) -> list[BoundField]:
    return [form.field(band.value) for band in AgeBand]


@blueprint.route("/visites/<int:number>/corriger", methods=["GET", "POST"])
@requires(P.VISIT_COUNT)
def correct(actor: Actor, number: int) -> Response:
    """Say again what a visit of today was, or a group; until midnight."""
    found = actions.own_visit(actor, number)
    is_correctable(actor, found)
    return _correct_group(actor, found) if found.group_id is not None else _correct_one(actor, found)


def _correct_one(actor: Actor, found: Visit) -> Response:
    said = {name: getattr(found, name) for name in ("age", "situation", "gender", "first_time", "heard", "detour", "sent")}
    form = _form(actor, VisitSaid, {**said, "site": found.site_id, "reasons": [each.reason for each in found.reasons]})
    number, day = found.id, found.day
    if request.method == "POST":
        with form.catching(), unit_of_work():
            actions.correct_visit(actor, found, **form.load())
            return go("visits.count", done=_p("visit", "C'est corrigé."), **_where(found.site_id, day))
        found = actions.own_visit(actor, number)
    return page("visits/correct.html", **_tiles(form, found.site_id), visit=found)


def _correct_group(actor: Actor, found: Visit) -> Response:
    start = {"site": found.site_id, "reasons": [each.reason for each in found.reasons], **actions.ages_of(group_of(found))}
    form = _form(actor, GroupSaid, start)
    number, day = found.id, found.day
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = actions.correct_group(actor, found, **form.load())
            return go("visits.count", done=_p("visit", "C'est corrigé."), **_where(made.site_id, day))
        found = actions.own_visit(actor, number)
    return page("visits/group.html", **_tiles(form, found.site_id), site=found.site_id, where=_where(found.site_id, day), day_counted=None,
                bands=_bands(form), first=found, most=MOST_AT_ONCE)  # fmt: skip


@blueprint.post("/visites/<int:number>/annuler")
@requires(P.VISIT_COUNT)
def take_back(actor: Actor, number: int) -> Response:
    """A visit of today never was, nor the rest of its group."""
    found = actions.own_visit(actor, number)
    where = _where(found.site_id, found.day)
    people = len(group_of(found)) or 1
    with unit_of_work():
        actions.take_back(actor, found)
        return go("visits.count", done=_n("%(num)s visite annulée.", "%(num)s visites annulées.", people), **where)
