"""The checklist of a device."""

import pytest

from refurb.inventory.actions.checks import Answer, ChecksClosed, Told, answer_checks
from refurb.inventory.checklists import checklist_of
from refurb.inventory.models import CheckResult
from refurb.inventory.queries import answers_of
from refurb.inventory.words import DeviceKind
from refurb.kernel.access import Role
from refurb.kernel.database import db
from refurb.kernel.errors import Forbidden, Invalid
from refurb.kernel.history import last_event
from refurb.kernel.unit_of_work import unit_of_work
from tests.support.story import people, workshop


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
    workshop.answer(device, {"screen": Told(Answer.YES), "webcam": Told(Answer.BESIDE), "keyboard": Told(Answer.NO, "la touche E")})
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
        workshop.answer(workshop.testing_laptop(), {"screen": Told(Answer.BESIDE)})


def test_the_desk_may_not(context):
    device, who = workshop.testing_laptop(), people.actor(Role.DESK)
    with pytest.raises(Forbidden), unit_of_work():
        answer_checks(who, device, {"screen": Told(Answer.YES)})


def test_the_page_keeps_half_a_list_and_says_what_remains(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    client = signed_in(Role.TECHNICIAN)
    assert client.get(f"/appareils/{code}/controles").status_code == 200
    keys = ["shell", "screen", "keyboard", "touchpad", "charger", "wifi", "sound", "ports", "clean"]
    assert client.submit(f"/appareils/{code}/controles", {f"q_{key}": "yes" for key in keys}).status_code == 303
    shown = client.get(f"/appareils/{code}").text
    assert "Finir les 3 derniers contrôles" in shown
    assert "tenue de la batterie, webcam, système" in shown


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
    assert client.post(f"/api/v1/devices/{code}/checks", json={"screen": "peut-être"}, headers=head).status_code == 422
    assert client.post(f"/api/v1/devices/{code}/checks", json=["screen"], headers=head).status_code == 422
