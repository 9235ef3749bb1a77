"""The JSON door of workstations and their tokens."""

from typing import Any

from werkzeug.wrappers import Response

from refurb.accounts.actions import make_station, revoke_station, secret_of
from refurb.accounts.models import Token
from refurb.accounts.queries import station_of, stations
from refurb.accounts.schemas import NewStation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.guards import requires

api = api_blueprint("stations", "Workstations and their tokens")
P = Permission


@api.route("/stations", methods=["GET"])
@requires(P.STATION_WRITE)
def stations_json(actor: Actor) -> Response:
    """The workstations, never their secrets."""
    return answer({"items": [_station(each) for each in stations(actor)]})


@api.route("/stations", methods=["POST"])
@api.doc(requestBody={"content": {"application/json": {"schema": NewStation}}})
@requires(P.STATION_WRITE)
def station_make_json(actor: Actor) -> Response:
    """Make a token; this answer is the one that ever shows it."""
    facts = load(NewStation, json_body())
    with unit_of_work():
        made = make_station(actor, **facts)
        return answer({"name": made.name, "role": made.role, "token": secret_of(made)}, 201)


@api.route("/stations/<int:number>", methods=["DELETE"])
@requires(P.STATION_WRITE)
def station_revoke_json(actor: Actor, number: int) -> Response:
    """Close a token for good."""
    token = station_of(actor, number)
    with unit_of_work():
        revoke_station(actor, token)
        return answer(_station(token))


def _station(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "created_at": token.created_at.isoformat(),
        "ends_at": token.ends_at.isoformat() if token.ends_at else None,
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
    }
