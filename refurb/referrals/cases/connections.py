"""The connection of a hand-over: put to it, changed, prolonged or taken off, and looked up before what is paid for ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.history import plain, record, write_beside
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import midnight, now, today
from refurb.kernel.speech.errors import Conflict, Fault, Forbidden, Invalid
from refurb.kernel.speech.words import _, day
from refurb.referrals.cases.lines import NothingToPrepare, drop_accessory, put_accessory
from refurb.referrals.cases.queries.referrals import may_open
from refurb.referrals.cases.scope import visible
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.connected import CARRIED, CONNECTED_BY, PAYERS, ConnectedBy, HomeConnection, Payer
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import AllocationState

TELL_END, TELL_PARTNER_OF_END = "tell_connection_end", "tell_partner_of_connection_end"
REMINDS = timedelta(days=30)
"""How long before what is paid for ends it is told."""
SOON = timedelta(days=60)
"""What ends within it stands on the list of the office."""


class ConnectionSigned(Conflict):
    """What was signed for says which connection it is: after it only until when it is paid, and by whom, is changed."""

    code = "connection.signed"


def connection_of(allocation: Allocation) -> HomeConnection | None:
    """The connection that a family has: that which goes with this hand-over, or went with the one whose device it replaces."""
    found = own_connection_of(allocation)
    while found is None and allocation.replaces_id is not None:
        allocation = db.session.get_one(Allocation, allocation.replaces_id)
        found = own_connection_of(allocation)
    return found


def own_connection_of(allocation: Allocation) -> HomeConnection | None:
    """The connection that goes with this hand-over, and its slip names."""
    return db.session.scalar(select(HomeConnection).where(HomeConnection.allocation_id == allocation.id))


def may_say(actor: Actor, allocation: Allocation) -> bool:
    """Whether somebody says of a hand-over which connection goes with it: of what a family has already, who may open its file."""
    found = connection_of(allocation)
    return found is None or found.allocation.handover is None or may_open(actor, allocation.referral)


def set_connection(
    actor: Actor, allocation: Allocation, *, connected_by: ConnectedBy, operator: str, payer: Payer, paid_until: date | None = None
) -> HomeConnection:
    """Say which connection goes with a hand-over, who pays for it and until when; once it left, who pays and until when alone.

    What a family has is prolonged by whoever may open its file. Raises `ConnectionSigned`, `NothingToPrepare`.
    """
    check(actor, Permission.HANDOVER_WRITE)
    lock(allocation)
    found = _to_change(allocation, connected_by, operator)
    if not may_say(actor, allocation):
        raise Forbidden(permission=Permission.REFERRAL_READ.value)
    allocation = _giving(allocation, found)
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
    if allocation.handover is None:
        found.brought = connected_by in CARRIED and put_accessory(allocation, CARRIED[connected_by], packed=False)
    facts = {name: plain(value) for name, value in told.items() if name != "operator"}
    write_beside(record(allocation, "connection_told", actor, **facts), {"operator": operator})
    if allocation.handover is not None:
        _plan_reminder(found)
    return found


def _to_change(allocation: Allocation, connected_by: ConnectedBy, operator: str) -> HomeConnection | None:
    """The connection that is meant: a device that stands in for another may bring one of its own, beside what the family has."""
    found = connection_of(allocation)
    if found is None or found.allocation is allocation or allocation.state is not AllocationState.ACTIVE:
        return found
    return found if (found.connected_by, found.operator) == (connected_by, operator) else None


def _giving(allocation: Allocation, found: HomeConnection | None) -> Allocation:
    """The hand-over that gives a connection, or gave it before a swap, held."""
    if found is None or found.allocation is allocation:
        return allocation
    lock(found.allocation)
    return found.allocation


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
    if found.allocation is not allocation or allocation.state is not AllocationState.ACTIVE:
        raise ConnectionSigned
    _take_out(allocation, found)
    record(allocation, "connection_dropped", actor)
    db.session.delete(found)
    db.session.flush()


def _take_out(allocation: Allocation, connection: HomeConnection) -> None:
    """What was put into the bag for it; what the workshop had put there stays."""
    if connection.brought:
        connection.brought = False
        db.session.flush()
        drop_accessory(allocation, CARRIED[connection.connected_by])


def _plan_reminder(connection: HomeConnection) -> None:
    """Told once, a month before what is paid for ends; where that day is nearer, at once. Another day has a reminder of its own.

    Whether there is an address is looked up when its turn comes: it may be known only then.
    """
    if connection.paid_until is not None:
        due = max(midnight(connection.paid_until - REMINDS), now())
        told: dict[str, Any] = {"connection_id": connection.id, "until": connection.paid_until.isoformat()}
        for kind in (TELL_PARTNER_OF_END, TELL_END):
            if not _is_planned(kind, **told):
                plan(kind, due_at=due, **told)


def _is_planned(kind: str, connection_id: int, until: str) -> bool:
    told = Effect.facts["connection_id"].as_integer() == connection_id, Effect.facts["until"].as_string() == until
    waits = Effect.kind == kind, Effect.done_at.is_(None), Effect.given_up_at.is_(None)
    return db.session.scalar(select(Effect.id).where(*waits, *told).limit(1)) is not None


def _follow_allocation(allocation: Allocation, row: Move[AllocationState], _actor: Actor, _facts: dict[str, Any]) -> None:
    """What left has an end that is told; before, there is nobody to tell."""
    found = own_connection_of(allocation) if row.target is AllocationState.FULFILLED else None
    if found is not None:
        _plan_reminder(found)


allocation_machine.followers.append(_follow_allocation)


def is_to_tell(connection: HomeConnection | None, until: str) -> bool:
    """Whether the end of a connection is still what was planned to be told, of something that the family has."""
    if connection is None or connection.paid_until is None or connection.paid_until.isoformat() != until:
        return False
    return connection.allocation.state is AllocationState.FULFILLED and connection.paid_until >= today()


def connection_named(connection: HomeConnection) -> str:
    """By what, and whose."""
    return _("%(how)s, %(operator)s", how=CONNECTED_BY[connection.connected_by], operator=connection.operator)


def connection_said(connection: HomeConnection, *, dated: bool = True) -> str:
    """A connection as papers and pages say it: by what, whose, who pays and until when, unless that day is said beside."""
    words = {"how": CONNECTED_BY[connection.connected_by], "operator": connection.operator, "payer": str(PAYERS[connection.payer]).lower()}
    if connection.paid_until is None or not dated:
        return _("%(how)s, %(operator)s. Qui paie : %(payer)s.", **words)
    return _("%(how)s, %(operator)s. Qui paie : %(payer)s, jusqu'au %(day)s.", day=day(connection.paid_until), **words)


def ending_soon(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The connections of families that end soon, or ended lately, the first to end first; by reference, of files one may open."""
    query = (
        select(Referral.reference, HomeConnection.connected_by, HomeConnection.operator, HomeConnection.payer, HomeConnection.paid_until)
        .select_from(HomeConnection)
        .join(HomeConnection.allocation)
        .join(Allocation.referral)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .where(HomeConnection.paid_until.between(today() - REMINDS, today() + SOON))
        .where(Allocation.state == AllocationState.FULFILLED, Handover.forgotten_at.is_(None), visible(actor))
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
