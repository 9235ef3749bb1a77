"""Releasing a reserved device: the lower half of an allocation that ends."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop


def test_it_is_ready_again(context):
    assert workshop.fire(workshop.ready_laptop(), "reserve", "release").state == DeviceState.READY


def test_a_technician_may_not(context):
    device = workshop.fire(workshop.ready_laptop(), "reserve")
    with pytest.raises(Forbidden):
        workshop.fire(device, "release", who=workshop.technician())


def test_not_what_is_not_reserved(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.ready_laptop(), "release")
