"""The page of a day on the road: by stop what to load and what comes back; ticked by scan on a telephone, or printed."""

from datetime import date, timedelta

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.rota.models import Rota
from refurb.directory.rota.queries import rota_of_adviser, rotas, tour_of
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import said_hours
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import item_by_code
from refurb.lending.queries import days_late
from refurb.lending.tours.actions import load_up
from refurb.lending.tours.queries import tour_list

P = Permission
AHEAD = 31


@blueprint.get("/itinerance/tournee")
@requires(P.LOAN_READ)
def tour(actor: Actor) -> Response:
    """A day of a rota; the actor's own next one where none is asked."""
    return _tour_page(actor)


@blueprint.post("/itinerance/tournee")
@requires(P.LOAN_WRITE)
def tour_loaded(actor: Actor) -> Response:
    """A thing that was scanned is in the vehicle, in the bag of whoever fetches it."""
    chosen = _chosen(actor, list(rotas()))
    day = day_asked("jour") or _next_day(chosen)
    try:
        item = item_by_code(actor, request.form.get("code", "").strip()[:200])
        with unit_of_work():
            bag = load_up(actor, tour_list(actor, tour_of(chosen, day) if chosen else [], day), item)
            done = _("%(name)s est dans le sac de %(reference)s.", name=item.name, reference=bag.reference)
            return go("lending.tour", done=done, jour=day.isoformat(), tournee=chosen.id if chosen else None)
    except Refusal as refusal:
        return _tour_page(actor, refusal)


def _tour_page(actor: Actor, refusal: Refusal | None = None) -> Response:
    found = list(rotas())
    chosen = _chosen(actor, found)
    day = day_asked("jour") or _next_day(chosen)
    passages = tour_of(chosen, day) if chosen else []
    return page(
        "lending/tours/tour.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        may_load=actor.may(P.LOAN_WRITE),
        rotas=found,
        rota=chosen,
        day_shown=day,
        stops=tour_list(actor, passages, day),
        looks=passage_machine.looks,
        said_hours=said_hours,
        days_late=days_late,
        sees_borrower=actor.may(P.BORROWER_READ),
    )


def _chosen(actor: Actor, found: list[Rota]) -> Rota | None:
    named = next((each for each in found if each.id == number_asked("tournee")), None)
    own = rota_of_adviser(actor.id, today())
    return named or next((each for each in found if own is not None and each.id == own.id), found[0] if found else None)


def _next_day(rota: Rota | None) -> date:
    """The first day from today on, within a month, on which a rota is on the road; else today."""
    ahead = (today() + timedelta(days=each) for each in range(AHEAD))
    return next((day for day in ahead if rota and any(not each.state.is_off for each in tour_of(rota, day))), today())
