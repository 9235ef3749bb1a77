"""The device that stands in is handed over like any other, by its slip; that ends the ticket."""

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.aftersales.queries import warranty_until
from refurb.referrals.aftersales.words import Cause, Outcome, TicketState
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.counts import COUNTS
from refurb.referrals.cases.queries.referrals import served_since
from refurb.referrals.words import ReferralState
from tests.support.story import families, people, troubles


def test_it_follows_from_the_hand_over(context):
    ticket = troubles.swapping()
    referral, until = ticket.referral, warranty_until(ticket.referral)
    with unit_of_work():
        slip = hand_over(people.actor(Role.COORDINATOR), ticket.swap, place="Accueil", signature_kind="drawn", signature=families.drawing())
    assert slip.is_signed
    assert (ticket.state, ticket.outcome, ticket.cause) == (TicketState.CLOSED, Outcome.SWAPPED, Cause.SCREEN)
    assert ticket.swap.device.state is DeviceState.HANDED_OVER
    assert referral.state is ReferralState.SERVED
    assert served_since(today().year) == 1, "one family, served once"
    assert warranty_until(referral) == until, "the warranty follows the family, not the device"
    assert not [each for count in COUNTS for each in differences(count)]
