"""A device comes back before its slip was signed: its allocation is off; a step of its return, told in test_handover_sign.py."""

import pytest

from refurb.inventory.devices.states import device_machine
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import WrongState
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.words import AllocationState, ReferralState
from tests.support.story import families, people


def test_it_works_for_whoever_takes_machines_in(context):
    allocation = families.left_unsigned().allocation

    with unit_of_work():
        device_machine.fire(allocation.device, "come_back", people.actor(Role.TECHNICIAN), reason="Jamais signé")

    assert allocation.state is AllocationState.CANCELLED
    assert allocation.referral.state is ReferralState.WAITING


def test_not_while_the_device_is_still_here(context):
    allocation = families.allocated()

    with pytest.raises(WrongState), unit_of_work():
        allocation_machine.fire(allocation, "come_back", people.actor(Role.COORDINATOR))
    assert allocation.state is AllocationState.ACTIVE
