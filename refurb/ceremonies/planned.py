"""What the agenda and our places ask of ceremonies: those on closed days, and those that are still to be held at a place."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import PlannedThing, ThingsThere, at_closed_times
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, _n
from refurb.referrals.models import Allocation

_TO_COME = (CeremonyState.PLANNED, CeremonyState.HELD)


def ceremonies_on(actor: Actor, span: ClosedSpan) -> Sequence[PlannedThing]:
    """The ceremonies planned on days that are closed; families were invited to them, so a person decides."""
    query = select(Ceremony).where(Ceremony.state == CeremonyState.PLANNED, at_closed_times(span, Ceremony.starts_at))
    if span.site_id is not None:
        query = query.where(Ceremony.site_id == span.site_id)
    if not actor.may(Permission.CEREMONY_READ):
        return []
    found = db.session.scalars(query.order_by(Ceremony.starts_at))
    return [
        PlannedThing(
            _("Cérémonie « %(title)s »", title=each.title), local(each.starts_at).date(), "ceremonies.ceremony", {"number": each.id}
        )
        for each in found
    ]


def comes_to_a_ceremony() -> ColumnElement[bool]:
    """Whether somebody is expected at a ceremony for an allocation's device: nobody has to find another hour for it."""
    turns = select(Turn.id).join(Turn.ceremony).where(Turn.allocation_id == Allocation.id, Turn.state == Attendance.EXPECTED)
    return turns.where(Ceremony.state.in_(_TO_COME)).correlate(Allocation).exists()


def ceremonies_at(site_id: int) -> Sequence[ThingsThere]:
    """The ceremonies that are planned or held."""
    count = db.session.scalar(select(func.count()).where(Ceremony.site_id == site_id, Ceremony.state.in_(_TO_COME))) or 0
    return [ThingsThere(_n("%(num)s cérémonie à venir", "%(num)s cérémonies à venir", count), count)]
