"""The device that stands in is handed over like any other, by its slip; that ends the ticket."""

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.aftersales.queries import warranty_until
from refurb.referrals.aftersales.words import Cause, Outcome, TicketState
from refurb.referrals.cases.actions import allocate, hand_over
from refurb.referrals.cases.counts import COUNTS
from refurb.referrals.persons import REFERRED
from refurb.referrals.retention import erase_beneficiaries
from refurb.referrals.words import ReferralState
from refurb.reporting.figures.numbers import numbers
from refurb.reporting.figures.periods import FiguresAsked
from tests.support.story import evidence, families, people, troubles


def test_it_follows_from_the_hand_over(context):
    ticket = troubles.swapping()
    referral, until = ticket.referral, warranty_until(ticket.referral)
    with unit_of_work():
        slip = hand_over(people.actor(Role.COORDINATOR), ticket.swap, place="Accueil", signature_kind="drawn", signature=families.drawing())
    assert slip.is_signed
    assert (ticket.state, ticket.outcome, ticket.cause) == (TicketState.CLOSED, Outcome.SWAPPED, Cause.SCREEN)
    assert ticket.swap.device.state is DeviceState.HANDED_OVER
    assert referral.state is ReferralState.SERVED
    assert numbers(FiguresAsked(today().year)).families == 1, "one family, served once"
    assert warranty_until(referral) == until, "the warranty follows the family, not the device"
    assert not [each for count in COUNTS for each in differences(count)]


def test_what_stands_in_unsigned_binds_and_may_be_given_again_even_where_its_text_was_forgotten(context):
    ticket = troubles.swapping()
    device, referral = ticket.swap.device, ticket.referral
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), ticket.swap, place="Accueil", signature_kind="paper")
    assert ["pas signé" in each.why for each in REFERRED.ties(referral.id)] == [True]
    with unit_of_work():
        erase_beneficiaries([referral.beneficiary_id])  # As an older release did, which asked nothing of a swap.
    evidence.fire(device, "come_back", reason="Rapporté")
    evidence.fire(device, "accept", "finish_erasure", "start_tests")
    evidence.pass_checks(device)
    evidence.fire(device, "pass_tests")
    other = families.waiting()
    with unit_of_work():
        allocate(people.actor(Role.COORDINATOR), other, device, override=True, reason="Essai")
    assert device.state is DeviceState.RESERVED
