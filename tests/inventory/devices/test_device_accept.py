"""Accepting a device at the triage."""

import re

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import people, workshop


def test_it_is_then_to_be_erased(context):
    device = workshop.laptop()
    before = device.moved_at
    workshop.fire(device, "accept", who=workshop.technician())
    assert device.state == DeviceState.TO_ERASE
    assert device.moved_at > before
    assert last_event(device).move == "accept"
    assert last_event(device).facts == {"from": "received", "to": "to_erase"}


def test_a_prescriber_may_not(context):
    device = workshop.laptop()
    with pytest.raises(Forbidden):
        workshop.fire(device, "accept", who=people.actor(Role.PRESCRIBER))


def test_not_twice_and_the_refusal_says_who_was_first(context):
    device = workshop.fire(workshop.laptop(), "accept", who=workshop.technician())
    with pytest.raises(WrongState) as refused:
        workshop.fire(device, "accept")
    assert refused.value.facts["actor_id"] == workshop.technician().id
    assert refused.value.facts["seconds"] < 60


def test_the_page_says_who_was_faster(app, signed_in):
    with app.app_context():
        code = workshop.fire(workshop.laptop(), "accept", who=workshop.technician()).code
    answer = signed_in(Role.COORDINATOR).submit(f"/appareils/{code}/accepter-au-tri")
    assert answer.status_code == 409
    assert re.search("Samira Benali vous a devancé (à l’instant|il y a [1-9])", answer.text)  # never « il y a 0 seconde »
    assert "Accepté au tri" in answer.text
