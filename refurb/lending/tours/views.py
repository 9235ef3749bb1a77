"""The page of a day on the road: by stop what to load and what comes back, for the morning; it prints."""

from datetime import date, timedelta

from werkzeug.wrappers import Response

from refurb.directory.rota.models import Rota
from refurb.directory.rota.queries import rota_of_adviser, rotas, tour_of
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import said_hours
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.lending.blueprint import blueprint
from refurb.lending.queries import days_late
from refurb.lending.tours.queries import tour_list

P = Permission
AHEAD = 31


@blueprint.get("/itinerance/tournee")
@requires(P.LOAN_READ)
def tour(actor: Actor) -> Response:
    """A day of a rota; the actor's own next one where none is asked."""
    found = list(rotas())
    chosen = _chosen(actor, found)
    day = day_asked("jour") or _next_day(chosen)
    passages = tour_of(chosen, day) if chosen else []
    return page(
        "lending/tours/tour.html",
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
