"""Keeping a device for its parts."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import people, workshop


def test_it_is_kept_with_its_reason(context):
    device = workshop.fire(workshop.laptop(), "strip", who=workshop.technician(), reason="carte mère grillée")
    assert device.state == DeviceState.PARTS
    happened = last_event(device)
    assert "reason" not in happened.facts
    assert notes_of([happened])[happened.id] == {"reason": "carte mère grillée"}


def test_not_without_a_reason(context):
    with pytest.raises(Invalid) as refused:
        workshop.fire(workshop.laptop(), "strip")
    assert set(refused.value.fields) == {"reason"}


def test_the_desk_may_not(context):
    device = workshop.laptop()
    with pytest.raises(Forbidden):
        workshop.fire(device, "strip", who=people.actor(Role.DESK), reason="non")


def test_not_what_is_reserved(context):
    device = workshop.fire(workshop.ready_laptop(), "reserve")
    with pytest.raises(WrongState):
        workshop.fire(device, "strip", reason="non")
