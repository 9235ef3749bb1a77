"""What must hold of our places."""

from refurb.directory.sites.models import FIRST, Site
from refurb.directory.sites.queries import every_site, usual_site
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


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


def is_not_the_first(site: Site) -> None:
    """The first place stays."""
    if site.id == FIRST:
        raise FirstSiteStays
