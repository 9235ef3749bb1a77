"""What an organisation does not fetch goes back to the stock by itself, and it is told before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.endowed import EndowmentState
from refurb.referrals.endowments.actions import TELL_END, let_endowments_lapse
from refurb.referrals.endowments.effects import tell_end, tell_endowment
from refurb.referrals.endowments.queries import machines_of_endowment
from tests.support.story import endowed, people


def later(days):
    with at(now() + timedelta(days=days)), unit_of_work():
        return let_endowments_lapse()


def told():
    return [each.facts for each in db.session.scalars(select(Effect).where(Effect.kind == TELL_END))]


@pytest.mark.both_databases
def test_on_the_day_after_its_last_and_told_once_before(context):
    endowment, holding = endowed.granted(), HOLDING.in_force()
    devices = machines_of_endowment(endowment)
    assert (later(holding.days - holding.told_days - 1), told()) == (0, [])
    later(holding.days - holding.told_days)
    assert (later(holding.days), len(told())) == (0, 1)
    letter = tell_end(**told()[0])
    assert letter.to == people.EMAIL[Role.PRESCRIBER]
    assert endowment.reference in letter.subject
    assert later(holding.days + 1) == 1
    assert endowment.state is EndowmentState.ASKED
    assert {each.state for each in devices} == {DeviceState.READY}
    assert later(holding.days + 1) == 0
    with pytest.raises(NotTold):
        tell_end(**told()[0])
    assert "à décider" in tell_endowment(subject_kind="endowment", subject_id=endowment.id).subject


def test_not_what_was_handed_over(context):
    endowment = endowed.given()
    assert later(HOLDING.in_force().days + 1) == 0
    assert endowment.state is EndowmentState.GIVEN
