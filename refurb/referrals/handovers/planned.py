"""What the agenda, our places and the stops ask of appointments: who is expected on closed days, and what is still to come at a place."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import PlannedThing, ThingsThere, on_closed_days
from refurb.directory.rota.at_stops import ThingAtStop
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n
from refurb.referrals.cases.queries.referrals import Rows
from refurb.referrals.cases.scope import goes_to_homes
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSeat, HandoverSlot
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.models import Allocation, Referral


def _expected() -> Rows:
    query: Rows = (
        select(Referral.reference, HandoverSlot.day, HandoverSlot.site_id)
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(HandoverInvitation, HandoverInvitation.allocation_id == Allocation.id)
        .join(HandoverSeat, HandoverSeat.id == HandoverInvitation.seat_id)
        .join(HandoverSlot, HandoverSlot.id == HandoverSeat.slot_id)
        .where(HandoverInvitation.state == InvitationState.CHOSEN)
        .order_by(HandoverSlot.day, HandoverSlot.from_minute, HandoverInvitation.id)
    )
    return query


def is_expected_today(actor: Actor) -> ColumnElement[bool]:
    """Whether somebody comes for a referral's device today, or came; or is visited, for who goes to homes."""
    states = (InvitationState.CHOSEN, InvitationState.CAME, InvitationState.ABSENT)
    at_desk = () if goes_to_homes(actor) else (HandoverSlot.at_home.is_(False),)
    return Referral.id.in_(
        select(Allocation.referral_id)
        .join(HandoverInvitation, HandoverInvitation.allocation_id == Allocation.id)
        .join(HandoverSeat, HandoverSeat.id == HandoverInvitation.seat_id)
        .join(HandoverSlot, HandoverSlot.id == HandoverSeat.slot_id)
        .where(HandoverSlot.day == today(), HandoverInvitation.state.in_(states), *at_desk)
        .correlate(None)
    )


def _said(reference: str) -> str:
    return _("Remise %(reference)s", reference=reference)


def appointments_on_closed_days(actor: Actor, span: ClosedSpan) -> Sequence[PlannedThing]:
    """The families that are expected on days that are closed: each is called, and given another hour."""
    if not actor.may(Permission.HANDOVER_WRITE):
        return []
    query = _expected().where(on_closed_days(span, HandoverSlot.day))
    if span.hours is not None:
        query = query.where(HandoverSlot.from_minute < span.hours[1], HandoverSlot.until_minute > span.hours[0])
    if span.site_id is not None:
        query = query.where(HandoverSlot.site_id == span.site_id)
    return [
        PlannedThing(_said(row.reference), row.day, "referrals.appointment", {"reference": row.reference})
        for row in db.session.execute(query)
    ]


def slots_at(site_id: int) -> Sequence[ThingsThere]:
    """The slots to come at a place."""
    query = select(func.count()).select_from(HandoverSlot)
    there = HandoverSlot.site_id == site_id, HandoverSlot.day >= today(), HandoverSlot.withdrawn_at.is_(None)
    count = db.session.scalar(query.where(*there)) or 0
    return [ThingsThere(_n("%(num)s créneau de remise à venir", "%(num)s créneaux de remise à venir", count), count)]


def appointments_at_stops(site_ids: Collection[int], first: date) -> list[ThingAtStop]:
    """Who comes for a device at some stops from a day on; told by reference, never by name."""
    query = _expected().where(HandoverSlot.site_id.in_(site_ids), HandoverSlot.at_home.is_(False), HandoverSlot.day >= first)
    return [
        ThingAtStop(row.site_id, row.day, _said(row.reference), "referrals.appointment", {"reference": row.reference})
        for row in db.session.execute(query)
    ]
