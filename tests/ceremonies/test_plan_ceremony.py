import datetime as dt

import pytest

from refurb.ceremonies.actions import choose_families
from refurb.ceremonies.queries import free_allocations
from refurb.ceremonies.rules import InvitedElsewhere, NotPlanned
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import families, gala, people

FACTS = {"title": "Remise d'hiver", "starts_at": "2100-12-09T14:00", "place": "Mairie de Saint-Éloi"}


def soon():
    return (now() + dt.timedelta(days=10)).strftime("%Y-%m-%dT14:00")


def choose(ceremony, *allocations, role=Role.COORDINATOR):
    with unit_of_work():
        choose_families(people.actor(role), ceremony, [allocation.id for allocation in allocations])


def test_a_date_a_place_and_three_hand_overs(app, signed_in):
    with app.app_context():
        ids = [str(families.allocated().id) for _ in range(3)]
    client = signed_in(Role.COORDINATOR)

    planned = client.submit("/ceremonies/nouvelle", {**FACTS, "starts_at": soon()})
    assert planned.status_code == 303
    families_page = planned.headers["Location"]
    assert client.get(families_page).text.count('name="allocations"') == 3
    chosen = client.submit(families_page, {"allocations": ids})

    assert chosen.status_code == 303
    day = client.get(chosen.headers["Location"]).text
    assert day.count("OR-") >= 3
    assert "Attendu" in day


@pytest.mark.parametrize("at", ["1900-01-01T14:00", "2020-01-01T14:00", "samedi", ""])
def test_a_date_that_cannot_be_is_said_beside_its_field(signed_in, at):
    answer = signed_in(Role.COORDINATOR).submit("/ceremonies/nouvelle", {**FACTS, "starts_at": at})

    assert answer.status_code == 422
    assert 'id="f-starts_at-e"' in answer.text
    assert "Mairie de Saint-Éloi" in answer.text


@pytest.mark.both_databases
def test_what_is_planned_can_be_moved(app, signed_in):
    with app.app_context():
        number = gala.planned().id
    client = signed_in(Role.COORDINATOR)

    assert "Remise d&#39;automne" in client.get(f"/ceremonies/{number}/modifier").text
    assert client.submit(f"/ceremonies/{number}/modifier", {**FACTS, "starts_at": soon()}).status_code == 303
    assert "Mairie de Saint-Éloi" in client.get(f"/ceremonies/{number}").text


def test_who_comes_can_be_chosen_anew(context):
    first, second, third = (families.allocated() for _ in range(3))
    ceremony = gala.planned(first, second)

    choose(ceremony, third, second)

    assert [(turn.position, turn.allocation_id) for turn in sorted(ceremony.turns, key=lambda each: each.position)] == [
        (1, third.id),
        (2, second.id),
    ]
    assert [row.id for row in free_allocations(people.actor(Role.COORDINATOR))] == [first.id]
    assert last_event(ceremony).facts == {"allocations": [third.id, second.id]}


def test_nobody_is_expected_at_two_ceremonies(context):
    allocation = families.allocated()
    gala.planned(allocation)
    other = gala.planned(title="Une autre")

    with pytest.raises(InvitedElsewhere):
        choose(other, allocation)
    assert other.turns == []


def test_what_was_handed_over_is_not_chosen(context):
    allocation = families.handed_over().allocation
    ceremony = gala.planned()

    with pytest.raises(InvitedElsewhere):
        choose(ceremony, allocation)


def test_nothing_is_chosen_once_it_has_begun(context):
    ceremony = gala.held(1)
    late = families.allocated()

    with pytest.raises(NotPlanned):
        choose(ceremony, late)


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.TECHNICIAN])
def test_only_the_coordination_plans(context, role):
    ceremony = gala.planned()

    with pytest.raises(Forbidden):
        choose(ceremony, role=role)


def test_through_the_api(app, signed_in):
    with app.app_context():
        ids = [families.allocated().id for _ in range(2)]
    client = signed_in(Role.COORDINATOR)
    headers = {"X-CSRFToken": client.token()}

    made = client.post("/api/v1/ceremonies", json={**FACTS, "starts_at": soon()}, headers=headers)
    filled = client.put(f"/api/v1/ceremonies/{made.json['id']}/families", json={"allocations": ids}, headers=headers)
    why = {"other_day": True, "reason": "Salle fermée mardi."}
    begun = client.post(f"/api/v1/ceremonies/{made.json['id']}/hold", json=why, headers=headers)
    early = client.post(f"/api/v1/ceremonies/{made.json['id']}/close", json={}, headers=headers)

    assert made.status_code == 201
    assert [turn["state"] for turn in filled.json["turns"]] == ["expected", "expected"]
    assert begun.json["state"] == "held"
    assert (early.status_code, early.json["code"]) == (409, "ceremony.still_expected")
    assert client.get("/api/v1/ceremonies").json["total"] == 1
