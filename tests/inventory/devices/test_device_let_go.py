"""A device leaves with its slip still to be signed: a step of the hand-over, told in tests/referrals/cases/test_handover_sign.py."""

import pytest

from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import WrongState
from tests.support.story import families, people


def test_it_left_and_waits_for_a_signature(context):
    device = families.left_unsigned().allocation.device

    assert device.state is DeviceState.HANDED_OVER
    assert device.unsigned_since is not None


def test_not_what_nobody_was_promised(context):
    device = families.ready()

    with pytest.raises(WrongState), unit_of_work():
        device_machine.fire(device, "let_go", people.actor(Role.COORDINATOR))
    assert device.unsigned_since is None


def test_the_page_of_the_device_says_so(app, signed_in):
    with app.app_context():
        code = families.left_unsigned().allocation.device.code

    assert "bon à signer" in signed_in(Role.TECHNICIAN).get(f"/appareils/{code}").text.replace("\u00a0", " ")
