"""A machine comes back before the slip is signed: the rest is signed under a new text; with the last one the request waits again."""

from refurb.documents.signing import signing_for, signing_of
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.referrals.endowed import EndowmentState
from refurb.referrals.endowments.queries import machines_of_endowment
from tests.support.story import endowed, people


def back(device):
    with unit_of_work():
        device_machine.fire(device, "come_back", people.actor(Role.COORDINATOR), reason="Écran rayé.")


def test_the_rest_is_signed_under_another_text(context):
    endowment = endowed.given(drawn=False)
    first, second = machines_of_endowment(endowment)
    before = signing_for(endowment).digest
    back(first)
    again = signing_for(endowment)
    assert again.digest != before
    assert spell(first.code) not in str(again.content)
    assert spell(second.code) in str(again.content)
    assert machines_of_endowment(endowment) == [second]


def test_with_the_last_one_it_waits_for_a_decision_again(context):
    endowment = endowed.given(drawn=False, number=1)
    (device,) = machines_of_endowment(endowment)
    back(device)
    assert (endowment.state, endowment.received_by, endowment.handed_at) == (EndowmentState.ASKED, None, None)
    assert signing_of(endowment) is None
    assert device.state is DeviceState.RECEIVED


def test_one_that_was_signed_for_stays_given(context):
    endowment = endowed.given()
    back(machines_of_endowment(endowment)[0])
    assert endowment.state is EndowmentState.GIVEN
    assert endowment.is_signed
