"""The pages of what is lent, as a desk agent and others see them."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.models import Borrower, Item
from tests.support.story import desk


@pytest.fixture
def agent(signed_in):
    return signed_in(Role.DESK)


@pytest.fixture
def story(app):
    with app.app_context():
        return {"tablet": desk.tablet().code, "kit": desk.kit().code, "who": desk.borrower().code}


def test_a_borrower_is_registered_with_a_card(agent, app):
    done = agent.submit("/emprunteurs/nouveau", {"name": "Zoé O'Brien 🎒", "email": "zoe@exemple.fr", "is_adult": "1"})
    assert done.status_code == 303
    assert "Zoé O" in agent.get(done.headers["Location"]).text
    assert agent.get(done.headers["Location"] + "/carte.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("told", "beside"),
    [({"is_adult": "1"}, "phone"), ({"phone": "05 49 00 00 00"}, "is_adult"), ({"is_adult": "1", "phone": "x"}, "phone")],
)
def test_a_borrower_must_be_of_age_and_reachable(agent, app, told, beside):
    refused = agent.submit("/emprunteurs/nouveau", {"name": "Léo Petit"} | told)
    assert refused.status_code == 422
    assert f'id="f-{beside}-e"' in refused.text
    assert 'value="Léo Petit"' in refused.text
    with app.app_context():
        assert db.session.query(Borrower).count() == 0


def test_a_kit_is_entered_with_its_components(agent, app):
    agent.submit("/materiel/produits/nouveau", {"name": "Malle robots", "category": "kit"})
    with app.app_context():
        product = db.session.query(desk.Product).one().id
    columns = {
        "c_name": ["Robot", "", "Câble"],
        "c_quantity": ["4", "1", "4"],
        "c_value": ["129,90", "", ""],
        "c_picture": ["robot", "", "../x"],
    }
    done = agent.submit("/materiel/nouveau", {"product_id": product, "name": "Malle n° 1"} | columns)
    assert done.status_code == 303, done.text
    page = agent.get(done.headers["Location"]).text
    assert "129,90" in page
    assert agent.get(done.headers["Location"] + "/etiquette.pdf").data.startswith(b"%PDF")


def test_a_wrong_value_keeps_the_rows(agent, app):
    agent.submit("/materiel/produits/nouveau", {"name": "Malle robots", "category": "kit"})
    told = {"product_id": "1", "name": "Malle", "c_name": ["Robot"], "c_quantity": ["4"], "c_value": ["cher"], "c_picture": [""]}
    refused = agent.submit("/materiel/nouveau", told)
    assert refused.status_code == 422
    assert 'value="cher"' in refused.text


def test_the_lists_say_what_is_late(agent, story, app):
    with app.app_context():
        loan = desk.lent(db.session.query(Item).filter_by(code=story["tablet"]).one())
        desk.made_due(loan, today() - timedelta(days=3))
    for path in ("/prets", "/prets?quoi=en-retard", f"/materiel/{story['tablet']}"):
        assert "en retard de 3" in agent.get(path).text, path
    assert "Aucun prêt ici" in agent.get("/prets?quoi=rendus").text
    assert "Aïcha" in agent.get("/prets?q=aicha").text


@pytest.mark.parametrize(
    "path",
    [
        "/comptoir",
        "/prets",
        "/materiel",
        "/emprunteurs",
        "/emprunteurs/nouveau",
        "/materiel/nouveau",
        "/materiel/produits/nouveau",
    ],
)
def test_an_empty_house_teaches(agent, path):
    assert agent.get(path).status_code == 200


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_borrowers_are_not_shown_to_who_may_not_see_them(signed_in, story, app, role):
    with app.app_context():
        desk.lent(db.session.query(Item).filter_by(code=story["tablet"]).one(), desk.borrower("Berthe Première"))
    stranger = signed_in(role)
    for path in ("/comptoir", "/prets", "/emprunteurs", f"/emprunteurs/{story['who']}"):
        assert stranger.get(path).status_code == 403, path
    item = stranger.get(f"/materiel/{story['tablet']}")
    assert "Berthe" not in item.text
    assert item.status_code == (200 if role is Role.TECHNICIAN else 403)


def test_a_scan_leads_desk_and_bench_each_to_their_page(signed_in, story):
    assert signed_in(Role.DESK).get(f"/S/{story['who']}").headers["Location"] == f"/emprunteurs/{story['who']}"
    assert signed_in(Role.TECHNICIAN).get(f"/S/{story['who']}").status_code == 404
    assert signed_in(Role.TECHNICIAN).get(f"/S/{story['tablet']}").headers["Location"] == f"/materiel/{story['tablet']}"


def test_what_is_not_there_is_not_found(agent):
    assert agent.get("/materiel/11111111").status_code == 404
    assert agent.get("/prets/PR-1999-0001").status_code == 404
