"""The connection of a hand-over: put to it, changed, prolonged or taken off, and looked up before what is paid for ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import plain, record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import midnight, now, today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid
from refurb.kernel.speech.words import _, day
from refurb.referrals.cases.lines import NothingToPrepare, drop_accessory, put_accessory
from refurb.referrals.cases.scope import handable
from refurb.referrals.connected import CONNECTED_BY, PAYERS, ConnectedBy, HomeConnection, Payer
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import Accessory, AllocationState

TELL_END, TELL_PARTNER_OF_END = "tell_connection_end", "tell_partner_of_connection_end"
REMINDS = timedelta(days=30)
"""How long before what is paid for ends it is told."""
SOON = timedelta(days=60)
"""What ends within it stands on the list of the office."""
CARRIED = {ConnectedBy.BOX: Accessory.INTERNET_BOX, ConnectedBy.SIM: Accessory.SIM}
"""What is put into the bag for it."""


class ConnectionSigned(Conflict):
    """What was signed for says which connection it is: after it only until when it is paid, and by whom, is changed."""

    code = "connection.signed"


def connection_of(allocation: Allocation) -> HomeConnection | None:
    """The connection that goes with a hand-over."""
    return db.session.scalar(select(HomeConnection).where(HomeConnection.allocation_id == allocation.id))


def set_connection(
    actor: Actor, allocation: Allocation, *, connected_by: ConnectedBy, operator: str, payer: Payer, paid_until: date | None = None
) -> HomeConnection:
    """Say which connection goes with a hand-over, who pays for it and until when; once it left, who pays and until when alone.

    Raises `ConnectionSigned`, `NothingToPrepare`.
    """
    check(actor, Permission.HANDOVER_WRITE)
    lock(allocation)
    found = connection_of(allocation)
    told: dict[str, Any] = {"connected_by": connected_by, "operator": operator, "payer": payer, "paid_until": paid_until}
    if found is not None and all(getattr(found, name) == value for name, value in told.items()):
        return found
    _is_paid(payer, paid_until)
    _may_be_told(allocation, found, connected_by, operator)
    if found is None:
        found = HomeConnection(allocation=allocation, put_at=now(), **told)
        db.session.add(found)
        db.session.flush()
    elif allocation.handover is None:
        _take_out(allocation, found)
    for name, value in told.items():
        setattr(found, name, value)
    if allocation.handover is None and connected_by in CARRIED:
        put_accessory(allocation, CARRIED[connected_by])
    record(found, "told", actor, **{name: plain(value) for name, value in told.items()})
    _plan_reminder(found)
    return found


def _is_paid(payer: Payer, paid_until: date | None) -> None:
    """Of what somebody else pays the last day is known, and that day is to come."""
    if payer is not Payer.FAMILY and paid_until is None:
        raise Invalid({"paid_until": [Fault("field.required")]})
    if paid_until is not None and paid_until <= today():
        raise Invalid({"paid_until": [Fault("connection.over")]})


def _may_be_told(allocation: Allocation, found: HomeConnection | None, connected_by: ConnectedBy, operator: str) -> None:
    """Whether it is still prepared, or what was signed for stays the same."""
    if allocation.state is AllocationState.CANCELLED or (found is None and allocation.state is not AllocationState.ACTIVE):
        raise NothingToPrepare
    if found is not None and allocation.handover is not None and (found.connected_by, found.operator) != (connected_by, operator):
        raise ConnectionSigned


def drop_connection(actor: Actor, allocation: Allocation) -> None:
    """No connection goes with a hand-over that is prepared. A second press changes nothing."""
    check(actor, Permission.HANDOVER_WRITE)
    lock(allocation)
    found = connection_of(allocation)
    if found is None:
        return
    if allocation.state is not AllocationState.ACTIVE:
        raise ConnectionSigned
    _take_out(allocation, found)
    record(allocation, "connection_dropped", actor)
    db.session.delete(found)
    db.session.flush()


def _take_out(allocation: Allocation, connection: HomeConnection) -> None:
    if connection.connected_by in CARRIED:
        drop_accessory(allocation, CARRIED[connection.connected_by])


def _plan_reminder(connection: HomeConnection) -> None:
    """Told once, a month before what is paid for ends; where that day is nearer, at once. Another day has a reminder of its own."""
    if connection.paid_until is not None:
        due = max(midnight(connection.paid_until - REMINDS), now())
        told = {"connection_id": connection.id, "until": connection.paid_until.isoformat()}
        plan(TELL_PARTNER_OF_END, due_at=due, **told)
        if connection.allocation.referral.beneficiary.email:
            plan(TELL_END, due_at=due, **told)


def is_to_tell(connection: HomeConnection | None, until: str) -> bool:
    """Whether the end of a connection is still what was planned to be told, of something that the family has."""
    if connection is None or connection.paid_until is None or connection.paid_until.isoformat() != until:
        return False
    return connection.allocation.state is AllocationState.FULFILLED and connection.paid_until >= today()


def connection_said(connection: HomeConnection) -> str:
    """A connection as papers and pages say it: by what, whose, who pays and until when."""
    words = {"how": CONNECTED_BY[connection.connected_by], "operator": connection.operator, "payer": str(PAYERS[connection.payer]).lower()}
    if connection.paid_until is None:
        return _("%(how)s, %(operator)s. Qui paie : %(payer)s.", **words)
    return _("%(how)s, %(operator)s. Qui paie : %(payer)s, jusqu'au %(day)s.", day=day(connection.paid_until), **words)


def ending_soon(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The connections of families that end soon, or ended lately, the first to end first; by reference, without a name."""
    query = (
        select(Referral.reference, HomeConnection.connected_by, HomeConnection.operator, HomeConnection.payer, HomeConnection.paid_until)
        .select_from(HomeConnection)
        .join(HomeConnection.allocation)
        .join(Allocation.referral)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .where(HomeConnection.paid_until.between(today() - REMINDS, today() + SOON))
        .where(Allocation.state == AllocationState.FULFILLED, Handover.forgotten_at.is_(None), handable(actor))
        .order_by(HomeConnection.paid_until, HomeConnection.id)
    )
    return db.session.execute(query.limit(100)).all()


def dump_connection(connection: HomeConnection | None) -> dict[str, Any] | None:
    """A connection as the JSON door shows it."""
    if connection is None:
        return None
    return {
        "connected_by": connection.connected_by,
        "operator": connection.operator,
        "payer": connection.payer,
        "paid_until": plain(connection.paid_until),
    }
