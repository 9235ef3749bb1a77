"""By which of our places a list is filtered: one answer for pages and the JSON door."""

from flask import request

from refurb.directory.sites.queries import every_site, many_sites
from refurb.kernel.web.asked import number_asked


def site_asked() -> int | None:
    """The place that the address names, `lieu` on a page and `site` in JSON; None where it names none of ours, or there is but one."""
    if not many_sites():
        return None
    number = number_asked("lieu" if "lieu" in request.args else "site")
    return number if number in every_site() else None
