"""The page of the rotas: the decision that is missing first, then the weeks side by side, then those to come; and what a rota is."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.rota.actions.closures import decided_as
from refurb.directory.rota.actions.rotas import begin_rota, correct_rota, told_as
from refurb.directory.rota.models import Passage, Rota, RotaStop
from refurb.directory.rota.planning import changes_of, expected_off_rota
from refurb.directory.rota.queries import (
    MissingDecision,
    advisers_of,
    missing_decisions,
    passages,
    rota_by_id,
    rota_of_adviser,
    rotas,
    upkeep_due,
)
from refurb.directory.rota.rules import RotaTaken
from refurb.directory.rota.schemas import RotaFacts, StopFacts, rhythm_of, rhythms
from refurb.directory.rota.shown import WayOn, longest_wait, side_by_side, strip, unasked, weeks_to_come
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.rota.views.seen import kept_asked, seen_asked, show_changes
from refurb.directory.rota.words import ClosureEffect, letter, said_hours, said_when
from refurb.directory.sites.queries import site_name
from refurb.directory.sites.words import said_hour, typed_minute
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission
DAYS_SHOWN = timedelta(days=8)
TOLD: dict[str, Any] = {
    "letter": letter,
    "said_hour": said_hour,
    "said_hours": said_hours,
    "said_when": said_when,
    "site_name": site_name,
    "looks": passage_machine.looks,
}


@blueprint.get("/itinerance")
@requires(P.DIRECTORY_READ)
def overview(actor: Actor) -> Response:
    """Every rota's missing decisions, and one rota: its weeks, its next days, its vehicle."""
    found = rotas()
    if not found:
        return page("rota/none.html", may=actor.may(P.ROTA_WRITE))
    chosen = _chosen(actor, list(found))
    missing = missing_decisions(found)
    first = missing[0] if missing else None
    ways = _ways(first) if first else {}
    stop = next((each for each in chosen.stops if each.id == number_asked("arret")), None)
    return page(
        "rota/overview.html",
        rotas=found,
        rota=chosen,
        missing=first,
        more=len(missing) - 1,
        ways=ways,
        best=better(ways),
        unasked=[(rota, each) for rota in found for each in unasked(rota)],
        off=list(expected_off_rota(found)),
        days=side_by_side(chosen),
        monthly=[each for each in chosen.stops if each.nth is not None and each.rule.is_in_force(today())],
        weeks=weeks_to_come(chosen),
        next_days=_by_day(passages(today(), today() + DAYS_SHOWN, Passage.rota_id == chosen.id)),
        upkeep=upkeep_due([chosen.vehicle_id]).get(chosen.vehicle_id) if chosen.vehicle_id else None,
        advisers_of=advisers_of,
        may=actor.may(P.ROTA_WRITE),
        stop=stop,
        form=stop_form(stop) if stop else None,
        **TOLD,
    )


def _chosen(actor: Actor, found: list[Rota]) -> Rota:
    """The rota that the address names, else the actor's own, else the first."""
    named = next((each for each in found if each.id == number_asked("tournee")), None)
    own = rota_of_adviser(actor.id, today())
    return named or next((each for each in found if own is not None and each.id == own.id), found[0])


def _by_day(found: Iterable[Passage]) -> dict[date, list[Passage]]:
    days: dict[date, list[Passage]] = {}
    for each in found:
        days.setdefault(each.day, []).append(each)
    return days


def _ways(missing: MissingDecision) -> dict[ClosureEffect, WayOn]:
    """Both ways after a closure, each with what it costs."""
    return {effect: way_on(missing, effect) for effect in ClosureEffect}


def better(ways: dict[ClosureEffect, WayOn]) -> ClosureEffect | None:
    """The way in which people wait less, where that makes a difference."""
    waits = {effect: way.wait.weeks if way.wait else 0 for effect, way in ways.items()}
    return min(waits, key=lambda effect: waits[effect]) if len(set(waits.values())) > 1 else None


def way_on(missing: MissingDecision, effect: ClosureEffect) -> WayOn:
    """One way after a closure that is entered."""
    schedule = decided_as(missing.closure, effect)
    span = missing.closure.span
    return WayOn(span, strip(schedule, span), longest_wait(schedule, span), changes_of(missing.rota, schedule))


def stop_form(stop: RotaStop) -> Form:
    """The form of a stop, filled in with its rule."""
    start = {
        "weekday": stop.weekday, "rhythm": rhythm_of(stop.turn, stop.nth), "place": stop.site.address,
        "opens": typed_minute(stop.opens), "closes": typed_minute(stop.closes), "since": max(today(), stop.since),
    }  # fmt: skip
    return Form(StopFacts, start=start, choices={"rhythm": rhythms(stop.rota.cycle)})


@blueprint.route("/itinerance/tournees/ajouter", methods=["GET", "POST"])
@requires(P.ROTA_WRITE)
def rota_new(actor: Actor) -> Response:
    """Begin a rota."""
    form = Form(RotaFacts, start={"cycle": 2}, field_of={RotaTaken: "name"})
    if request.method == "POST":
        with form.catching():
            facts = _told(form)
            with unit_of_work():
                made = begin_rota(actor, **facts)
                return go("rota.overview", done=_("Tournée ajoutée. Ajoutez ses arrêts."), tournee=made.id)
    return page("rota/rota_edit.html", form=form, rota=None)


def _told(form: Form) -> dict[str, Any]:
    facts = form.load()
    facts.pop("seen")
    return facts | {"advisers": facts["advisers"] or []}


@blueprint.route("/itinerance/tournees/<int:number>", methods=["GET", "POST"])
@requires(P.ROTA_WRITE)
def rota(actor: Actor, number: int) -> Response:
    """What a rota is, to be corrected; what that changes is shown first."""
    found = rota_by_id(actor, number)
    names = ("name", "anchor", "cycle", "vehicle_id", "until")
    start = {name: getattr(found, name) for name in names} | {"advisers": [each.account_id for each in found.advisers]}
    form = Form(RotaFacts, start=start, field_of={RotaTaken: "name"})
    if request.method == "POST":
        with form.catching():
            facts = _told(form)
            changes = None if seen_asked() else changes_of(found, told_as(found, **facts))
            if changes is not None and (changes.come or changes.go):
                return show_changes(
                    changes, title=_("Ce que cela change"), kicker=facts["name"], button=_("Enregistrer la tournée"), back=request.path
                )
            with unit_of_work():
                correct_rota(actor, rota_by_id(actor, number), **facts, seen=seen_asked(), keeping=kept_asked())
                return go("rota.overview", done=_("Tournée enregistrée."), tournee=number)
        found = rota_by_id(actor, number)
    return page("rota/rota_edit.html", form=form, rota=found)
