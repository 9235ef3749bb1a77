"""What must hold of a visit before it is counted, corrected or taken back."""

from datetime import date

from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Actor, Permission, check_place
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.errors import Fault, Invalid, NotFound, Refusal
from refurb.visits.models import Visit


class PlaceClosed(Refusal):
    """A place that was given up is visited no more."""

    code = "visit.place_closed"


class DayOver(Refusal):
    """A visit is corrected until the midnight after it was entered: then nobody can tell any more which it was."""

    code = "visit.day_over"


class GroupSize(Refusal):
    """A group is of one person at least, and of no more than a room holds."""

    code = "visit.group_size"


class AnsweredAlready(Refusal):
    """The question has its answer, or its time is over."""

    code = "visit.answered"
    status = 410


def is_counted_at(actor: Actor, site_id: int) -> None:
    """A visit is to a place of ours that we still have, by somebody whose role is for that place, or for all. Raises `Elsewhere`."""
    site = every_site().get(site_id)
    if site is None:
        raise Invalid({"site": [Fault("field.choice")]})
    check_place(actor, Visit(site_id=site_id), Permission.VISIT_COUNT)
    if site.archived_at is not None:
        raise PlaceClosed(name=site.name)


def entered_on(visit: Visit) -> date | None:
    """The day on which it was entered, as long as that is known."""
    return local(visit.entered_at).date() if visit.entered_at else None


def is_correctable(actor: Actor, visit: Visit) -> None:
    """One's own, entered today, at a place of one's role: another's is not known (`NotFound`)."""
    if visit.counted_by != actor.id:
        raise NotFound
    check_place(actor, visit, Permission.VISIT_COUNT)
    if entered_on(visit) != today():
        raise DayOver
