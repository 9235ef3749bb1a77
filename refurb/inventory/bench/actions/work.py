"""Taking a machine in hand, passing it to a colleague, putting it down; leaving the bench puts it down by itself."""

from typing import Any

from refurb.accounts.queries import names_of
from refurb.inventory.bench.models import Holding
from refurb.inventory.bench.queries.work import open_holding, technicians
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import AT_BENCH
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, Refusal


class NotAtBench(Refusal):
    """Only what stands at the bench is taken in hand."""

    code = "work.not_at_bench"


class InOtherHands(Conflict):
    """A colleague has the machine in hand."""

    code = "work.in_other_hands"


class InYourHands(Conflict):
    """Whoever takes the machine has it already."""

    code = "work.in_your_hands"


class InNoHands(Conflict):
    """Nobody has the machine in hand."""

    code = "work.in_no_hands"


def pick_up(actor: Actor, device: Device) -> Holding:
    """Take a machine of the bench in hand; refused while a colleague has it (it can be passed on by `pass_on`)."""
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    _refuse_elsewhere(device)
    held = open_holding(device)
    if held is not None:
        if held.account_id == actor.id:
            raise InYourHands
        raise InOtherHands(who=names_of({held.account_id}).get(held.account_id), since=held.since)
    assert actor.id is not None
    taken = _hold(device, actor.id, None)
    record(device, "picked_up", actor)
    return taken


def pass_on(actor: Actor, device: Device, *, to: int, note: str | None = None) -> Holding:
    """Put a machine into a colleague's hands, or take it over from one; what they should know is kept beside the history."""
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    _refuse_elsewhere(device)
    if to not in {account_id for account_id, _name in technicians()}:
        raise Invalid({"to": [Fault("work.not_of_the_workshop")]})
    held = open_holding(device)
    if held is not None and held.account_id == to:
        raise InYourHands if to == actor.id else InOtherHands(who=names_of({to}).get(to), since=held.since)
    came_from = _let_go(held)
    taken = _hold(device, to, actor.id if actor.id != to else None)
    happened = record(device, "handed_over_to", actor, **{"to": to, "from": came_from})
    write_beside(happened, {"note": note} if note else {})
    return taken


def put_down(actor: Actor, device: Device) -> None:
    """Put a machine back where everybody may take it."""
    check(actor, Permission.DEVICE_WORK)
    lock(device)
    held = open_holding(device)
    if held is None:
        raise InNoHands
    record(device, "put_down", actor, **{"from": _let_go(held)})


def _refuse_elsewhere(device: Device) -> None:
    if device.state not in AT_BENCH:
        raise NotAtBench(state=device_machine.looks[device.state].word)


def _hold(device: Device, account_id: int, giver_id: int | None) -> Holding:
    taken = Holding(device_id=device.id, account_id=account_id, given_by=giver_id, since=now(), until=None)
    db.session.add(taken)
    db.session.flush()
    return taken


def _let_go(held: Holding | None) -> int | None:
    if held is None:
        return None
    held.until = now()
    db.session.flush()  # Before the next pair of hands: the index allows one.
    return held.account_id


def leave_hands(device: Device, _actor: Actor, facts: dict[str, Any]) -> None:
    """What leaves the bench leaves the hands that had it."""
    came_from = _let_go(open_holding(device))
    if came_from is not None:
        facts["left_hands_of"] = came_from


for _row in device_machine.moves:
    if _row.target not in AT_BENCH:
        device_machine.does(_row.name)(leave_hands)
