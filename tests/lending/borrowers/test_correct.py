"""Somebody, a thing, a product are corrected by somebody; the history says from what to what, agreements in force keep what they said."""

import pytest

from refurb.documents.signing import signing_for
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, last_event, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.lending.borrowers.actions import correct_borrower
from refurb.lending.items.actions import correct_item, correct_product
from refurb.lending.items.rules import ProductTaken
from refurb.lending.models import Borrower, Product
from tests.support.story import desk, people


def corrected(who, role=Role.DESK, **told):
    with unit_of_work():
        correct_borrower(people.actor(role), who, **{"name": who.name, "phone": who.phone, "email": who.email, **told})


def test_a_borrower_is_corrected_and_the_history_names_nobody(context):
    who = desk.borrower()
    corrected(who, name="Aïcha Diallo", phone="0612345678")
    assert (who.name, who.phone) == ("Aïcha Diallo", "+33612345678")
    assert "diallo" in who.search
    event = last_event(who)
    assert event.facts == {"fields": ["name", "phone"]}
    told = {field: each.replace("\u202f", " ") for field, each in notes_of([event])[event.id].items()}
    assert told == {"name": "Aïcha N'Diaye → Aïcha Diallo", "phone": "05 49 00 00 00 → 06 12 34 56 78"}


def test_nothing_changed_is_no_deed(context):
    who = desk.borrower()
    corrected(who)
    assert [event.move for event in events_of(who)] == ["registered"]


def test_somebody_stays_reachable(context):
    with pytest.raises(Invalid):
        corrected(desk.borrower(), phone=None)


def test_an_agreement_in_force_keeps_what_it_said(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    parts = [{"name": each.name, "quantity": each.quantity, "value_cents": 100} for each in tablet.components]
    with unit_of_work():
        correct_item(people.actor(Role.DESK), tablet, product_id=tablet.product_id, name="Tablette n° 9", components=parts)
    corrected(loan.borrower, name="Autre")
    text = str(signing_for(loan).content)
    assert "Aïcha N'Diaye" in text
    assert "Tablette n° 1" in text
    assert [count.name for count in loan.lines[0].counts] == ["Tablette", "Chargeur", "Housse"]
    desk.back(loan)
    event = next(each for each in events_of(tablet) if each.move == "corrected")
    assert event.facts["name"] == ["Tablette n° 1", "Tablette n° 9"]
    assert [value for _name, _quantity, value in event.facts["components"][1]] == [100, 100, 100]


def test_a_product_is_corrected_and_its_things_are_found_by_the_new_name(context):
    tablet = desk.tablet()
    with unit_of_work():
        correct_product(people.actor(Role.DESK), tablet.product, name="Ardoise", category="tablet")
    assert "ardoise" in tablet.search
    assert last_event(tablet.product).facts == {"name": ["Tablette 10 pouces", "Ardoise"]}
    other = desk.product("Malle", "kit")
    with pytest.raises(ProductTaken), unit_of_work():
        correct_product(people.actor(Role.DESK), other, name="Ardoise", category="kit")


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_not_by_who_may_not(context, role):
    tablet, who = desk.tablet(), desk.borrower()
    with pytest.raises(Forbidden):
        corrected(who, role)
    with pytest.raises(Forbidden), unit_of_work():
        correct_item(people.actor(role), tablet, product_id=tablet.product_id, name="x", components=[])
    with pytest.raises(Forbidden), unit_of_work():
        correct_product(people.actor(role), tablet.product, name="x", category="tablet")


def test_from_the_pages(app, signed_in):
    with app.app_context():
        tablet, who = desk.tablet(), desk.borrower()
        code, card, product = tablet.code, who.code, tablet.product_id
    agent = signed_in(Role.DESK)
    assert 'value="05\u202f49\u202f00\u202f00\u202f00"' in agent.get(f"/emprunteurs/{card}/modifier").text
    told = {"name": "Aïcha Diallo", "phone": "0549000000", "email": "", "organisation_id": ""}
    assert agent.submit(f"/emprunteurs/{card}/modifier", told).status_code == 303
    assert "Aïcha N" in agent.get(f"/emprunteurs/{card}").text, "the history says who it was"
    assert 'value="189,00"' in agent.get(f"/materiel/{code}/contenu").text
    told = {"product_id": product, "name": "Tablette n° 9"}
    assert agent.submit(f"/materiel/{code}/modifier", told).status_code == 303
    item = agent.get(f"/materiel/{code}").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "« Tablette n° 1 » → « Tablette n° 9 »" in item
    assert "220,50 €" in item
    assert agent.submit(f"/materiel/produits/{product}/modifier", {"name": "Ardoise", "category": "tablet", "about": ""}).status_code == 303
    head = {"X-CSRFToken": agent.token()}
    assert agent.put(f"/api/v1/borrowers/{card}", json={"name": "A", "phone": "0549000000"}, headers=head).json["name"] == "A"
    body = {"product_id": product, "name": "B", "components": [{"name": "Robot", "quantity": 2}]}
    assert agent.put(f"/api/v1/items/{code}", json=body, headers=head).json["name"] == "B"
    with app.app_context():
        assert db.session.query(Product).one().name == "Ardoise"
        assert db.session.query(Borrower).one().name == "A"
