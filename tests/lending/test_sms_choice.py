"""Whether a borrower wants short messages: by the desk's press and the JSON door alike, told on her page and in the copy of her data."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.borrowers.sms import choose_sms
from refurb.lending.models import Borrower
from refurb.lending.persons import BORROWING
from tests.support.story import desk, people


@pytest.fixture
def code(app):
    with app.app_context():
        found = desk.borrower("Aïcha")
        with unit_of_work():
            found.phone = "+33639981234"
        return found.code


def test_a_press_notes_it_and_another_takes_it_back(app, signed_in, code):
    counter = signed_in(Role.DESK)
    assert "Ne veut pas de SMS (STOP)" in counter.get(f"/emprunteurs/{code}").text
    assert counter.submit(f"/emprunteurs/{code}/sms", {}).status_code == 303
    shown = counter.get(f"/emprunteurs/{code}").text
    assert "en veut pas, depuis le" in shown
    assert "Ne veut plus de SMS" in shown, "the history says it"
    with app.app_context():
        number = db.session.query(Borrower).filter_by(code=code).one().id
        assert any("SMS" in str(fact.label) for part in BORROWING.known(number) for fact in part.facts)
    assert counter.submit(f"/emprunteurs/{code}/sms", {"wanted": "1"}).status_code == 303
    assert "en veut pas, depuis le" not in counter.get(f"/emprunteurs/{code}").text


def test_the_json_door_says_the_same(signed_in, code):
    counter = signed_in(Role.DESK)
    headers = {"X-CSRFToken": counter.token()}
    told = counter.put(f"/api/v1/borrowers/{code}/sms", json={"wanted": False}, headers=headers)
    assert (told.status_code, told.json["borrower"]) == (200, code)
    assert told.json["sms_refused_at"] is not None
    assert counter.put(f"/api/v1/borrowers/{code}/sms", json={"wanted": True}, headers=headers).json["sms_refused_at"] is None
    assert counter.put(f"/api/v1/borrowers/{code}/sms", json={"wanted": "maybe"}, headers=headers).status_code == 422


def test_only_who_writes_of_borrowers_may(app, code):
    with app.app_context(), pytest.raises(Forbidden), unit_of_work():
        choose_sms(people.actor(Role.PRESCRIBER), db.session.query(Borrower).filter_by(code=code).one(), wanted=False)
