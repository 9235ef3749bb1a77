"""The JSON door of the rota: its passages for everybody, their moves for who may."""

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.rota.planning import AHEAD
from refurb.directory.rota.queries import next_passages, passage_by_id, passages, passages_at, served
from refurb.directory.rota.views.passages import doors, dump_passage
from refurb.directory.rota.views.year import by_commune
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.folding import slug
from refurb.kernel.web.api import answer, api_blueprint
from refurb.kernel.web.asked import day_asked
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.guards import public, requires

api = api_blueprint("rota", "Where the vehicle comes, and when: passages of stops, in instants with their zone.")
P = Permission
SPAN = timedelta(days=92)


@api.route("/passages", methods=["GET"])
@public
def passages_json() -> Response:
    """The passages from `since` (today) for three months, or to `until` (half-open), of one `commune` or of all; open to everybody."""
    first = day_asked("since") or today()
    until = min(day_asked("until") or first + SPAN, first + AHEAD)
    if commune := request.args.get("commune"):
        sites = by_commune(served(first)).get(slug(commune))
        if not sites:
            raise NotFound
        return answer({"items": [dump_passage(each) for each in passages_at([each.id for each in sites], first, until)]})
    return answer({"items": [dump_passage(each) for each in passages(first, until)]})


@api.route("/stops", methods=["GET"])
@public
def stops_json() -> Response:
    """The stops that are served, each with its next two passages; open to everybody."""
    sites = served()
    found = next_passages([each.id for each in sites], today())
    return answer({
        "items": [
            {
                "id": each.id, "name": each.name, "commune": each.commune, "postcode": each.postcode, "place": each.address,
                "next": [dump_passage(row) for row in found[each.id]],
            }
            for each in sites
        ]
    })  # fmt: skip


@api.route("/passages/<int:number>", methods=["GET"])
@requires(P.DIRECTORY_READ)
def passage_json(actor: Actor, number: int) -> Response:
    """One passage."""
    return answer(dump_passage(passage_by_id(actor, number), actor))


add_api(api, doors, "/passages/<int:number>")
