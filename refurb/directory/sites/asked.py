"""By which of our places a list is filtered: one answer for pages and the JSON door."""

from typing import Final

from flask import request

from refurb.directory.sites.queries import every_site, many_sites
from refurb.kernel.deeds.access import Actor
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import find_actor
from refurb.kernel.web.pages import wants_json

EVERYWHERE: Final = "tous"
"""What an address says instead of a place to have the things of all."""


def site_asked() -> int | None:
    """The place that the address names, `lieu` on a page and `site` in JSON; None where it names none of ours, or there is but one.

    A page that names none is that of the place for which alone its reader's roles are, if there is one: « Tous les lieux » says more.
    """
    if not many_sites():
        return None
    if "lieu" not in request.args and not wants_json():
        return _own_site()
    number = number_asked("lieu" if "lieu" in request.args else "site")
    return number if number in every_site() else None


def _own_site() -> int | None:
    actor = find_actor()
    return own_site(actor) if actor is not None else None


def own_site(actor: Actor) -> int | None:
    """The place for which alone somebody's roles are, if there is one: what is counted for them is what is there."""
    return next(iter(actor.sites)) if len(actor.sites) == 1 else None


def site_kept() -> int | str:
    """What the links of a list say of the place, so that it stays the one that is shown: its number, `tous`, or nothing."""
    return site_asked() or next(iter(everywhere().values()), "")


def everywhere() -> dict[str, str]:
    """What an address says to show all places, to somebody whose list is that of one where it says nothing."""
    return {"lieu": EVERYWHERE} if many_sites() and _own_site() is not None else {}
