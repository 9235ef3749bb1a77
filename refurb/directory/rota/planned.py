"""What a closure of places does to the rota, and what keeps a stop or a vehicle from being given up."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import PlannedThing, ThingsThere, on_closed_days
from refurb.directory.rota.models import Passage, Rota
from refurb.directory.rota.queries import passages_to_come_at
from refurb.directory.rota.words import PassageState
from refurb.directory.sites.queries import site_name
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _, _n


def passages_on(_actor: Actor, span: ClosedSpan) -> list[PlannedThing]:
    """The passages on days that are to be closed, each with the next one of its stop: they do not take place.

    Some closed hours stop no vehicle by themselves: a passage that meets them is told, and goes unless somebody moves it.
    """
    query = select(Passage).join(Rota, Rota.id == Passage.rota_id).order_by(Passage.day, Passage.opens)
    query = query.where(Passage.state == PassageState.PLANNED, on_closed_days(span, Passage.day))
    if span.hours is not None:
        query = query.where(Passage.opens < span.hours[1], Passage.closes > span.hours[0])
    if span.site_id is not None:
        query = query.where((Passage.site_id == span.site_id) | (Rota.vehicle_id == span.site_id))
    return [
        PlannedThing(_("Passage, %(stop)s", stop=site_name(each.site_id)), each.day, "rota.passage", {"number": each.id}, _next(each, span))
        for each in db.session.scalars(query)
    ]


def _next(passage: Passage, span: ClosedSpan) -> date | None:
    if span.hours is not None:
        return None
    later = select(Passage.day).where(Passage.site_id == passage.site_id, Passage.day > passage.day, Passage.state == PassageState.PLANNED)
    return next((day for day in db.session.scalars(later.order_by(Passage.day).limit(40)) if not span.holds(day)), None)


def passages_of_place(site_id: int) -> Sequence[ThingsThere]:
    """The passages to come at a stop, or of a vehicle."""
    count = passages_to_come_at(site_id)
    return [ThingsThere(_n("%(num)s passage à venir", "%(num)s passages à venir", count), count)]
