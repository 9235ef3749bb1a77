"""A device that nobody comes for goes back to the stock by itself, its family to its rank; its partner is told before."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.cases.queries.waiting import standing_of
from refurb.referrals.handovers.lapsing import TELL_HOLDING_END, let_reservations_lapse, tell_holding_end
from refurb.referrals.models import Allocation
from refurb.referrals.words import AllocationState, ReferralState
from tests.support.story import appointments, families, gala, people, troubles


def later(days):
    with at(now() + timedelta(days=days)), unit_of_work():
        return let_reservations_lapse()


def told():
    return [each.facts for each in db.session.scalars(select(Effect).where(Effect.kind == TELL_HOLDING_END))]


@pytest.mark.both_databases
def test_on_the_day_after_its_last_with_its_rank_and_told_once_before(context):
    allocation, holding = families.allocated(), HOLDING.in_force()
    families.waiting()
    since = allocation.referral.submitted_at
    assert (later(holding.days - holding.told_days - 1), told()) == (0, [])
    later(holding.days - holding.told_days)
    assert (later(holding.days), len(told())) == (0, 1)
    letter = tell_holding_end(**told()[0])
    assert (letter.to, allocation.referral.reference in letter.subject) == (people.EMAIL[Role.PRESCRIBER], True)
    assert families.FACTS["first_name"] not in str(letter)

    assert later(holding.days + 1) == 1

    assert (allocation.state, allocation.device.state) == (AllocationState.CANCELLED, DeviceState.READY)
    assert (allocation.referral.state, allocation.referral.submitted_at) == (ReferralState.WAITING, since)
    assert standing_of(allocation.referral).rank == 1
    assert later(holding.days + 1) == 0
    with pytest.raises(NotTold):
        tell_holding_end(**told()[0])


def test_never_untold_even_where_no_worker_ran_for_long(context):
    allocation, holding = families.allocated(), HOLDING.in_force()
    assert (later(holding.days + 30), len(told())) == (0, 1)
    assert later(holding.days + 30 + holding.told_days) == 0
    assert later(holding.days + 31 + holding.told_days) == 1
    assert allocation.state is AllocationState.CANCELLED


def test_what_was_decided_before_there_was_a_term_has_a_whole_one(context):
    allocation = families.allocated()
    with unit_of_work():
        db.session.execute(update(Allocation).values(held_until=None))
    later(0)
    db.session.expire_all()
    assert allocation.held_until == today() + timedelta(days=HOLDING.in_force().days)


def test_not_while_somebody_is_awaited(context):
    invitation = appointments.invited()
    with at(now() + timedelta(days=HOLDING.in_force().days)), unit_of_work():
        db.session.get_one(type(invitation), invitation.id).answer_by = today() + timedelta(days=60)
    later(HOLDING.in_force().days)
    assert later(HOLDING.in_force().days + 40) == 0
    assert told() == []


def test_not_who_is_awaited_at_a_ceremony(context):
    gala.planned(families.allocated())
    assert later(HOLDING.in_force().days + 1) == later(HOLDING.in_force().days + 40) == 0
    assert told() == []


def test_not_what_stands_in_for_another_device(context):
    ticket = troubles.swapping()
    later(HOLDING.in_force().days + 1)
    assert later(HOLDING.in_force().days + 40) == 0
    assert (ticket.swap.state, ticket.swap.held_until) == (AllocationState.ACTIVE, None)
