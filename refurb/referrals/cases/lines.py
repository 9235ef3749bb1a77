"""What a hand-over gives, line by line: machines and accessories that are put together for whoever receives, and signed for at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from refurb.directory.sites.queries import site_name
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.rules import DrivesNotClean, DrivesUnknown
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound
from refurb.referrals.bought import Purchase
from refurb.referrals.cases.bag_policy import BAGS
from refurb.referrals.connected import CARRIED, HomeConnection
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover
from refurb.referrals.words import ACCESSORIES, Accessory, AllocationState

MOST = 60
"""Machines of one hand-over."""


class NothingToPrepare(Conflict):
    """What was allocated left already, or is not given any more: nothing is put to it, and nothing taken off."""

    code = "handover.nothing_to_prepare"


class FirstLine(Conflict):
    """The device that was decided on is taken off by cancelling its allocation, with a reason."""

    code = "handover.first_line"


class PurchaseAwaited(Conflict):
    """Something that is bought for a hand-over has not come yet: it is awaited, or taken off."""

    code = "purchase.not_received"


class SlipChanged(Conflict):
    """What was shown to whoever signs is not what is handed over any more: it is shown again, and signed then."""

    code = "handover.text_changed"


def open_lines(allocation: Allocation) -> Sequence[HandoverLine]:
    """What is to be handed over, or signed for: the device that was decided on first, then as it was put there."""
    query = select(HandoverLine).where(HandoverLine.allocation_id == allocation.id, HandoverLine.closed_at.is_(None))
    return db.session.scalars(query.order_by(HandoverLine.id)).all()


def lines_of(handover: Handover) -> Sequence[HandoverLine]:
    """What left by a hand-over, and its slip names."""
    return db.session.scalars(select(HandoverLine).where(HandoverLine.handover_id == handover.id).order_by(HandoverLine.id)).all()


def open_line_of(device: Device) -> HandoverLine | None:
    """The open line on which a machine stands: there is one at most."""
    return db.session.scalar(select(HandoverLine).where(HandoverLine.device_id == device.id, HandoverLine.closed_at.is_(None)))


def machines_of(lines: Sequence[HandoverLine]) -> list[Device]:
    """The machines of some lines."""
    return [each.device for each in lines if each.device is not None]


def purchases_of(lines: Sequence[HandoverLine]) -> list[Purchase]:
    """What was bought, of some lines."""
    return [each.purchase for each in lines if each.purchase is not None]


def accessories_of(lines: Sequence[HandoverLine]) -> list[Accessory]:
    """The accessories of some lines, in the order in which they are always named."""
    put = {each.accessory for each in lines}
    return [each for each in Accessory if each in put]


def bag_said(allocation: Allocation) -> str:
    """The accessories that are in the bag, as a page that was drawn sends them back: what was put there meanwhile is not lost to it."""
    lines = accessory_lines(allocation)
    return ",".join(f"{each}:{lines[each].number}" for each in Accessory if each in lines) or "-"


def begin_lines(allocation: Allocation) -> None:
    """A device that was decided on is what its hand-over gives first."""
    db.session.add(HandoverLine(allocation=allocation, device=allocation.device, put_at=now()))
    db.session.flush()


def _prepared(allocation: Allocation) -> None:
    lock(allocation)
    if allocation.state is not AllocationState.ACTIVE:
        raise NothingToPrepare


def add_machine(actor: Actor, allocation: Allocation, *, device: str, reason: str) -> HandoverLine:
    """Give one more machine with the one that was decided on, by name and with a reason; a second press changes nothing."""
    check(actor, Permission.ALLOCATION_WRITE)
    try:
        found = device_by_code(actor, device)
    except NotFound:
        raise Invalid({"device": [Fault("referral.no_such_device")]}) from None
    _prepared(allocation)
    lines = open_lines(allocation)
    there = next((each for each in lines if each.device_id == found.id), None)
    if there is not None:
        return there
    if found.site_id != allocation.device.site_id:
        raise Invalid({"device": [Fault("handover.elsewhere", here=site_name(allocation.device.site_id), there=site_name(found.site_id))]})
    if len(machines_of(lines)) >= MOST:
        raise Invalid({"device": [Fault("handover.too_many", most=MOST)]})
    device_machine.fire(found, "reserve", actor)
    line = HandoverLine(allocation=allocation, device=found, put_at=now())
    db.session.add(line)
    db.session.flush()
    _count_again(allocation)
    write_beside(record(allocation, "line_added", actor, device=found.id), {"reason": reason})
    return line


def drop_machine(actor: Actor, allocation: Allocation, number: int) -> None:
    """Take a machine off again: it is ready for somebody else. A second press changes nothing. Raises `FirstLine`."""
    check(actor, Permission.ALLOCATION_WRITE)
    _prepared(allocation)
    line = next((each for each in open_lines(allocation) if each.id == number and each.device is not None), None)
    if line is None:
        return
    if line.is_first:
        raise FirstLine
    _let_go_of(actor, line)
    record(allocation, "line_dropped", actor, device=line.device_id)
    db.session.delete(line)
    db.session.flush()
    _count_again(allocation)


def _count_again(allocation: Allocation) -> None:
    """Of what nobody has counted there are as many as the machines ask for that are given now."""
    lines, made = open_lines(allocation), BAGS.in_force()
    for line in lines:
        if line.accessory is not None and not line.counted:
            line.number = made.number_of(line.accessory, (each.kind for each in machines_of(lines)))
    db.session.flush()


def _let_go_of(actor: Actor, line: HandoverLine) -> None:
    """Free a machine; one whose drive or memory has lost its proof goes to the workshop."""
    assert line.device is not None
    try:
        device_machine.fire(line.device, "release", actor)
    except (DrivesNotClean, DrivesUnknown):
        device_machine.fire(line.device, "recall", actor)


def end_lines(actor: Actor, allocation: Allocation) -> None:
    """Nothing of an allocation is handed over any more: what was put to it is free, its own device last."""
    lines = open_lines(allocation)
    for line in sorted(lines, key=lambda each: (each.is_first, each.device_id or 0)):
        if line.device is not None:
            _let_go_of(actor, line)
    _close(lines)


def _carried(allocation: Allocation) -> Accessory | None:
    """The box or the card of its connection: it goes with that, and is taken off with it."""
    connected = db.session.scalar(select(HomeConnection.connected_by).where(HomeConnection.allocation_id == allocation.id))
    return CARRIED.get(connected) if connected else None


def set_accessories(allocation: Allocation, accessories: Sequence[Accessory]) -> None:
    """What goes with the machines is this, and nothing else; of what is new as many as its machines ask for."""
    lines, carried = accessory_lines(allocation), _carried(allocation)
    if carried in lines and carried not in accessories:
        raise Invalid({"accessories": [Fault("connection.carries", thing=ACCESSORIES[carried])]})
    pack_accessories(allocation, accessories)


def pack_accessories(allocation: Allocation, accessories: Sequence[Accessory]) -> None:
    """These lie in the bag, and no other: what is to be given with a connection stays to be given while it is not there yet."""
    lines, carried = accessory_lines(allocation), _carried(allocation)
    for word, line in lines.items():
        if word in accessories:
            line.packed_at = line.packed_at or now()
        elif word is carried:
            line.packed_at = None
        else:
            db.session.delete(line)
    for word in dict.fromkeys(accessories):
        if word not in lines:
            put_accessory(allocation, word)
    db.session.flush()


def accessory_lines(allocation: Allocation) -> dict[Accessory, HandoverLine]:
    """What goes with the machines of a hand-over, by its word."""
    return {each.accessory: each for each in open_lines(allocation) if each.accessory is not None}


def put_accessory(allocation: Allocation, word: Accessory, *, packed: bool = True) -> bool:
    """One more thing goes with the machines: as many of it as the policy says of their kinds. What is there stays as it is (False).

    One that is not `packed` is to be given, and somebody of the workshop still puts it into the bag.
    """
    lines, at = open_lines(allocation), now()
    if any(each.accessory is word for each in lines):
        return False
    number = BAGS.in_force().number_of(word, (each.kind for each in machines_of(lines)))
    db.session.add(HandoverLine(allocation=allocation, accessory=word, number=number, put_at=at, packed_at=at if packed else None))
    db.session.flush()
    return True


def drop_accessory(allocation: Allocation, word: Accessory) -> None:
    """A thing goes with the machines no more."""
    line = accessory_lines(allocation).get(word)
    if line is not None:
        db.session.delete(line)
        db.session.flush()


def count_accessories(actor: Actor, allocation: Allocation, numbers: Mapping[Accessory, int]) -> None:
    """Of what goes with the machines there are so many."""
    check(actor, Permission.DEVICE_WORK)
    _prepared(allocation)
    lines = accessory_lines(allocation)
    changed = {word: number for word, number in numbers.items() if word in lines and lines[word].number != number}
    for word, number in changed.items():
        lines[word].number, lines[word].counted = number, True
    if changed:
        db.session.flush()
        record(allocation, "counted", actor, numbers={word.value: number for word, number in changed.items()})


def take_along(allocation: Allocation, accessories: Sequence[Accessory] | None, *, packed: str | None) -> None:
    """What goes with the machines: this, or what is in the bag where nobody said. `packed` is the bag as it was shown (`SlipChanged`)."""
    if packed and packed != bag_said(allocation):
        raise SlipChanged
    if accessories is not None:
        set_accessories(allocation, accessories)


def leave(actor: Actor, handover: Handover, *, signed: bool) -> None:
    """Every machine of a hand-over leaves, or none: with the slip signed, or still to be signed. Raises `PurchaseAwaited`."""
    lines = open_lines(handover.allocation)
    awaited = [each.what for each in purchases_of(lines) if not each.is_here]
    if awaited:
        raise PurchaseAwaited(what=", ".join(awaited))
    for device in sorted(machines_of(lines), key=lambda each: each.id):
        device_machine.fire(device, "hand_over" if signed else "let_go", actor)
    for line in lines:
        line.handover = handover
    db.session.flush()


def signed_for(handover: Handover) -> None:
    """Its slip is signed: its machines may be given again, once they come back."""
    _close(lines_of(handover))


def close_line(line: HandoverLine) -> None:
    """A line holds its machine no more."""
    _close([line])


def _close(lines: Sequence[HandoverLine]) -> None:
    for line in lines:
        line.closed_at = now()
    db.session.flush()


def came_back(actor: Actor, line: HandoverLine) -> bool:
    """A machine came back before its slip was signed; whether the hand-over is off with it, since it was the one that was decided on.

    What left with that one stays on its open line until it comes back in its turn (`still_out`): it is nobody's meanwhile.
    """
    if not line.is_first:
        line.handover, line.closed_at = None, now()
        db.session.flush()
        record(line.allocation, "line_came_back", actor, device=line.device_id)
        return False
    _close([each for each in open_lines(line.allocation) if each.device is None or each.id == line.id])
    return True


def dump_lines(lines: Sequence[HandoverLine]) -> list[dict[str, Any]]:
    """Lines as the JSON door shows them: machines by their code."""
    return [
        {
            "id": each.id,
            "device": each.device.code if each.device else None,
            "accessory": each.accessory,
            "purchase": each.purchase_id,
            "number": each.number,
            "packed_at": each.packed_at and each.packed_at.isoformat(),
        }
        for each in lines
    ]
