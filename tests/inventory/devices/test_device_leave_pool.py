"""Taking a device out of the pool: borrowers wrote on its drives, so that it is wiped and tested again."""

import pytest

from refurb.inventory.devices.queries.devices import answers_of
from refurb.inventory.devices.queries.drives import unproven_drives
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import desk, people, workshop


def pooled():
    device, product = workshop.ready_laptop(), desk.product()
    return workshop.fire(device, "join_pool", product_id=product.id, name="Portable n° 1", components=[{"name": "Chargeur", "quantity": 1}])


def test_it_is_then_to_be_erased_and_tested_again(context):
    device = workshop.fire(pooled(), "leave_pool", who=people.actor(Role.DESK))
    assert device.state == DeviceState.TO_ERASE
    assert [drive.serial for drive in unproven_drives(device)] == ["CHV0001"]
    assert answers_of(device) == {}


def test_a_technician_may_not(context):
    device = pooled()
    with pytest.raises(Forbidden):
        workshop.fire(device, "leave_pool", who=workshop.technician())


def test_not_what_is_not_in_the_pool(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.ready_laptop(), "leave_pool")
