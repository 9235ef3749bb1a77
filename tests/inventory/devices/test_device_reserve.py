"""Reserving a device: the lower half of an allocation."""

import threading

import pytest

from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.rules import Flagged
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import people, workshop


def test_it_is_then_reserved(context):
    assert workshop.fire(workshop.ready_laptop(), "reserve").state == DeviceState.RESERVED


def test_a_technician_may_not(context):
    device = workshop.ready_laptop()
    with pytest.raises(Forbidden):
        workshop.fire(device, "reserve", who=workshop.technician())


def test_not_before_it_is_ready(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.testing_laptop(), "reserve")


def test_not_while_a_second_look_is_asked_for(context):
    device = workshop.ready_laptop()
    who = workshop.technician()
    with unit_of_work():
        raise_flag(who, device, FlagKind.SECOND_LOOK)
    with pytest.raises(Flagged):
        workshop.fire(device, "reserve")


def test_no_door_of_its_own(app, signed_in):
    with app.app_context():
        code = workshop.ready_laptop().code
    client = signed_in(Role.COORDINATOR)
    assert client.get(f"/appareils/{code}/reserve").status_code == 404
    assert client.post(f"/api/v1/devices/{code}/reserve", headers={"X-CSRFToken": client.token()}).status_code in {404, 405}


def test_of_two_at_once_one_wins_and_the_other_is_told(app):
    with app.app_context():
        device_id = workshop.ready_laptop().id
        who = [workshop.coordinator(), people.actor(Role.ADMIN)]
    start, told = threading.Barrier(2), []

    def reserve(actor):
        with app.app_context():
            device = db.session.get_one(Device, device_id)
            start.wait()
            try:
                with unit_of_work():
                    device_machine.fire(device, "reserve", actor)
                told.append("reserved")
            except WrongState as refusal:
                told.append(refusal.facts["actor_id"])
            finally:
                db.session.remove()

    threads = [threading.Thread(target=reserve, args=(each,)) for each in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("reserved") == 1
    assert (set(told) - {"reserved"}) < {each.id for each in who}
