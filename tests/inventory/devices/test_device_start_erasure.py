"""Starting to erase a device."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import people, workshop


def test_it_is_then_being_erased(context):
    device = workshop.fire(workshop.laptop(), "accept", "start_erasure", who=workshop.technician())
    assert device.state == DeviceState.ERASING


def test_the_desk_may_not(context):
    device = workshop.fire(workshop.laptop(), "accept")
    with pytest.raises(Forbidden):
        workshop.fire(device, "start_erasure", who=people.actor(Role.DESK))


def test_not_before_it_was_accepted(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.laptop(), "start_erasure")
