"""Two people on one checklist: whoever would replace the other's answer is told, and asked again."""

import re

from refurb.inventory.checks.actions.checks import Answer, Told
from refurb.inventory.devices.queries.devices import answers_of, device_by_code
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from tests.support.story import people, workshop

SEEN = re.compile(r'name="k_screen" value="(\d*)"')


def test_the_second_is_told_what_the_first_answered_and_asked(app, signed_in):
    with app.app_context():
        device = workshop.testing_laptop()
        code = device.code
    second = signed_in(Role.COORDINATOR)
    page = f"/appareils/{code}/controles"
    seen = SEEN.search(second.get(page).text)[1]
    with app.app_context():
        workshop.answer(device_by_code(people.actor(Role.TECHNICIAN), code), {"screen": Told(Answer.YES)})
        db.session.remove()

    answer = second.submit(page, {"q_screen": "no", "k_screen": seen})
    assert answer.status_code == 422
    told = re.sub(r"\s+", " ", answer.text)
    assert f"{people.NAME[Role.TECHNICIAN]} a répondu « Oui » entre-temps" in told
    with app.app_context():
        assert answers_of(device_by_code(people.actor(Role.TECHNICIAN), code))["screen"].answer == "yes"

    now_seen = SEEN.search(answer.text)[1]
    assert now_seen not in {"", seen}
    assert second.submit(page, {"q_screen": "no", "k_screen": now_seen}).status_code == 303


def test_nobody_is_asked_about_an_answer_they_saw_or_share(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
        workshop.answer(device_by_code(people.actor(Role.TECHNICIAN), code), {"screen": Told(Answer.YES)})
        db.session.remove()
    second = signed_in(Role.COORDINATOR)
    page = f"/appareils/{code}/controles"
    assert second.submit(page, {"q_screen": "yes", "k_screen": ""}).status_code == 303
    assert second.submit(page, {"q_screen": "no", "k_screen": SEEN.search(second.get(page).text)[1]}).status_code == 303
