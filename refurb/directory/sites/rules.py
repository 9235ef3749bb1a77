"""What must hold of our places."""

from collections.abc import Mapping
from typing import Any

from refurb.directory.sites.models import FIRST, Site
from refurb.directory.sites.queries import every_site, site_name, usual_site
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.errors import Conflict, Fault, Invalid
from refurb.kernel.speech.sentences import reworded


class SiteTaken(Conflict):
    """Another place has this name."""

    code = "site.name_taken"


class SiteInUse(Conflict):
    """Things are at the place, or are planned there: it is not given up before they are elsewhere."""

    code = "site.in_use"


class FirstSiteStays(Conflict):
    """The first place is where everything is that nobody says otherwise of: it may move and be renamed, not go."""

    code = "site.first_stays"


class SiteGivenUp(Conflict):
    """The place was given up: nothing comes to it any more."""

    code = "site.given_up"


def chosen_site(actor: Actor, site_id: int | None) -> int:
    """The place that somebody chose, which is one that we have; their usual one where they chose none. Raises `Invalid`."""
    if site_id is None:
        return usual_site(actor)
    found = every_site().get(site_id)
    if found is None or found.archived_at is not None:
        raise Invalid({"site_id": [Fault("field.choice")]})
    return site_id


@reworded("site.elsewhere")
def _named(facts: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """The places by their names: where the thing is, and for which the role was given."""
    own = ", ".join(site_name(each) for each in facts["sites"])
    return "site.elsewhere", {"there": site_name(facts["there"]), "own": own}


def is_not_the_first(site: Site) -> None:
    """The first place stays."""
    if site.id == FIRST:
        raise FirstSiteStays
