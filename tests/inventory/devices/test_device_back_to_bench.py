"""Sending a device back from its tests, or from the shelf."""

import pytest

from refurb.inventory.devices.queries.devices import answers_of
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import people, workshop


def test_from_the_tests_what_was_answered_stays(context):
    device = workshop.pass_checks(workshop.testing_laptop())
    workshop.fire(device, "back_to_bench", who=workshop.technician(), reason="charnière à resserrer")
    assert device.state == DeviceState.TO_REFURBISH
    assert len(answers_of(device)) == 12


def test_from_the_shelf_it_is_tested_anew(context):
    device = workshop.ready_laptop()
    workshop.fire(device, "back_to_bench", reason="écran cassé au rangement")
    assert device.state == DeviceState.TO_REFURBISH
    assert answers_of(device) == {}


def test_not_without_a_reason(context):
    device = workshop.ready_laptop()
    with pytest.raises(Invalid):
        workshop.fire(device, "back_to_bench", reason=" ")


def test_the_desk_may_not(context):
    device = workshop.ready_laptop()
    with pytest.raises(Forbidden):
        workshop.fire(device, "back_to_bench", who=people.actor(Role.DESK), reason="non")


def test_not_from_the_door(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.laptop(), "back_to_bench", reason="non")
