"""The pages of workstations: where a bench's token is made, seen and revoked."""

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from refurb.accounts.actions import make_station, revoke_station, secret_to_show
from refurb.accounts.queries import station_of, stations
from refurb.accounts.schemas import STATION_RIGHTS, NewStation
from refurb.kernel.deeds.access import ROLES, Actor, Permission, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("stations", __name__)
P = Permission


@blueprint.route("/postes", methods=["GET", "POST"])
@requires(P.STATION_WRITE)
def station_list(actor: Actor) -> Response:
    """The workstations that send reports; a POST makes a token, and leads to the one page that shows it."""
    form = Form(NewStation, start={"role": Role.STATION})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                made = make_station(actor, **facts)
                return go("stations.station_made", number=made.id)
    return page("accounts/stations.html", form=form, stations=stations(actor), roles=ROLES, rights=STATION_RIGHTS)


@blueprint.get("/postes/<int:number>/jeton")
@requires(P.STATION_WRITE)
def station_made(actor: Actor, number: int) -> Response:
    """The token, for whoever has just made it: a second press, or a page that did not arrive, loses nothing."""
    token = station_of(actor, number)
    secret = secret_to_show(actor, token)
    return page("accounts/station_made.html", secret=secret, name=token.name, address=current_app.config["BASE_URL"].rstrip("/"))


@blueprint.route("/postes/<int:number>/revoquer", methods=["GET", "POST"])
@requires(P.STATION_WRITE)
def station_revoke(actor: Actor, number: int) -> Response:
    """Close a token for good: the question, and the deed."""
    token = station_of(actor, number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            revoke_station(actor, token)
            return go("stations.station_list", done=_("Jeton révoqué : ce poste ne peut plus rien envoyer."))
        token = station_of(actor, number)
    return page("accounts/station_revoke.html", form=form, station=token)
