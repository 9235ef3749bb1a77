"""One machine of a batch: the batch's move of it, or its own next step; made once, however often the batch is sent."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from refurb.inventory.bench.actions.work import pick_up
from refurb.inventory.bench.models import BatchLine
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Refusal, WrongState
from refurb.kernel.speech.words import _l

# In place of a move's name: each machine's own next step, or taking it in hand.
NEXT, TAKE = "next", "pick_up"
KEPT_FOR = timedelta(days=30)


class DoneInBatch(Conflict):
    """This batch has moved this machine already."""

    code = "batch.done_already"


class NothingNext(Refusal):
    """This machine has no next step in the workshop."""

    code = "batch.nothing_next"


def move_in_batch(actor: Actor, device: Device, *, batch: str, move: str, facts: Mapping[str, Any]) -> str:
    """Do to one device what its batch does, and remember it under the batch's key; returns the name of the move that was made.

    Raises `DoneInBatch` (with the move and its hour) for a machine that this batch has moved before, and whatever refuses the move.
    """
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    known = db.session.scalar(
        select(BatchLine).where(BatchLine.account_id == actor.id, BatchLine.batch == batch, BatchLine.device_id == device.id)
    )
    if known is not None:
        raise DoneInBatch(move=known.move, at=known.at)
    if move == TAKE:
        pick_up(actor, device)
        made = TAKE
    else:
        made = _next_of(actor, device) if move == NEXT else move
        _fire(device, made, actor, facts)
    db.session.add(BatchLine(account_id=actor.id, batch=batch, device_id=device.id, move=made, at=now()))
    return made


def _fire(device: Device, made: str, actor: Actor, facts: Mapping[str, Any]) -> None:
    """Make the move. Whoever scans a pile has looked at no page that somebody else made old: they are told where it stands, since when."""
    since = device.moved_at
    try:
        device_machine.fire(device, made, actor, **facts)
    except WrongState as late:
        raise WrongState(late.code, **{**late.facts, "since": since}) from late


def _next_of(actor: Actor, device: Device) -> str:
    """The first open forward move, as the device's page proposes it; raises what closes the first one where none is open."""
    forward = [each for each in device_machine.open_to(device, actor) if each.move.forward]
    open_one = next((each.move.name for each in forward if each.closed is None and each.move.facts is None), None)
    if open_one is not None:
        return open_one
    closed = next((each.closed for each in forward if each.closed is not None), None)
    raise closed or NothingNext(state=device_machine.looks[device.state].word)


forget_batches = Term(
    key="bench.batches",
    who=_l("Personne de l'équipe qui scanne un lot"),
    what=_l("quels codes elle a scannés d'affilée ; ce qui en résulte reste"),
    remains=_l("Ce qui a été fait de chaque machine"),
    lasts=KEPT_FOR,
    model=BatchLine,
    past=lambda: BatchLine.at < now() - KEPT_FOR,
    hourly=True,
)
