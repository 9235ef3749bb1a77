"""The machine is with us: it stays the family's, and nothing of it is erased."""

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.referrals.aftersales.words import TicketState
from tests.support.story import troubles


def test_it_works_for_the_workshop(context):
    ticket = troubles.told()
    troubles.fire(ticket, "take_in", Role.TECHNICIAN, note="Avec le chargeur")
    assert ticket.state is TicketState.REPAIR
    assert ticket.device.state is DeviceState.HANDED_OVER


def test_a_machine_of_their_own_comes_in_without_stock(context):
    ticket = troubles.own()
    troubles.fire(ticket, "take_in", Role.TECHNICIAN)
    assert ticket.state is TicketState.REPAIR
    assert ticket.device is None
