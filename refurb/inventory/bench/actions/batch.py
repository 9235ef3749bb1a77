"""One machine of a batch: the batch's move of it, or its own next step; made once, however often the batch is sent."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from refurb.inventory.bench.actions.work import pick_up, put_down
from refurb.inventory.bench.models import BatchLine
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
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


class NotToTakeBack(Conflict):
    """What this batch did to the machine cannot be taken back: the machine went on since, or this step leads nowhere back."""

    code = "batch.not_to_take_back"


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


def done_in_batch(actor: Actor, batch: str) -> list[str]:
    """The codes of the machines that a batch of this actor has moved, the last one first."""
    lines = select(Device.code).join(BatchLine, BatchLine.device_id == Device.id)
    return list(db.session.scalars(lines.where(BatchLine.account_id == actor.id, BatchLine.batch == batch).order_by(BatchLine.id.desc())))


def take_back_in_batch(actor: Actor, device: Device, *, batch: str, reason: str) -> str:
    """Take back what a batch of this actor did to one device, to where it was before; returns the name of the move that did.

    The batch forgets the device, and may move it again. Raises `NotToTakeBack` where something else happened to it since, be it the same
    step anew, and where no way leads back to where it was.
    """
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    line = db.session.scalar(
        select(BatchLine).where(BatchLine.account_id == actor.id, BatchLine.batch == batch, BatchLine.device_id == device.id)
    )
    last = last_event(device)
    if line is None or last is None or (last.actor_id, last.move) != (actor.id, "picked_up" if line.move == TAKE else line.move):
        raise NotToTakeBack
    if last.at > line.at:  # The same step, but not by this batch: it was taken back and made again.
        raise NotToTakeBack
    db.session.delete(line)
    if line.move == TAKE:
        put_down(actor, device)
        return TAKE
    came_from = DeviceState(last.facts["from"])
    back = device_machine.way_back(device, line.move, came_from, actor)
    if back is None or back.target is not came_from:
        raise NotToTakeBack
    device_machine.fire(device, back.name, actor, **({"reason": reason} if back.facts and "reason" in back.facts().fields else {}))
    return back.name


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
