"""Grants and costs: what is noted, what is refused, what the figures read."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.organisations import archive_organisation, enter_organisation
from refurb.directory.words import Nature, Typology
from refurb.funding import actions
from refurb.funding.queries import money_of
from refurb.funding.rules import GrantedTwice, RatesTooHigh
from refurb.funding.words import Activity, CostKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import people

POST = "Poste de conseiller"


def funder(name="Banque des Territoires"):
    with unit_of_work():
        return enter_organisation(people.actor(Role.COORDINATOR), name=name, typology=Typology.OTHER, natures=[Nature.FUNDER]).id


def grant(funder_id, year=2023, rate=50, cents=2_000_000, purpose=POST):
    facts = {"funder_id": funder_id, "year": year, "purpose": purpose, "rate": rate, "amount_cents": cents}
    with unit_of_work():
        return actions.note_grant(people.actor(Role.COORDINATOR), **facts)


def cost(year=2023, cents=6_135_100, activity=Activity.VISITS):
    with unit_of_work():
        return actions.note_cost(
            people.actor(Role.COORDINATOR), year=year, label="Service", kind=CostKind.STAFF, activity=activity, amount_cents=cents
        )


def test_rates_fall_from_year_to_year_and_the_years_stand_side_by_side(context):
    state = funder()
    for year, rate in ((2021, 80), (2022, 70), (2023, 50)):
        grant(state, year, rate, 100_000 * rate)
    (line,) = money_of([2021, 2022, 2023]).funders
    assert (line.rates, line.cents[2021]) == ({2021: 80, 2022: 70, 2023: 50}, 8_000_000)


def test_a_funder_pays_for_a_thing_once_a_year_however_it_is_written(context):
    state = funder()
    grant(state)
    with pytest.raises(GrantedTwice):
        grant(state, purpose="poste de CONSEILLER")
    grant(state, purpose="Atelier")


def test_all_rates_of_a_thing_are_no_more_than_the_whole(context):
    first, second = funder(), funder("Département")
    one = grant(first, rate=70)
    with pytest.raises(RatesTooHigh) as refused:
        grant(second, rate=31)
    assert refused.value.facts["left"] == 30
    grant(second, rate=30)
    with pytest.raises(RatesTooHigh), unit_of_work():
        actions.correct_grant(
            people.actor(Role.COORDINATOR), one, funder_id=first, year=2023, purpose=POST, rate=71, amount_cents=one.amount_cents
        )


@pytest.mark.both_databases
def test_a_grant_of_a_funder_who_was_archived_is_still_corrected_and_none_is_added(context):
    one, other = funder(), funder("Département")
    told = {"year": 2023, "purpose": POST, "rate": 40, "amount_cents": 1_000_000}
    granted, office = grant(one), people.actor(Role.COORDINATOR)
    with unit_of_work():
        for number in (one, other):
            archive_organisation(office, db.session.get_one(Organisation, number))
    with unit_of_work():
        actions.correct_grant(office, granted, funder_id=one, **told)
    assert granted.rate == 40
    with pytest.raises(Invalid), unit_of_work():
        actions.correct_grant(office, granted, funder_id=other, **told)
    with pytest.raises(Invalid):
        grant(one, year=2024)


def test_what_is_withdrawn_counts_no_more_and_stays_in_the_history(context):
    spent, given = cost(), grant(funder())
    with unit_of_work():
        actions.withdraw(people.actor(Role.COORDINATOR), spent)
        actions.withdraw(people.actor(Role.COORDINATOR), given)
        actions.withdraw(people.actor(Role.COORDINATOR), given)
    assert money_of([2023]).is_empty
    assert [event.move for event in events_of(given)] == ["withdrawn", "noted"]


@pytest.mark.parametrize(
    "wrong", ["UPDATE grants SET rate = 101", "UPDATE grants SET amount_cents = -1", "UPDATE grants SET year = 1999",
              "UPDATE costs SET amount_cents = -1"],
)  # fmt: skip
def test_the_database_refuses_it_too(context, wrong):
    grant(funder())
    cost()
    with pytest.raises(IntegrityError):
        db.session.execute(text(wrong))
    db.session.rollback()


def test_not_for_the_desk(context):
    with pytest.raises(Forbidden), unit_of_work():
        actions.note_cost(people.actor(Role.DESK), year=2023, label="a", kind=CostKind.OTHER, activity=Activity.ALL, amount_cents=1)


def test_the_pages_note_correct_and_take_out(app, signed_in):
    with app.app_context():
        people.settle()
        state = funder()
    office = signed_in(Role.COORDINATOR)
    sent = {"funder_id": state, "year": "2025", "purpose": POST, "euros": "19 000,50 €", "rate": "50"}
    assert office.submit("/financements/aides/nouvelle", sent).status_code == 303
    told = office.get("/financements?annee=2025").text
    assert "19 000,50" in told.replace("\u202f", " ").replace("\u00a0", " ")
    for wrong, said in (
        ({"rate": "101"}, "entre 0 et 100"),
        ({"year": "2099"}, "n’est pas encore décidée"),
        ({"euros": "beaucoup"}, "field-error"),
        ({}, "paie déjà cette chose en 2025"),
    ):
        refused = office.submit("/financements/aides/nouvelle", sent | wrong)
        assert refused.status_code in {409, 422}, wrong
        assert said in refused.text.replace("\u00a0", " "), wrong
        assert POST in refused.text, "what was typed is kept"
    assert office.submit("/financements/aides/1", sent | {"euros": "20000"}).status_code == 303
    with app.app_context(), unit_of_work():
        archive_organisation(people.actor(Role.COORDINATOR), db.session.get_one(Organisation, state))
    assert "Banque des Territoires" in office.get("/financements/aides/1").text
    assert office.submit("/financements/aides/1", sent | {"euros": "21000"}).status_code == 303
    spent = {"year": "2025", "label": "Bus", "kind": "travel", "activity": "visits", "euros": "6120"}
    assert office.submit("/financements/couts/nouveau", spent).status_code == 303
    assert office.submit("/financements/couts/1", spent | {"euros": "6200"}).status_code == 303
    assert office.submit("/financements/couts/1/retirer", {}).status_code == 303
    gone = office.get("/financements/couts/1").text.replace("\u202f", " ")
    assert "Ne compte plus" in gone
    assert "Corrigé : Montant 6 200,00" in gone.replace("\u00a0", " ")
    assert office.post("/financements/couts/1", data={"csrf_token": office.token()}).status_code == 404
    assert "/financements/couts/1" in office.get("/financements?annee=2025").text
    assert "Montant 21 000,00" in office.get("/financements/aides/1").text.replace("\u202f", " ")
    assert signed_in(Role.DESK).get("/financements").status_code == 403


def test_by_json(app, signed_in):
    with app.app_context():
        people.settle()
        state = funder()
    office = signed_in(Role.COORDINATOR)
    headers = {"X-CSRFToken": office.token()}
    told = {"funder_id": state, "year": 2025, "purpose": POST, "euros": "19000,50", "rate": 50}
    made = office.post("/api/v1/grants", json=told, headers=headers)
    assert (made.status_code, made.json["amount_cents"], made.json["funder"]) == (201, 1_900_050, "Banque des Territoires")
    where = made.headers["Location"]
    assert office.post("/api/v1/grants", json=told, headers=headers).json["code"] == "funding.granted_twice"
    assert "funder_id" in office.post("/api/v1/grants", json=told | {"funder_id": 99999}, headers=headers).json["fields"]
    assert office.put(where, json=told | {"euros": 20000}, headers=headers).json["amount_cents"] == 2_000_000
    assert [each["rate"] for each in office.get("/api/v1/grants?year=2025").json["items"]] == [50]
    spent = {"year": 2025, "label": "Bus", "kind": "travel", "activity": "visits", "euros": "6120"}
    cost_at = office.post("/api/v1/costs", json=spent, headers=headers).headers["Location"]
    assert office.put(cost_at, json=spent | {"kind": "other"}, headers=headers).json["kind"] == "other"
    for kind, at in (("grants", where), ("costs", cost_at)):
        assert office.delete(at, headers=headers).json["withdrawn_at"]
        assert office.delete(at, headers=headers).status_code == 200
        assert office.get(at).json["withdrawn_at"]
        assert office.put(at, json=spent | told, headers=headers).status_code == 404
        assert office.get(f"/api/v1/{kind}?year=2025").json["items"] == []
    assert signed_in(Role.DESK).get("/api/v1/grants").status_code == 403
