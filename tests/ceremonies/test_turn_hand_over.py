import re

import pytest

from refurb.ceremonies.rules import NotHeld
from refurb.ceremonies.words import Attendance
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid, WrongState
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.lines import accessories_of, add_machine, lines_of
from refurb.referrals.words import SignatureKind
from tests.support.story import families, gala, people


def test_one_family_after_the_other(context):
    ceremony = gala.held(2)

    gala.turn(ceremony.turns[0], "hand_over")

    served, next_one = ceremony.turns
    assert (served.state, next_one.state) == (Attendance.SERVED, Attendance.EXPECTED)
    assert served.allocation.device.state is DeviceState.HANDED_OVER
    assert served.allocation.handover.place == gala.PLACE
    assert served.allocation.handover.paper.reference.startswith("BR-")
    assert last_event(served).facts == {"handover": served.allocation.handover.id, "from": "expected", "to": "served"}


def test_with_a_signature_drawn_there(context):
    (turn,) = gala.held(1).turns

    gala.turn(turn, "hand_over", signature_kind="drawn", signature=families.drawing(), accessories=["charger"])

    assert turn.allocation.handover.signature_kind is SignatureKind.DRAWN
    assert accessories_of(lines_of(turn.allocation.handover)) == ["charger"]


def test_somebody_else_takes_it_and_signs(context):
    (turn,) = gala.held(1).turns

    gala.turn(turn, "hand_over", signature_kind="drawn", signature=families.drawing(), accessories=[], fetched_by="Awa Traoré")

    assert turn.allocation.handover.fetched_by == "Awa Traoré"
    assert "Awa Traoré" in str(turn.allocation.handover.paper.content)
    assert "fetched_by" not in last_event(turn).facts, "no name stays in the history"


def test_what_is_said_to_be_drawn_is_drawn(context):
    (turn,) = gala.held(1).turns

    with pytest.raises(Invalid):
        gala.turn(turn, "hand_over", signature_kind="drawn")
    assert turn.state is Attendance.EXPECTED


def test_not_before_it_begins(context):
    (turn,) = gala.planned(families.allocated()).turns

    with pytest.raises(NotHeld):
        gala.turn(turn, "hand_over")


def test_only_once(context):
    (turn,) = gala.held(1).turns
    gala.turn(turn, "hand_over")

    with pytest.raises(WrongState):
        gala.turn(turn, "hand_over")


def test_a_refused_device_leaves_the_family_expected(context):
    """Somebody handed it over at the desk a moment ago: the turn does not pretend."""
    first, second = gala.held(2).turns
    gala.turn(first, "hand_over")
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), second.allocation, place="Atelier", signature_kind="paper")

    with pytest.raises(WrongState):
        gala.turn(second, "hand_over")
    assert second.state is Attendance.EXPECTED


@pytest.mark.both_databases
def test_a_scanned_label_opens_its_turn(app, signed_in):
    with app.app_context():
        ceremony = gala.held(2)
        number, code = ceremony.id, ceremony.turns[1].allocation.device.code
        foreign = families.ready().code
    client = signed_in(Role.COORDINATOR)

    found = client.get(f"/ceremonies/{number}?code={code.lower()}")
    lost = client.get(f"/ceremonies/{number}?code={foreign}")

    assert found.headers["Location"].endswith(f"/ceremonies/{number}/tours/2")
    assert "est pas un appareil de cette cérémonie" in lost.text


@pytest.mark.both_databases
def test_a_machine_given_with_the_first_opens_the_same_turn_before_and_after(app, signed_in):
    with app.app_context():
        ceremony, other = gala.held(2), families.ready()
        number, code = ceremony.id, other.code
        with unit_of_work():
            add_machine(people.actor(Role.COORDINATOR), ceremony.turns[1].allocation, device=code, reason="Deux salles.")
    client = signed_in(Role.COORDINATOR)
    turns = client.get(f"/api/v1/ceremonies/{number}").json["turns"]
    assert [each["machines"] for each in turns] == [1, 2]
    assert client.get(f"/ceremonies/{number}").text.count("avec 1 autre appareil") == 1
    assert client.get(f"/ceremonies/{number}?code={code}").headers["Location"].endswith(f"/ceremonies/{number}/tours/2")
    assert client.submit(f"/ceremonies/{number}/tours/2", {"signature_kind": "paper"}).status_code == 303
    assert client.get(f"/ceremonies/{number}?code={code}").headers["Location"].endswith(f"/ceremonies/{number}/tours/2")


@pytest.mark.both_databases
def test_from_the_page_to_the_next_family(app, signed_in):
    with app.app_context():
        number = gala.held(2).id
    client = signed_in(Role.COORDINATOR)

    assert "à titre gratuit" in client.get(f"/ceremonies/{number}/tours/1").text
    refused = client.submit(f"/ceremonies/{number}/tours/1", {"signature_kind": "drawn"})
    assert refused.status_code == 422
    answer = client.submit(f"/ceremonies/{number}/tours/1", {"signature_kind": "paper"}, follow_redirects=True)

    assert "1 passages sur 2" in answer.text or "1 passage sur 2" in answer.text
    assert f"/ceremonies/{number}/tours/2" in answer.text
    assert client.get(f"/ceremonies/{number}/tours/1").status_code == 200
    assert client.get(f"/ceremonies/{number}/tours/9").status_code == 404


def test_a_drawn_signature_comes_with_what_was_shown_at_the_json_door(app, signed_in):
    with app.app_context():
        door = f"/api/v1/ceremonies/{gala.held(1).id}/turns/1"
    client = signed_in(Role.COORDINATOR)
    head = {"X-CSRFToken": client.token()}
    told = {"signature_kind": "drawn", "signature": families.drawing()}

    unbound = client.post(f"{door}/hand_over", json=told, headers=head)
    other = client.post(f"{door}/hand_over", json=told | {"shown": "0" * 64}, headers=head)
    done = client.post(f"{door}/hand_over", json=told | {"shown": client.get(door).json["shown"]}, headers=head)

    assert (unbound.status_code, unbound.json["fields"]["signature"][0]["code"]) == (422, "signature.unbound")
    assert (other.status_code, other.json["code"]) == (409, "signature.void")
    assert (done.status_code, done.json["shown"]) == (200, None)


def test_names_closed_what_is_signed_on_paper_is_refused_for_what_it_is(app, signed_in):
    with app.app_context():
        ceremony = gala.held(1)
        number = ceremony.id
    client, door = signed_in(Role.COORDINATOR), f"/ceremonies/{number}/tours/1"
    client.lose_proof()
    shown = re.search(r'name="shown" value="(\w+)"', client.get(door).text)[1]

    refused = client.submit(door, {"signature_kind": "paper", "shown": shown})

    assert (refused.status_code, "Les noms sont fermés" in refused.text) == (403, True)
    assert "remis a changé" not in refused.text
