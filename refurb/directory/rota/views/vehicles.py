"""The page of a vehicle: who is on the road with it, what its counter shows, what upkeep is due."""

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.rota.actions.passages import read_odometer
from refurb.directory.rota.queries import advisers_of, readings_of, rotas, upkeep_due
from refurb.directory.rota.schemas import OdometerFacts
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.sites.queries import every_site, site_by_id
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


@blueprint.route("/itinerance/vehicules/<int:number>", methods=["GET", "POST"])
@requires(P.DIRECTORY_READ)
def vehicle(actor: Actor, number: int) -> Response:
    """A vehicle, and the form that notes its kilometres."""
    if number not in every_site() or every_site()[number].kind is not SiteKind.VAN:
        raise NotFound
    form = Form(OdometerFacts, start={"day": today()})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                read_odometer(actor, site_by_id(actor, number), **facts)
                return go("rota.vehicle", done=_("Compteur noté."), number=number)
    found = readings_of(number)
    return page(
        "rota/vehicle.html",
        form=form,
        vehicle=every_site()[number],
        rotas=[each for each in rotas() if each.vehicle_id == number],
        advisers_of=advisers_of,
        readings=[(each, each.kilometres - found[at + 1].kilometres if at + 1 < len(found) else None) for at, each in enumerate(found)],
        upkeep=upkeep_due([number]).get(number),
        today=today(),
        may=actor.may(P.ROTA_WRITE),
    )
