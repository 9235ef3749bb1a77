"""A check that a second person confirms: nobody is both."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.inventory.checks.actions.checks import Answer, ChecksClosed, NothingToConfirm, SamePerson, Told, answer_checks, confirm_checks
from refurb.inventory.devices.queries.devices import answers_of
from refurb.inventory.devices.rules import ChecksUnconfirmed
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import people, workshop


def answered_printer() -> Device:
    """A printer whose technician has answered everything; that its memory is cleared waits for somebody else."""
    (printer,) = workshop.devices_of(workshop.received({DeviceKind.PRINTER: 1}))
    workshop.fire(printer, "accept", "finish_erasure", "start_tests")
    workshop.print_label(printer)
    return workshop.pass_checks(printer)


def confirm(device, who=None, *keys):
    who = who or workshop.coordinator()
    with unit_of_work():
        return confirm_checks(who, device, keys or ("memory",))


def test_it_passes_once_somebody_else_confirmed(context):
    printer = answered_printer()
    with pytest.raises(ChecksUnconfirmed):
        workshop.fire(printer, "pass_tests")
    assert confirm(printer) == 1
    assert last_event(printer).facts == {"count": 1, "questions": ["memory"]}
    assert workshop.fire(printer, "pass_tests").state == DeviceState.READY


def test_not_the_one_who_answered(context):
    printer, who = answered_printer(), workshop.technician()
    with pytest.raises(SamePerson):
        confirm(printer, who)


def test_not_the_service_nor_the_desk(context):
    printer, desk = answered_printer(), people.actor(Role.DESK)
    for who in (SERVICE, desk):
        with pytest.raises(Forbidden):
            confirm(printer, who)


def test_not_with_the_token_of_somebody_else(context):
    printer = answered_printer()
    with pytest.raises(Forbidden):
        confirm(printer, replace(workshop.coordinator(), by_token=True))
    with pytest.raises(Invalid), unit_of_work():
        answer_checks(replace(workshop.coordinator(), by_token=True), printer, {"memory": Told(Answer.YES, "refait")})


def test_an_answer_that_changed_is_to_be_confirmed_anew(context):
    printer = answered_printer()
    confirm(printer)
    workshop.answer(printer, {"memory": Told(Answer.YES, "remise à zéro refaite")})
    with pytest.raises(ChecksUnconfirmed):
        workshop.fire(printer, "pass_tests")


@pytest.mark.parametrize("key", ["print", "unknown"])
def test_nothing_else_is_confirmed(context, key):
    printer = answered_printer()
    with pytest.raises(NothingToConfirm):
        confirm(printer, None, key)


def test_a_bad_answer_and_a_confirmed_one_are_not_confirmed(context):
    printer = answered_printer()
    confirm(printer)
    with pytest.raises(NothingToConfirm):
        confirm(printer)
    workshop.answer(printer, {"memory": Told(Answer.NO)})
    with pytest.raises(NothingToConfirm):
        confirm(printer)


def test_not_after_the_tests(context):
    printer = answered_printer()
    workshop.fire(printer, "back_to_bench", reason="bac cassé")
    with pytest.raises(ChecksClosed):
        confirm(printer)


def test_the_database_refuses_the_same_person(context):
    printer = answered_printer()
    with pytest.raises(IntegrityError):
        db.session.execute(
            text("UPDATE check_results SET confirmed_by = actor_id, confirmed_at = at WHERE device_id = :id"), {"id": printer.id}
        )
    db.session.rollback()


def test_the_page_offers_it_to_the_other_only(app, signed_in):
    with app.app_context():
        code = answered_printer().code
    page = f"/appareils/{code}/controles"
    assert "Demander un second regard" in signed_in(Role.TECHNICIAN).get(f"/appareils/{code}").text
    shown = signed_in(Role.TECHNICIAN).get(page).text
    assert "une autre personne confirme" in shown
    assert "je confirme" not in shown
    client = signed_in(Role.COORDINATOR)
    assert "je confirme" in client.get(page).text
    assert client.submit(f"{page}/confirmer", {"question": "memory"}).status_code == 303
    assert "confirmé par Hélène Charrier" in client.get(page).text


def test_through_the_api(app, signed_in):
    with app.app_context():
        code = answered_printer().code
    first, second = signed_in(Role.TECHNICIAN), signed_in(Role.COORDINATOR)
    url = f"/api/v1/devices/{code}/checks"
    refused = first.post(f"{url}/confirm", json={"question": "memory"}, headers={"X-CSRFToken": first.token()})
    assert (refused.status_code, refused.json["code"]) == (409, "check.same_person")
    assert not {each["key"]: each["passed"] for each in first.get(url).json["questions"]}["memory"]
    assert second.post(f"{url}/confirm", json={"question": "memory"}, headers={"X-CSRFToken": second.token()}).status_code == 200
    assert {each["key"]: each["passed"] for each in first.get(url).json["questions"]}["memory"]


def test_the_answers_say_who(context):
    printer = answered_printer()
    confirm(printer)
    answered = answers_of(printer)["memory"]
    assert (answered.actor_id, answered.confirmed_by) == (workshop.technician().id, workshop.coordinator().id)
