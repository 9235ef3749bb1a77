"""Raising and lifting what blocks a device beside its state."""

import pytest

from refurb.inventory.devices.actions.flags import FlagNotRaised, FlagRaised, lift_flag, raise_flag
from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.words.devices import FlagKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import people, workshop

SECOND = FlagKind.SECOND_LOOK


def raised(device, who=None, kind=SECOND):
    who = who or workshop.technician()
    with unit_of_work():
        return raise_flag(who, device, kind, "rayure de 4 cm")


def lifted(device, who=None, kind=SECOND):
    who = who or workshop.technician()
    with unit_of_work():
        return lift_flag(who, device, kind)


def test_raised_then_lifted_leaves_two_events(context):
    device = workshop.laptop()
    raised(device)
    assert [flag.kind for flag in raised_flags(device)] == [SECOND]
    lifted(device, workshop.coordinator())
    assert raised_flags(device) == []
    assert [event.move for event in events_of(device)] == ["flag_lifted", "flag_raised", "created"]
    assert "rayure" not in str([event.facts for event in events_of(device)])


def test_raised_again_after_it_was_lifted(context):
    device = workshop.laptop()
    raised(device)
    lifted(device)
    raised(device)
    assert len(raised_flags(device)) == 1


def test_not_the_same_twice(context):
    device = workshop.laptop()
    raised(device)
    with pytest.raises(FlagRaised):
        raised(device)


def test_not_lifted_twice(context):
    with pytest.raises(FlagNotRaised):
        lifted(workshop.laptop())


def test_the_desk_may_neither(context):
    device, desk = workshop.laptop(), people.actor(Role.DESK)
    with pytest.raises(Forbidden):
        raised(device, desk)
    raised(device)
    with pytest.raises(Forbidden):
        lifted(device, desk)


def test_through_the_page(app, signed_in):
    with app.app_context():
        code = workshop.ready_laptop().code
    client = signed_in(Role.TECHNICIAN)
    assert client.submit(f"/appareils/{code}/signaler", {"kind": "second_look", "note": "rayure, coin droit"}).status_code == 303
    shown = client.get(f"/appareils/{code}").text
    assert "Second regard demandé" in shown
    assert "rayure, coin droit" in shown
    assert "Posé par Samira Benali" in shown
    assert client.submit(f"/appareils/{code}/signaler", {"kind": "second_look"}).status_code == 409
    assert client.submit(f"/appareils/{code}/lever", {"kind": "second_look"}).status_code == 303
    assert client.submit(f"/appareils/{code}/lever", {"kind": "second_look"}).status_code == 409


def test_through_the_api(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.TECHNICIAN)
    head = {"X-CSRFToken": client.token()}
    assert client.post(f"/api/v1/devices/{code}/flags", json={"kind": "bios_locked"}, headers=head).json["flags"] == ["bios_locked"]
    assert client.delete(f"/api/v1/devices/{code}/flags/bios_locked", headers=head).json["flags"] == []
    assert client.delete(f"/api/v1/devices/{code}/flags/bios_locked", headers=head).status_code == 409
