"""The same person does not get two cards by a misread one, and nobody reads at the counter who gave as a private person."""

import pytest

from refurb.directory.actions import add_organisation
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import looks_like_code, new_code
from refurb.kernel.speech.errors import Invalid
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.borrowers.rules import BorrowerKnown
from refurb.lending.models import Borrower
from tests.support.story import desk, people


def register(name, *, anyway=False, **told):
    with unit_of_work():
        return register_borrower(people.actor(Role.DESK), name=name, is_adult=True, anyway=anyway, **told)


@pytest.mark.parametrize("name", ["Aïcha N'Diaye", "aicha n'diaye", "AÏCHA  N'DIAYE"])
def test_the_same_name_with_the_same_telephone_is_told(context, name):
    who = desk.borrower()
    with pytest.raises(BorrowerKnown) as told:
        register(name, phone="0549000000")
    assert told.value.facts["code"].replace("-", "") == who.code
    assert register(name, anyway=True, phone="0549000000").code != who.code


def test_or_with_the_same_address(context):
    register("Zoé", email="zoe@exemple.fr")
    with pytest.raises(BorrowerKnown):
        register("Zoe", email="ZOE@exemple.fr")


def test_another_of_the_same_name_is_another(context):
    desk.borrower()
    assert register("Aïcha N'Diaye", phone="0611111111")


def test_the_page_asks_once(app, signed_in):
    with app.app_context():
        desk.borrower()
    agent = signed_in(Role.DESK)
    told = {"name": "Aïcha N'Diaye", "phone": "0549000000", "is_adult": "1"}
    assert "anyway" not in agent.get("/emprunteurs/nouveau").text
    refused = agent.submit("/emprunteurs/nouveau", told)
    assert refused.status_code == 409
    assert 'name="anyway"' in refused.text
    assert agent.submit("/emprunteurs/nouveau", told | {"anyway": "1"}).status_code == 303
    with app.app_context():
        assert db.session.query(Borrower).count() == 2


def misread():
    code = new_code()
    return code[:-1] + ("2" if code[-1] != "2" else "3")


def test_a_misread_card_is_no_new_person(app, signed_in):
    agent = signed_in(Role.DESK)
    for typed in ("KRD39JTH", misread(), f"HTTPS://RELAIS.EXAMPLE/S/{misread()}"):
        refused = agent.submit("/comptoir", {"scan": typed})
        assert refused.status_code == 303, typed
        refused = agent.get("/comptoir")
        assert "pas un code" in refused.text, typed
        assert "inscrivez" not in refused.text
        page = agent.get("/emprunteurs", query_string={"q": typed}).text
        assert "inscrivez" not in page
        assert "pas un code" in page
    assert "bernadette" in agent.submit("/comptoir", {"scan": "bernadette"}).text


@pytest.mark.parametrize("name", ["Philibert", "Sébastien", "Lévy", "Bénédicte", "Dupontel", "0549000000", "PR-2026-0001"])
def test_names_numbers_and_references_are_no_codes(name):
    assert not looks_like_code(name)


def test_a_private_donor_is_not_offered_at_the_counter(app, signed_in):
    with app.app_context():
        with unit_of_work():
            private = add_organisation(SERVICE, name="Marcel Privé", is_donor=True, is_person=True).id
            school = add_organisation(SERVICE, name="École Jules-Ferry").id
        with pytest.raises(Invalid):
            register("Zoé", phone="0611111111", organisation_id=private)
        assert register("Zoé", phone="0611111111", organisation_id=school).organisation_id == school
    page = signed_in(Role.DESK).get("/emprunteurs/nouveau").text
    assert "Marcel Privé" not in page
    assert "École Jules-Ferry" in page
    assert "CCAS de Poitiers" in page
