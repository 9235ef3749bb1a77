"""The JSON door of our places: where they are, when they are open, and on which days something can be agreed on there."""

from datetime import timedelta
from typing import Any

from werkzeug.wrappers import Response

from refurb.directory.agenda.queries import closures, days_of
from refurb.directory.sites.queries import SiteCard, every_site, open_sites
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.api import answer, api_blueprint
from refurb.kernel.web.guards import requires

api = api_blueprint("sites", "Our places: their addresses, their hours in OpenStreetMap's form, their closures.")
P = Permission
AHEAD = 60


def site_json(site: SiteCard) -> dict[str, Any]:
    """A place; `hours` is null where nobody has said them."""
    return {name: getattr(site, name) for name in ("id", "name", "kind", "address", "postcode", "commune", "phone", "hours")}


@api.route("/sites", methods=["GET"])
@requires(P.DIRECTORY_READ)
def sites_json(_actor: Actor) -> Response:
    """The places that we have, the first first."""
    return answer({"items": [site_json(each) for each in open_sites()]})


@api.route("/sites/<int:number>", methods=["GET"])
@requires(P.DIRECTORY_READ)
def site_one_json(_actor: Actor, number: int) -> Response:
    """One place, its closures to come, and which of the next 60 days are open."""
    site = every_site().get(number)
    if site is None:
        raise NotFound
    days = days_of(number)
    ahead = (today() + timedelta(days=each) for each in range(AHEAD))
    closed = [
        {
            "reason": row.reason,
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
            "yearly": row.yearly,
            "from_minute": row.from_minute,
            "until_minute": row.until_minute,
        }
        for row in closures(number)
    ]
    return answer({**site_json(site), "closures": closed, "open_days": [day.isoformat() for day in ahead if days.is_open(day)]})
