"""Reservations that begin or end on days that are to be closed, or are at a place that is to be given up: somebody moves each."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import func, or_, select

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import PlannedThing, ThingsThere, on_closed_days
from refurb.directory.agenda.queries import stays_open
from refurb.directory.rota.at_stops import ThingAtStop
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _, _n
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.words import TO_COME


def reservations_on(_actor: Actor, span: ClosedSpan) -> list[PlannedThing]:
    """The days to fetch and to bring back that are to be closed. Told by reference, never by borrower; none moves by itself."""
    begins, ends = on_closed_days(span, Reservation.from_on), on_closed_days(span, Reservation.to_on)
    query = select(Reservation, begins.label("begins"), ends.label("ends")).where(Reservation.state.in_(TO_COME), or_(begins, ends))
    if span.site_id is not None:
        query = query.where(func.coalesce(Reservation.handover_id, Reservation.site_id) == span.site_id)
    found = db.session.execute(query.order_by(Reservation.from_on, Reservation.id)).all()
    told = [(each, there) for each, begins, ends in found for there in _told(each, begins=begins, ends=ends)]
    return [there for each, there in told if not stays_open(span, each.handover_id or each.site_id, there.day)]


def _told(reservation: Reservation, *, begins: bool, ends: bool) -> Iterator[PlannedThing]:
    leads_to = ("lending.reservation", {"reference": reservation.reference})
    if begins:
        yield PlannedThing(_("Réservation %(reference)s, retrait", reference=reservation.reference), reservation.from_on, *leads_to)
    if ends:
        yield PlannedThing(_("Réservation %(reference)s, retour", reference=reservation.reference), reservation.to_on, *leads_to)


def reservations_at(site_id: int) -> Sequence[ThingsThere]:
    """The reservations to come at a place."""
    count = db.session.scalar(select(func.count()).where(Reservation.site_id == site_id, Reservation.state.in_(TO_COME))) or 0
    return [ThingsThere(_n("%(num)s réservation à venir", "%(num)s réservations à venir", count), count)]


def reservations_at_stops(site_ids: Collection[int], first: date) -> list[ThingAtStop]:
    """What is fetched and brought back at some stops from a day on, as it was agreed on. Told by reference, never by borrower."""
    to_come = Reservation.state.in_(TO_COME) & or_(Reservation.from_on >= first, Reservation.to_on >= first)
    found = db.session.scalars(select(Reservation).where(Reservation.handover_id.in_(site_ids), to_come).order_by(Reservation.id))
    return [
        ThingAtStop(each.handover_id, told.day, told.what, told.endpoint, told.values)
        for each in found
        for told in _told(each, begins=True, ends=True)
        if each.handover_id is not None and told.day >= first
    ]
