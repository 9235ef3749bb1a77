"""Beginning the checks of a device."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import people, workshop


def test_it_is_then_being_tested(context):
    device = workshop.fire(workshop.say_without_drive(workshop.laptop()), "accept", "finish_erasure")
    assert workshop.fire(device, "start_tests", who=workshop.technician()).state == DeviceState.TESTING


def test_the_desk_may_not(context):
    device = workshop.fire(workshop.say_without_drive(workshop.laptop()), "accept", "finish_erasure")
    with pytest.raises(Forbidden):
        workshop.fire(device, "start_tests", who=people.actor(Role.DESK))


def test_not_before_it_is_erased(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.laptop(), "accept", "start_tests")
