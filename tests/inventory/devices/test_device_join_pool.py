"""Taking a device into the pool of what is lent."""

import pytest

from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.rules import Flagged
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import desk, people, workshop

PARTS = [{"name": "Chargeur", "quantity": 1}]


def told():
    return {"product_id": desk.product().id, "name": "Portable n° 1", "components": PARTS}


def test_it_is_then_in_the_pool(context):
    device, facts = workshop.ready_laptop(), told()
    assert workshop.fire(device, "join_pool", who=people.actor(Role.DESK), **facts).state == DeviceState.IN_POOL


def test_a_technician_may_not(context):
    device, facts = workshop.ready_laptop(), told()
    with pytest.raises(Forbidden):
        workshop.fire(device, "join_pool", who=workshop.technician(), **facts)


def test_not_before_it_is_ready(context):
    device, facts = workshop.testing_laptop(), told()
    with pytest.raises(WrongState):
        workshop.fire(device, "join_pool", **facts)


def test_not_without_saying_as_what(context):
    device = workshop.ready_laptop()
    with pytest.raises(Invalid):
        workshop.fire(device, "join_pool")


def test_not_while_flagged(context):
    device, facts, who = workshop.ready_laptop(), told(), workshop.technician()
    with unit_of_work():
        raise_flag(who, device, FlagKind.MISSING_PART)
    with pytest.raises(Flagged):
        workshop.fire(device, "join_pool", **facts)
