"""Another ready device goes out in the place of one that comes back: wiped again, and counted as no second family."""

from datetime import timedelta

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.kernel.speech.words import day
from refurb.referrals.aftersales.actions import report_for
from refurb.referrals.aftersales.queries import warranty_until
from refurb.referrals.aftersales.rules import NotWithAFamily, OwnMachine, SlipUnsigned
from refurb.referrals.aftersales.words import Cause, Symptom, TicketState
from refurb.referrals.cases.actions import allocate, hand_over
from refurb.referrals.cases.counts import COUNTS
from refurb.referrals.cases.queries.allocations import as_decided
from refurb.referrals.cases.replay import replayed
from refurb.referrals.cases.views.shown import ruling_for
from refurb.referrals.words import AllocationState, ReferralState
from refurb.reporting.figures.numbers import numbers
from refurb.reporting.figures.periods import FiguresAsked
from tests.support.story import evidence, families, people, troubles

FACTS = {"cause": Cause.SCREEN.value, "copied": True}


def test_it_works(context):
    ticket = troubles.told()
    referral, first, until = ticket.referral, ticket.device, warranty_until(ticket.referral)
    other = families.ready()
    troubles.fire(ticket, "swap", device=other.code, **FACTS)
    assert ticket.state is TicketState.SWAP
    assert first.state is DeviceState.RECEIVED, "what comes back goes through the workshop again, and is wiped there"
    assert other.state is DeviceState.RESERVED
    assert ticket.swap.device is other
    assert (ticket.swap.state, ticket.swap.is_swap, ticket.swap.quota) == (AllocationState.ACTIVE, True, None)
    assert referral.state is ReferralState.SERVED, "the family waits for nothing"
    assert numbers(FiguresAsked(today().year)).families == 1
    assert warranty_until(referral) == until
    assert not [each for count in COUNTS for each in differences(count)]


def test_the_file_tells_what_was_decided_then_that_it_was_exchanged(app, signed_in):
    with app.app_context():
        ticket = troubles.told()
        reference = ticket.referral.reference
        with clock.at(now() + timedelta(days=400)):
            troubles.fire(ticket, "swap", device=families.ready().code, **FACTS)
        decided = as_decided(ticket.swap)
        assert decided.decided_at < ticket.swap.decided_at
        assert ruling_for(ticket.referral) == replayed(decided).ruling
        day_decided, day_swapped = day(decided.decided_at), day(ticket.swap.decided_at)
    page = signed_in(Role.COORDINATOR).get(f"/orientations/{reference}").text
    assert page.index("Décidé le") < page.index(day_decided) < page.index("Échangé le") < page.index(day_swapped)
    assert "Pannes et aide" in signed_in(Role.PRESCRIBER).get(f"/orientations/{reference}").text, "its partner follows it meanwhile"


def test_not_before_the_files_are_copied(context):
    ticket = troubles.told()
    with pytest.raises(Invalid):
        troubles.fire(ticket, "swap", device=families.ready().code, cause=Cause.SCREEN.value)
    assert ticket.device.state is DeviceState.HANDED_OVER


def test_not_for_a_code_that_is_no_device_and_nothing_comes_back(context):
    ticket = troubles.told()
    with pytest.raises(Invalid):
        troubles.fire(ticket, "swap", device="ZZZZ-ZZZZ", **FACTS)
    assert ticket.device.state is DeviceState.HANDED_OVER


def test_not_a_machine_of_their_own(context):
    with pytest.raises(OwnMachine):
        troubles.fire(troubles.own(), "swap", device=families.ready().code, **FACTS)


def test_not_while_the_slip_is_unsigned(context):
    ticket = troubles.report(families.left_unsigned().allocation.device)
    with pytest.raises(SlipUnsigned):
        troubles.fire(ticket, "swap", device=families.ready().code, **FACTS)


def test_not_what_is_another_family_s_by_now(context):
    ticket, other = troubles.told(), families.waiting(first_name="Yanis")
    evidence.fire(ticket.device, "come_back", reason="rendu à l'atelier")
    evidence.fire(ticket.device, "accept", "finish_erasure", "start_tests")
    evidence.pass_checks(ticket.device)
    evidence.fire(ticket.device, "pass_tests")
    with unit_of_work():
        allocation = allocate(people.actor(Role.COORDINATOR), other, ticket.device)
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind="drawn", signature=families.drawing())
    for move, device in (("swap", {"device": "x"}), ("take_back", {})):
        with pytest.raises(NotWithAFamily):
            troubles.fire(ticket, move, **device, **FACTS)
    with pytest.raises(NotWithAFamily), unit_of_work():
        report_for(people.actor(Role.PRESCRIBER), ticket.referral, trouble=Symptom.OTHER)
    assert ticket.device.state is DeviceState.HANDED_OVER
    assert troubles.report(ticket.device, Symptom.SLOW).referral is other


def test_not_by_the_workshop_which_chooses_for_nobody(context):
    with pytest.raises(Forbidden):
        troubles.fire(troubles.told(), "swap", Role.TECHNICIAN, device="x", **FACTS)
