"""What must hold of tickets; each rule raises the refusal that says what is missing."""

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.referrals.aftersales.models import Ticket

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


class NotServed(Conflict):
    """The family has no device from us yet."""

    code = "ticket.not_served"


def is_ours(ticket: Ticket) -> None:
    """It is about a device that we gave."""
    if ticket.device is None:
        raise OwnMachine


def is_with_the_family(ticket: Ticket) -> None:
    """Its device is where it was handed over to."""
    is_ours(ticket)
    if ticket.device is not None and ticket.device.state is not DeviceState.HANDED_OVER:
        raise NotWithAFamily
