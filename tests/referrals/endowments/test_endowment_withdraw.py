"""An organisation takes its request back: what was reserved for it is ready for others."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import WrongState
from refurb.referrals.endowed import EndowmentState
from refurb.referrals.endowments.queries import machines_of_endowment
from tests.support.story import endowed


def test_by_the_partner_herself(context):
    endowment = endowed.granted()
    devices = machines_of_endowment(endowment)
    endowed.fire(endowment, "withdraw", Role.PRESCRIBER)
    assert endowment.state is EndowmentState.WITHDRAWN
    assert {each.state for each in devices} == {DeviceState.READY}


def test_not_what_was_handed_over(context):
    with pytest.raises(WrongState):
        endowed.fire(endowed.given(), "withdraw", Role.PRESCRIBER)
