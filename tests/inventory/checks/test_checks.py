"""The checklist of a device."""

import base64
import io
import re

import pytest
from PIL import Image

from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.checklists.questions import SEEN
from refurb.inventory.checks.actions.checks import (
    Answer,
    ChecksClosed,
    NothingToTakeBack,
    Told,
    answer_checks,
    confirm_checks,
    take_answers_back,
)
from refurb.inventory.devices.queries.devices import answers_of, device_by_code
from refurb.inventory.devices.rules import ChecksMissing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.queries.evidence import reports_shown
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.kernel.web.pictures import clean_picture
from tests.support.story import people, workshop


def a_photo() -> bytes:
    """What a phone's camera sends, but small."""
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(written, "JPEG")
    return written.getvalue()


@pytest.mark.parametrize("kind", DeviceKind)
def test_each_kind_has_questions_in_both_languages(context, kind):
    questions = checklist_of(kind).questions
    assert len(questions) >= 4
    for question in questions:
        assert question.texts.keys() == question.shorts.keys() == {"fr", "en"}
        assert question.texts["fr"].endswith("?")
        assert question.texts["en"].endswith("?")


def test_answers_are_kept_with_the_version_of_the_policy(context):
    device = workshop.testing_laptop()
    workshop.answer(device, {"screen": Told(Answer.YES), "webcam": Told(Answer.NOT_APPLICABLE), "keyboard": Told(Answer.NO, "la touche E")})
    known = answers_of(device)
    assert {key: (each.answer, each.passed) for key, each in known.items()} == {
        "screen": ("yes", True), "webcam": ("na", True), "keyboard": ("no", False),
    }  # fmt: skip
    assert known["keyboard"].note == "la touche E"
    assert known["screen"].policy_version == checklist_of(device.kind).version
    assert last_event(device).facts["failed"] == 1
    assert "touche" not in str(last_event(device).facts)


def test_a_later_answer_takes_the_place_of_an_earlier_and_both_stay(context):
    device = workshop.testing_laptop()
    workshop.answer(device, {"screen": Told(Answer.NO)})
    workshop.answer(device, {"screen": Told(Answer.YES)})
    workshop.answer(device, {"screen": Told(Answer.YES)})
    assert answers_of(device)["screen"].passed
    assert db.session.query(CheckResult).count() == 2


def test_not_before_the_tests(context):
    with pytest.raises(ChecksClosed):
        workshop.answer(workshop.laptop(), {"screen": Told(Answer.YES)})


def test_a_question_of_another_kind_is_refused(context):
    with pytest.raises(Invalid):
        workshop.answer(workshop.testing_laptop(), {"sim_lock": Told(Answer.YES)})


def test_what_every_machine_has_is_never_beside_the_point(context):
    with pytest.raises(Invalid):
        workshop.answer(workshop.testing_laptop(), {"screen": Told(Answer.NOT_APPLICABLE)})


def test_the_desk_may_not(context):
    device, who = workshop.testing_laptop(), people.actor(Role.DESK)
    with pytest.raises(Forbidden), unit_of_work():
        answer_checks(who, device, {"screen": Told(Answer.YES)})


def test_the_page_keeps_half_a_list_and_says_what_remains(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    client = signed_in(Role.TECHNICIAN)
    asked = client.get(f"/appareils/{code}/controles")
    assert asked.status_code == 200
    assert 'data-keep="/saisie"' in asked.text, "what is ticked is kept while it is ticked"
    keys = ["shell", "screen", "keyboard", "touchpad", "charger", "wifi", "sound", "ports", "clean"]
    assert client.submit(f"/appareils/{code}/controles", {f"q_{key}": "yes" for key in keys}).status_code == 303
    shown = client.get(f"/appareils/{code}").text
    assert "Finir les 3 derniers contrôles" in shown
    assert "tenue de la batterie, webcam, système" in shown


def test_all_is_well_but_what_one_changes_is_one_press_and_stays_in_the_history(app, signed_in):
    with app.app_context():
        device = workshop.testing_laptop()
        workshop.answer(device, {"screen": Told(Answer.NO)})
        code = device.code
    client = signed_in(Role.TECHNICIAN)
    page = f"/appareils/{code}/controles"
    assert f'href="{page}?tout-va-bien=1"' in client.get(page).text
    begun = client.get(f"{page}?tout-va-bien=1").text
    picked = dict(re.findall(r'name="q_(\w+)"\s+value="(\w+)" checked', begun))
    assert picked["keyboard"] == "yes"
    assert picked["screen"] == "no", "what somebody answered stays"
    assert "webcam" not in picked, "not every machine has one"
    told = {f"q_{key}": value for key, value in picked.items()} | {"q_keyboard": "no"}
    assert client.submit(f"{page}?tout-va-bien=1", told).status_code == 303
    assert "par « tout va bien, sauf ce que je change »" in re.sub(r"\s+", " ", client.get(f"/appareils/{code}").text)
    with app.app_context():
        known = answers_of(device_by_code(people.actor(Role.TECHNICIAN), code))
        assert (known["keyboard"].passed, known["shell"].passed, known["screen"].passed) == (False, True, False)


def test_what_was_answered_last_is_taken_back_by_whoever_answered_it(context):
    device = workshop.testing_laptop()
    who, other = people.actor(Role.TECHNICIAN), people.actor(Role.COORDINATOR)

    def taken_back(actor, position=None):
        with unit_of_work():
            return take_answers_back(actor, device, position)

    with pytest.raises(NothingToTakeBack):
        taken_back(who)
    workshop.answer(device, {"screen": Told(Answer.YES), "shell": Told(Answer.YES)})
    first = last_event(device).position
    workshop.answer(device, {"screen": Told(Answer.NO)})
    for actor, position in ((other, None), (who, first)):
        with pytest.raises(NothingToTakeBack):
            taken_back(actor, position)
    assert taken_back(who, last_event(device).position) == 1
    assert {key: each.passed for key, each in answers_of(device).items()} == {"screen": True, "shell": True}, "what was before stands again"
    with pytest.raises(NothingToTakeBack):
        taken_back(who)  # Once.


def test_a_confirmed_answer_is_not_taken_back(context):
    (printer,) = workshop.devices_of(workshop.received({DeviceKind.PRINTER: 1}))
    workshop.fire(printer, "accept", "finish_erasure", "start_tests")
    workshop.answer(printer, {"memory": Told(Answer.YES)})
    with unit_of_work():
        confirm_checks(people.actor(Role.COORDINATOR), printer, ["memory"])
    with pytest.raises(NothingToTakeBack), unit_of_work():
        take_answers_back(people.actor(Role.TECHNICIAN), printer)


def test_the_page_refuses_a_forged_answer(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    answer = signed_in(Role.TECHNICIAN).submit(f"/appareils/{code}/controles", {"q_screen": "na", "n_keyboard": "L'é 🧽"})
    assert answer.status_code == 422
    assert "L&#39;é 🧽" in answer.text


def test_the_page_is_closed_before_the_tests(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.TECHNICIAN)
    assert client.get(f"/appareils/{code}/controles").status_code == 409
    assert client.submit(f"/appareils/{code}/controles", {"q_screen": "yes"}).status_code == 409


def test_through_the_api(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    client = signed_in(Role.TECHNICIAN)
    head = {"X-CSRFToken": client.token()}
    told = {"screen": "yes", "webcam": {"answer": "na", "note": "sans webcam"}}
    assert client.post(f"/api/v1/devices/{code}/checks", json=told, headers=head).json["checks"] == {"screen": True, "webcam": True}
    assert client.post(f"/api/v1/devices/{code}/checks/take-back", json={}, headers=head).json["checks"] == {}
    assert client.post(f"/api/v1/devices/{code}/checks/take-back", json={"position": 1}, headers=head).status_code == 409
    assert client.post(f"/api/v1/devices/{code}/checks", json={"screen": "peut-être"}, headers=head).status_code == 422
    assert client.post(f"/api/v1/devices/{code}/checks", json=["screen"], headers=head).status_code == 422


def test_a_measure_a_choice_and_a_picture_are_kept_as_said(context):
    device = workshop.testing_laptop()
    workshop.answer(
        device, {"battery_health": Told("57,4"), "look": Told("damaged"), "look_photo": Told(SEEN, photo=clean_picture(a_photo()))}
    )
    known = answers_of(device)
    assert {key: (each.answer, each.passed) for key, each in known.items()} == {
        "battery_health": ("57", True), "look": ("damaged", True), "look_photo": ("photo", True),
    }  # fmt: skip
    digest = known["look_photo"].photo
    assert last_event(device).facts["photos"] == {"look_photo": digest}
    assert fetch(digest)[:2] == b"\xff\xd8"


def test_a_picture_stays_with_its_answer_until_the_answer_changes(context):
    device = workshop.testing_laptop()
    workshop.answer(device, {"screen": Told(Answer.NO, photo=clean_picture(a_photo()))})
    workshop.answer(device, {"screen": Told(Answer.NO, "une ligne")})
    assert answers_of(device)["screen"].photo
    workshop.answer(device, {"screen": Told(Answer.YES)})
    assert answers_of(device)["screen"].photo is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"battery_health": Told("900")}, "check.implausible"),
        ({"look": Told("yes")}, "field.choice"),
        ({"look": Told("damaged"), "look_photo": Told(SEEN)}, "check.photo_missing"),
        ({"look": Told("worn"), "look_photo": Told(SEEN, photo=b"x")}, "check.not_asked"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_kept(context, told, code):
    device = workshop.testing_laptop()
    with pytest.raises(Invalid) as caught:
        workshop.answer(device, told)
    assert [fault.code for faults in caught.value.fields.values() for fault in faults] == [code]
    db.session.rollback()
    assert not answers_of(device)


def test_a_required_question_that_an_answer_opens_holds_the_device_back(context):
    device = workshop.pass_checks(workshop.testing_laptop())
    workshop.print_label(device)
    workshop.answer(device, {"look": Told("damaged")})
    with pytest.raises(ChecksMissing) as caught:
        workshop.fire(device, "pass_tests")
    assert caught.value.facts["questions"] == "photo de ce qui est abîmé"
    workshop.answer(device, {"look": Told("worn")})
    assert workshop.fire(device, "pass_tests").state == DeviceState.READY


def test_a_report_suggests_and_a_person_signs(app, signed_in):
    with app.app_context():
        device = workshop.testing_laptop()
        with unit_of_work():
            for report in reports_shown(device):
                report.facts = {**report.facts, "battery": {"health_percent": 83}}
        code = device.code
    client = signed_in(Role.TECHNICIAN)
    assert "Reprendre 83" in client.get(f"/appareils/{code}/controles").text
    assert client.get(f"/api/v1/devices/{code}").json["checks"] == {}
    client.submit(f"/appareils/{code}/controles", {"q_battery_health": "83"})
    assert client.get(f"/api/v1/devices/{code}").json["checks"] == {"battery_health": True}


def test_starting_the_tests_opens_the_list_and_its_answers_lead_to_the_next_step(app, signed_in):
    with app.app_context():
        device = workshop.testing_laptop()
        with unit_of_work():
            device_machine.fire(device, "back_to_bench", people.actor(Role.TECHNICIAN), reason="écran à changer")
        code = device.code
    client, page = signed_in(Role.TECHNICIAN), f"/appareils/{code}"
    assert client.submit(f"{page}/commencer-les-controles", {}).location == f"{page}/controles"
    assert client.submit(f"{page}/controles", {"q_screen": "yes"}).location == page


@pytest.mark.both_databases
def test_the_page_takes_a_picture_and_shows_it_to_those_who_see_the_device(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    client, page = signed_in(Role.TECHNICIAN), f"/appareils/{code}/controles"
    assert client.submit(page, {"q_screen": "no", "p_screen": (io.BytesIO(a_photo()), "photo.jpg")}).status_code == 303
    (address,) = set(re.findall(rf"{page}/photos/\d+", client.get(page).text))
    assert client.get(address).mimetype == "image/jpeg"
    assert signed_in(Role.PRESCRIBER).get(address).status_code in {403, 404}
    assert client.get(f"{page}/photos/999999").status_code == 404
    assert "À réparer" in client.get(page).text


def test_the_page_says_what_is_wrong_beside_the_question_and_keeps_what_was_typed(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    client, page = signed_in(Role.TECHNICIAN), f"/appareils/{code}/controles"
    shown = client.submit(page, {"q_battery_health": "beaucoup", "q_screen": "yes"})
    assert shown.status_code == 422
    assert "Indiquez un nombre" in shown.text
    assert 'value="beaucoup"' in shown.text
    alone = client.submit(page, {"n_screen": "une tache"})
    assert (alone.status_code, "Répondez à la question" in alone.text) == (422, True)


def test_the_policy_can_be_read_on_screen_and_through_the_api(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    shown = client.get("/reglages/controles").text
    assert "Une seconde personne confirme." in shown
    assert "réserve sous 60" in shown
    lists = client.get("/api/v1/checklists").json["checklists"]
    assert next(each for each in lists["laptop"] if each["key"] == "battery_health")["limits"]["warn_below"] == 60


def test_a_picture_and_a_measure_through_the_api(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    client = signed_in(Role.TECHNICIAN)
    head, url = {"X-CSRFToken": client.token()}, f"/api/v1/devices/{code}/checks"
    picture = base64.b64encode(a_photo()).decode()
    told = {"battery_health": 81.6, "look": "damaged", "look_photo": {"answer": "photo", "photo": picture}}
    assert client.post(url, json=told, headers=head).status_code == 200
    shown = {each["key"]: each for each in client.get(url).json["questions"]}
    assert (shown["battery_health"]["answer"], shown["battery_health"]["verdict"]) == ("82", "passed")
    assert shown["look_photo"]["passed"]
    refused = client.post(url, json={"look_photo": {"answer": "photo", "photo": "AAAA"}}, headers=head)
    assert refused.json["fields"]["look_photo"][0]["code"] == "picture.unreadable"
