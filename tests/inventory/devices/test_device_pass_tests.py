"""Declaring a device ready: by every door, and by none of them one step earlier."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from refurb.inventory.checks.actions.checks import Answer, Told
from refurb.inventory.devices.actions.flags import lift_flag, raise_flag
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.rules import ChecksFailed, ChecksMissing, DrivesNotClean, Flagged, NotLabelled
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import answers, evidence, people, workshop


def unproven() -> Device:
    """Everything but the proof of a second drive, found late."""
    device = workshop.pass_checks(workshop.testing_laptop())
    workshop.print_label(device)
    evidence.read(device, evidence.lshw(evidence.Disk("CHV0001"), evidence.Disk("CHV0002"), serial=f"VI{device.id:06d}"))
    return device


def unchecked() -> Device:
    device = workshop.testing_laptop()
    workshop.print_label(device)
    told = workshop.all_good(device)
    del told["battery"]
    workshop.answer(device, told)
    return device


def failing() -> Device:
    device = workshop.testing_laptop()
    workshop.print_label(device)
    workshop.answer(device, workshop.all_good(device) | {"keyboard": Told(Answer.NO, "la touche E")})
    return device


def unlabelled() -> Device:
    return workshop.pass_checks(workshop.testing_laptop())


def flagged() -> Device:
    device = workshop.pass_checks(workshop.testing_laptop())
    workshop.print_label(device)
    who = workshop.technician()
    with unit_of_work():
        raise_flag(who, device, FlagKind.SECOND_LOOK, "rayure de 4 cm")
    return device


ONE_STEP_EARLIER: list[tuple[Any, Any]] = [
    (unproven, DrivesNotClean),
    (unchecked, ChecksMissing),
    (failing, ChecksFailed),
    (unlabelled, NotLabelled),
    (flagged, Flagged),
]
earlier = pytest.mark.parametrize(("make", "refusal"), ONE_STEP_EARLIER, ids=[make.__name__ for make, _ in ONE_STEP_EARLIER])


def test_it_is_then_ready(context):
    device = workshop.pass_checks(workshop.testing_laptop())
    workshop.print_label(device)
    assert workshop.fire(device, "pass_tests", who=workshop.technician()).state == DeviceState.READY


def test_the_desk_may_not(context):
    device = workshop.pass_checks(workshop.testing_laptop())
    workshop.print_label(device)
    with pytest.raises(Forbidden):
        workshop.fire(device, "pass_tests", who=people.actor(Role.DESK))


@earlier
def test_not_one_step_earlier(context, make, refusal):
    device = make()
    with pytest.raises(refusal):
        workshop.fire(device, "pass_tests")
    assert device.state == DeviceState.TESTING


@earlier
def test_not_through_the_page(app, signed_in, make, refusal):
    with app.app_context():
        code = make().code
    client = signed_in(Role.TECHNICIAN)
    shown = client.get(f"/appareils/{code}")
    assert "Pas encore possible" in shown.text
    assert f'action="/appareils/{code}/declarer-pret"' not in shown.text
    assert client.get(f"/appareils/{code}/declarer-pret").status_code == 409
    assert f'action="/appareils/{code}/declarer-pret"' not in client.get(f"/S/{code}").text


@earlier
def test_not_by_a_forged_form(app, signed_in, make, refusal):
    with app.app_context():
        code = make().code
    answer = signed_in(Role.COORDINATOR).submit(f"/appareils/{code}/declarer-pret", {"state": "ready", "to": "ready"})
    assert answer.status_code == 409
    assert "Pas encore possible" in answer.text
    with app.app_context():
        assert device_by_code(workshop.coordinator(), code).state == DeviceState.TESTING


@earlier
def test_not_through_the_api(app, signed_in, make, refusal):
    with app.app_context():
        code = make().code
    client = signed_in(Role.COORDINATOR)
    answer = client.post(f"/api/v1/devices/{code}/pass_tests", json={"state": "ready"}, headers={"X-CSRFToken": client.token()})
    assert answer.status_code == 409
    assert answer.json["code"] == refusal.code
    told = client.get(f"/api/v1/scan/{code}").json
    assert told["state"] == "testing"
    assert [each["refusal"]["code"] for each in told["moves"] if each["name"] == "pass_tests"] == [refusal.code]


def test_through_the_page_and_the_api_when_all_is_done(app, signed_in):
    with app.app_context():
        first, second = workshop.pass_checks(workshop.testing_laptop()), workshop.laptop()
        workshop.print_label(first)
        workshop.put_drive_in(second, "CHV0002")
        workshop.prove_erased("CHV0002")
        workshop.pass_checks(workshop.fire(second, "accept", "finish_erasure", "start_tests"))
        workshop.print_label(second)
        codes = first.code, second.code
    client = signed_in(Role.TECHNICIAN)
    assert f'action="/appareils/{codes[0]}/declarer-pret"' in client.get(f"/S/{codes[0]}").text
    assert client.submit(f"/appareils/{codes[0]}/declarer-pret").status_code == 303
    assert client.get(f"/api/v1/scan/{codes[0]}").json["state"] == "ready"
    answer = client.post(f"/api/v1/devices/{codes[1]}/pass_tests", headers={"X-CSRFToken": client.token()})
    assert (answer.status_code, answer.json["state"]) == (200, "ready")


def test_once_the_flag_is_lifted_it_passes(context):
    device = flagged()
    who = workshop.technician()
    with unit_of_work():
        lift_flag(who, device, FlagKind.SECOND_LOOK)
    assert workshop.fire(device, "pass_tests").state == DeviceState.READY


def test_a_failed_check_that_is_repaired_passes(context):
    device = failing()
    workshop.answer(device, {"keyboard": Told(Answer.YES)})
    assert workshop.fire(device, "pass_tests").state == DeviceState.READY


def test_a_question_that_is_not_required_holds_nothing_back(context):
    tablet = workshop.tablet_in_tests()
    keys = [each.key for each in answers.plain_questions(tablet.kind) if each.required]
    workshop.answer(tablet, {key: Told(Answer.YES) for key in keys})
    workshop.print_label(tablet)
    assert workshop.fire(tablet, "pass_tests").state == DeviceState.READY


@pytest.mark.parametrize("make", [unproven, unlabelled])
def test_not_behind_the_back_of_the_service(context, make):
    device = make()
    db.session.rollback()
    with pytest.raises(DatabaseError, match="devices_ready_gate"), db.engine.begin() as connection:
        connection.execute(text("UPDATE devices SET state = 'ready' WHERE id = :id"), {"id": device.id})
