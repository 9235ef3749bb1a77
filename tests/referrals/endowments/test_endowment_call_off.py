"""What was granted is not given after all: its machines are ready again, and it is decided anew."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.endowed import EndowmentState
from refurb.referrals.endowments.queries import machines_of_endowment
from tests.support.story import endowed


def test_its_machines_are_ready_and_nothing_is_decided(context):
    endowment = endowed.granted()
    devices = machines_of_endowment(endowment)
    endowed.fire(endowment, "call_off", reason="La salle d'Awa a brûlé.")
    assert {each.state for each in devices} == {DeviceState.READY}
    assert (endowment.state, endowment.decided_at, endowment.held_until) == (EndowmentState.ASKED, None, None)
    assert machines_of_endowment(endowment) == []
    assert "Awa" not in str(last_event(endowment).facts)
    endowed.fire(endowment, "grant", monitor=2, reason=endowed.WHY)


def test_with_a_reason(context):
    with pytest.raises(Invalid):
        endowed.fire(endowed.granted(), "call_off")
