"""A device leaves as waste."""

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import people, workshop


def test_it_is_waste_with_its_operator_and_slip(context):
    device = workshop.laptop()
    workshop.fire(device, "discard", who=workshop.technician(), reason="carte mère grillée", operator="Envie 2E", slip="BSD-2026-118")
    assert device.state == DeviceState.WASTE
    assert last_event(device).facts["slip"] == "BSD-2026-118"


def test_after_its_parts_were_taken(context):
    device = workshop.fire(workshop.laptop(), "strip", reason="écran bon")
    assert workshop.fire(device, "discard", reason="le reste").state == DeviceState.WASTE


def test_not_without_a_reason(context):
    with pytest.raises(Invalid):
        workshop.fire(workshop.laptop(), "discard", operator="Envie 2E")


def test_the_page_keeps_what_was_typed(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    answer = signed_in(Role.TECHNICIAN).submit(f"/appareils/{code}/mettre-au-rebut", {"reason": "", "operator": "L'Éco 🌱"})
    assert answer.status_code == 422
    assert "L&#39;Éco 🌱" in answer.text


def test_the_desk_may_not(context):
    device = workshop.laptop()
    with pytest.raises(Forbidden):
        workshop.fire(device, "discard", who=people.actor(Role.DESK), reason="non")


def test_not_what_is_reserved(context):
    device = workshop.fire(workshop.ready_laptop(), "reserve")
    with pytest.raises(WrongState):
        workshop.fire(device, "discard", reason="non")
