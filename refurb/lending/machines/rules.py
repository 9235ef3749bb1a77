"""What must hold of machines and their slots; each refusal says what is possible instead."""

from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.lending.machines.models import MachineSlot


class SlotTaken(Conflict):
    """Somebody has this slot, or a part of it."""

    code = "machine.slot_taken"


class NoSuchSlot(Refusal):
    """The place is closed then, or no slot begins at that hour."""

    code = "machine.no_such_slot"
    status = 422


class SlotPast(Refusal):
    """The slot has begun, or is too far ahead."""

    code = "machine.slot_past"
    status = 422


class MachineOut(Conflict):
    """The machine is out of order on that day."""

    code = "machine.out_of_order"


class NotQualified(Refusal):
    """Nobody has shown this person the machine, or it was too long ago."""

    code = "machine.not_qualified"
    status = 422


class TooYoung(Refusal):
    """The machine is not for somebody of that age."""

    code = "machine.too_young"
    status = 422


class FullUp(Conflict):
    """No place is left in the introduction."""

    code = "machine.full_up"


class SeatTaken(Conflict):
    """This person has a place in the introduction already."""

    code = "machine.seat_taken"


class NotYetBegun(Refusal):
    """Nobody is late for a slot that has not begun."""

    code = "machine.not_yet_begun"


class MachineNameTaken(Conflict):
    """Another machine bears this name."""

    code = "machine.name_taken"


class TooManySlots(Refusal):
    """Too much was asked for from this place lately."""

    code = "machine.too_many"
    status = 429


def has_begun(slot: MachineSlot) -> None:
    """Its time has come."""
    if slot.starts_at > now():
        raise NotYetBegun
