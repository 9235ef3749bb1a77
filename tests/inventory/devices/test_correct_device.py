"""Correcting what is known of a device, and saying that it holds no drive."""

import pytest

from refurb.inventory.devices.actions.devices import HasDrives, KindSettled, SerialTaken, correct_device
from refurb.inventory.pages.queries import DeviceFilter, devices
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import people, workshop


def test_it_is_found_by_its_new_words(context):
    device = workshop.laptop()
    workshop.correct(device, manufacturer="HP", model="ÉliteBook 840 G5", serial="5CG8421QK7")
    assert [row.code for row in devices(DeviceFilter(words="elitebook 840 g5"), 1).rows] == [device.code]
    assert events_of(device)[0].facts["changed"]["serial"] == [None, "5CG8421QK7"]


def test_nothing_changed_leaves_no_trace(context):
    device = workshop.laptop()
    workshop.correct(device)
    assert [event.move for event in events_of(device)] == ["created"]


@pytest.mark.parametrize("serial", ["To be filled by O.E.M.", "00000000", "N/A", "System Serial Number", "123456789"])
def test_what_a_factory_left_empty_is_no_serial(context, serial):
    with pytest.raises(Invalid) as refused:
        workshop.correct(workshop.laptop(), serial=serial)
    assert refused.value.fields["serial"][0].code == "device.serial_placeholder"


def test_a_serial_of_another_device_is_refused_and_names_it(app, signed_in):
    with app.app_context():
        first, second = workshop.laptop(), workshop.laptop()
        workshop.correct(first, manufacturer="HP", serial="5CG8421QK7")
        codes = first.code, second.code
        with pytest.raises(SerialTaken):
            workshop.correct(second, manufacturer="HP", serial="5CG8421QK7")
    answer = signed_in(Role.TECHNICIAN).submit(
        f"/appareils/{codes[1]}/corriger", {"kind": "laptop", "manufacturer": "HP", "model": "840 G5", "serial": "5CG8421QK7"}
    )
    assert answer.status_code == 422
    assert spell(codes[0]) in answer.text
    assert 'value="840 G5"' in answer.text


def test_two_makers_may_use_the_same_serial(context):
    first, second = workshop.laptop(), workshop.laptop()
    workshop.correct(first, manufacturer="HP", serial="A1B2C3D4")
    workshop.correct(second, manufacturer="Dell", serial="A1B2C3D4")
    assert second.serial == "A1B2C3D4"


def test_the_kind_is_settled_once_the_checks_are_passed(context):
    with pytest.raises(KindSettled):
        workshop.correct(workshop.ready_laptop(), kind=DeviceKind.MONITOR)


def test_the_desk_may_not(context):
    device, who = workshop.laptop(), people.actor(Role.DESK)
    with pytest.raises(Forbidden), unit_of_work():
        correct_device(who, device, kind=DeviceKind.LAPTOP, manufacturer="HP", model=None, serial=None)


def test_said_to_hold_no_drive(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.TECHNICIAN)
    assert client.submit(f"/appareils/{code}/aucun-support").status_code == 303
    assert "ne contient aucun support" in client.get(f"/appareils/{code}").text


def test_not_said_of_one_whose_drives_are_known(context):
    device = workshop.put_drive_in(workshop.laptop())
    with pytest.raises(HasDrives):
        workshop.say_without_drive(device)
