"""A machine that was accepted at the sorting by mistake goes back to it."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import people, workshop


def test_it_waits_for_the_sorting_again(context):
    device = workshop.fire(workshop.laptop(), "accept")
    assert workshop.fire(device, "sort_again", who=workshop.technician(), reason="rayon B").state == DeviceState.RECEIVED


def test_the_desk_may_not(context):
    device = workshop.fire(workshop.laptop(), "accept")
    with pytest.raises(Forbidden):
        workshop.fire(device, "sort_again", who=people.actor(Role.DESK), reason="non")


def test_not_once_its_erasure_has_begun(context):
    device = workshop.fire(workshop.laptop(), "accept", "start_erasure")
    with pytest.raises(WrongState):
        workshop.fire(device, "sort_again", reason="non")
