"""Our places: the first, a second, and days that are closed."""

from datetime import date, timedelta
from typing import Any

from refurb.directory.agenda.actions import close_days, sum_of_planned
from refurb.directory.agenda.models import ClosedDays
from refurb.directory.agenda.rules import span_to_close
from refurb.directory.sites.actions import add_site
from refurb.directory.sites.models import Site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.chapters import chapter
from tests.support.story import people

DESK = "Fablab de Civray"


@chapter
def second(name: str = DESK, hours: str | None = None) -> Site:
    """A second place: a desk in the next town."""
    with unit_of_work():
        return add_site(people.actor(Role.COORDINATOR), name=name, kind=SiteKind.DESK, commune="Civray", hours=hours)


def closed(first: date, last: date | None = None, **facts: Any) -> ClosedDays:
    """Days closed by the coordination, who looked at what that moves."""
    actor, told = people.actor(Role.COORDINATOR), {"reason": "Inventaire", **facts}
    with unit_of_work():
        return close_days(actor, first=first, last=last, seen=sum_of_planned(actor, span_to_close(first, last, **told)), **told)


def monday(weeks: int = 2) -> date:
    """A Monday to come."""
    return today() + timedelta(days=7 * weeks - today().weekday())
