"""A swap that is called off, or comes back before its slip was signed, leaves the ticket open and the family served."""

from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.aftersales.words import Cause, TicketState
from refurb.referrals.cases.actions import cancel_allocation, hand_over
from refurb.referrals.words import ReferralState
from refurb.reporting.figures.numbers import numbers
from refurb.reporting.figures.periods import FiguresAsked
from tests.support.story import families, people, troubles


def test_it_follows_from_the_end_of_the_allocation(context):
    ticket = troubles.swapping()
    other = ticket.swap.device
    with unit_of_work():
        cancel_allocation(people.actor(Role.COORDINATOR), ticket.swap, reason="Elle préfère attendre")
    assert (ticket.state, ticket.swap_id) == (TicketState.OPEN, None)
    assert other.state is DeviceState.READY
    assert ticket.referral.state is ReferralState.SERVED
    assert numbers(FiguresAsked(today().year)).families == 1
    assert ticket.answer_by > today()
    troubles.fire(ticket, "swap", device=other.code, cause=Cause.SCREEN.value, copied=True)
    assert (ticket.state, ticket.swap.device, ticket.swap.referral_id) == (TicketState.SWAP, other, ticket.referral_id)


def test_one_that_comes_back_unsigned_opens_its_ticket_again(context):
    ticket = troubles.swapping()
    other = ticket.swap.device
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), ticket.swap, place="Accueil", signature_kind="paper")
    assert ticket.state is TicketState.CLOSED
    with unit_of_work():
        device_machine.fire(other, "come_back", people.actor(Role.TECHNICIAN), reason="Jamais signé")
    assert (ticket.state, ticket.outcome) == (TicketState.OPEN, None)
    assert ticket.referral.state is ReferralState.SERVED
    troubles.fire(ticket, "swap", device=families.ready().code, cause=Cause.SCREEN.value, copied=True)
    assert ticket.state is TicketState.SWAP, "the family has no machine: another one is chosen"
