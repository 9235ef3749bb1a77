"""A device that nobody comes for goes back to the stock by itself, its family to its rank; its partner is told before."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import WrongState
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.cases.queries.waiting import standing_of
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.handovers import lapsing
from refurb.referrals.handovers.lapsing import TELL_HOLDING_END, let_reservations_lapse, tell_holding_end
from refurb.referrals.handovers.words import DeclinedBecause
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


@pytest.mark.parametrize("move", ["miss", "decline"])
def test_who_did_not_come_as_agreed_is_told_anew_and_has_days_more(context, move):
    """Its end was told before the hour was taken: it does not end within the hour that she was awaited at."""
    holding, invitation = HOLDING.in_force(), appointments.invited()
    allocation = invitation.allocation
    with unit_of_work():
        invitation.answer_by = today()
    later(holding.days - 1)
    assert len(told()) == 1
    with at(now() + timedelta(days=holding.days - 1)):
        appointments.chosen(invitation, appointments.opened()[0])
    later(holding.days)
    because = {"because": DeclinedBecause.CALL} if move == "decline" else {}
    with at(now() + timedelta(days=holding.days + 20)):
        appointments.fire(invitation, move, **because)

    assert later(holding.days + 20) == 0

    assert len(told()) == 2
    assert allocation.held_until == today() + timedelta(days=holding.days + 20 + holding.told_days)
    assert later(holding.days + 21 + holding.told_days) == 1


@pytest.mark.both_databases
def test_one_that_is_refused_keeps_none_of_the_others(context, monkeypatch, capsys):
    first, second = families.allocated(), families.allocated()
    holding, refused = HOLDING.in_force(), first.id
    later(holding.days - holding.told_days)

    def refuse(allocation, *told):
        if allocation.id == refused:
            allocation.held_until = today()
            raise WrongState
        return allocation_machine.fire(allocation, *told)

    monkeypatch.setattr(lapsing, "allocation_machine", SimpleNamespace(fire=refuse))
    assert later(holding.days + 1) == 1
    assert (first.state, second.state) == (AllocationState.ACTIVE, AllocationState.CANCELLED)
    assert "reservation_not_ended" in capsys.readouterr().out


def test_who_is_awaited_between_the_look_and_the_lock_keeps_her_device(context, monkeypatch):
    invitation, holding = appointments.invited(), HOLDING.in_force()
    with unit_of_work():
        invitation.answer_by = today()
    later(holding.days)
    hold = lapsing.lock

    def meanwhile(allocation):
        invitation.answer_by = today() + timedelta(days=9)
        hold(allocation)

    monkeypatch.setattr(lapsing, "lock", meanwhile)
    assert later(holding.days + 1) == 0
    assert invitation.allocation.state is AllocationState.ACTIVE


def test_not_who_is_awaited_at_a_ceremony(context):
    gala.planned(families.allocated())
    assert later(HOLDING.in_force().days + 1) == later(HOLDING.in_force().days + 40) == 0
    assert told() == []


def test_not_what_stands_in_for_another_device(context):
    ticket = troubles.swapping()
    later(HOLDING.in_force().days + 1)
    assert later(HOLDING.in_force().days + 40) == 0
    assert (ticket.swap.state, ticket.swap.held_until) == (AllocationState.ACTIVE, None)
