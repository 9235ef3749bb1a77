"""What must hold of tickets; each rule raises the refusal that says what is missing."""

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.queries import family_of, to_replace
from refurb.referrals.aftersales.words import Outcome
from refurb.referrals.cases.queries.allocations import allocation_of

MOST_OPEN = 3
"""So many tickets of one device are open at once, when told without an account."""


class NotWithAFamily(Conflict):
    """The device is not with a family: nobody has trouble with it."""

    code = "ticket.not_with_a_family"


class OwnMachine(Conflict):
    """It is the person's own machine: it is no stock of ours, and neither swapped nor taken back."""

    code = "ticket.own_machine"


class SlipUnsigned(Conflict):
    """The slip of the device is not signed: it comes back as if it had never left, and is not swapped."""

    code = "ticket.slip_unsigned"


class AlreadyTold(Refusal):
    """So much is open for this device that one more ticket would tell nobody anything."""

    code = "ticket.already_told"
    status = 409


class TicketForgotten(Conflict):
    """What was written with the ticket is erased: nothing is written with it any more."""

    code = "ticket.forgotten"


class AlreadySwapped(Conflict):
    """The other device was handed over: the ticket of the first one is not opened again."""

    code = "ticket.already_swapped"


class AddedMachine(Conflict):
    """The device was handed over with the one that was decided on: it is repaired or taken back, and nothing stands in for it."""

    code = "ticket.added_machine"


class NotServed(Conflict):
    """The family has no device from us yet."""

    code = "ticket.not_served"


def is_ours(ticket: Ticket) -> None:
    """It is about a device that we gave."""
    if ticket.device is None:
        raise OwnMachine


def has_its_device(ticket: Ticket) -> bool:
    """Whether its device is with the family that the ticket is of: it may have come back, and gone out to another one since."""
    device = ticket.device
    if device is None or device.state is not DeviceState.HANDED_OVER:
        return False
    family = family_of(device)
    return (family.id if family is not None else None) == ticket.referral_id


def is_with_the_family(ticket: Ticket) -> None:
    """Its device is where it was handed over to."""
    is_ours(ticket)
    if not has_its_device(ticket):
        raise NotWithAFamily


def is_to_swap(ticket: Ticket) -> None:
    """Its device is with the family, or came back by this ticket and nothing stands in for it yet."""
    is_ours(ticket)
    if not has_its_device(ticket):
        if to_replace(ticket) is None:
            raise NotWithAFamily
    elif ticket.device is not None and (held := allocation_of(ticket.device)) is not None and held.device_id != ticket.device_id:
        raise AddedMachine


def is_remembered(ticket: Ticket) -> None:
    """What is written with it has not been erased: what came after would never be."""
    if ticket.forgotten_at is not None:
        raise TicketForgotten


def is_not_swapped(ticket: Ticket) -> None:
    """The family has no other device from it: what is wrong with that one is a ticket of its own."""
    if ticket.outcome is Outcome.SWAPPED:
        raise AlreadySwapped
