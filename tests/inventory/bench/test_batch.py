"""A batch of labels: each machine passes or is refused by itself, and nothing is done twice."""

from datetime import timedelta

import pytest

from refurb.inventory.bench.actions.batch import forget_batches
from refurb.inventory.bench.models import BatchLine
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.codes import spell
from tests.support.story import people, workshop


@pytest.fixture
def pile(app):
    """Codes of three machines: two just received, one ready."""
    with app.app_context():
        first, second = workshop.devices_of(workshop.received({"laptop": 2}))
        ready = workshop.ready_laptop()
        return [first.code, second.code, ready.code]


def state_of(app, code):
    with app.app_context():
        return db.session.query(Device).filter_by(code=code).one().state


def send(client, codes, move="accept", **more):
    return client.post("/api/v1/devices/moves", json={"move": move, "codes": codes, **more}, headers={"X-CSRFToken": client.token()})


def test_each_machine_succeeds_or_is_refused_by_itself(app, signed_in, pile):
    told = send(signed_in(Role.TECHNICIAN), [pile[0], pile[2], "n'importe quoi", pile[1]]).json
    assert [each["outcome"] for each in told["results"]] == ["done", "refused", "unknown", "done"]
    assert told["results"][1]["refusal"]["code"] == "wrong_state"
    assert told["counts"] == {"done": 2, "refused": 1, "unknown": 1}
    assert state_of(app, pile[1]) == DeviceState.TO_ERASE
    assert state_of(app, pile[2]) == DeviceState.READY


def test_the_next_step_of_each_is_its_own(app, signed_in, pile):
    with app.app_context():
        tested = workshop.tablet_in_tests().code
    told = send(signed_in(Role.TECHNICIAN), [pile[0], tested, pile[2]], move="next").json["results"]
    assert (told[0]["move"], told[0]["state"]) == ("accept", "to_erase")
    assert told[1]["refusal"]["code"] == "device.checks_missing"
    assert told[2]["refusal"]["code"] == "batch.nothing_next"


@pytest.mark.both_databases
def test_sent_again_nothing_is_done_twice(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    send(client, pile[:1], move="next", batch="lundi")
    again = send(client, pile[:2], move="next", batch="lundi").json["results"]
    assert [each["outcome"] for each in again] == ["repeated", "done"]
    assert state_of(app, pile[0]) == DeviceState.TO_ERASE


def test_the_same_label_twice_in_a_batch_counts_once(app, signed_in, pile):
    told = send(signed_in(Role.TECHNICIAN), [pile[0], spell(pile[0]).lower()], move="next").json["results"]
    assert [each["outcome"] for each in told] == ["done", "repeated"]


def test_what_was_refused_may_be_sent_again(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    assert send(client, pile[:1], move="finish_erasure", batch="lundi").json["results"][0]["outcome"] == "refused"
    with app.app_context():
        device = db.session.query(Device).filter_by(code=pile[0]).one()
        workshop.fire(workshop.say_without_drive(device), "accept")
    assert send(client, pile[:1], move="finish_erasure", batch="lundi").json["results"][0]["outcome"] == "done"


def test_an_idempotency_key_is_the_batch(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    headers = {"X-CSRFToken": client.token(), "Idempotency-Key": "mardi"}
    told = {"move": "next", "codes": pile[:1]}
    assert client.post("/api/v1/devices/moves", json=told, headers=headers).json["counts"] == {"done": 1}
    assert client.post("/api/v1/devices/moves", json=told, headers=headers).json["counts"] == {"repeated": 1}
    assert state_of(app, pile[0]) == DeviceState.TO_ERASE


def test_a_reason_is_told_once_for_all_and_kept_beside_each(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    assert send(client, pile[:2], move="strip").status_code == 422
    assert state_of(app, pile[0]) == DeviceState.RECEIVED
    assert send(client, pile[:2], move="strip", facts={"reason": "écran fendu"}).json["counts"] == {"done": 2}
    with app.app_context():
        device = db.session.query(Device).filter_by(code=pile[1]).one()
        assert device.state == DeviceState.PARTS
        assert "reason" not in events_of(device)[0].facts


@pytest.mark.parametrize("move", ["reserve", "join_pool", "nonsense"])
def test_not_a_move_that_belongs_to_another_deed(signed_in, pile, move):
    assert send(signed_in(Role.COORDINATOR), pile[:1], move=move).status_code == 404


def test_not_more_than_two_hundred_and_not_none(signed_in):
    client = signed_in(Role.TECHNICIAN)
    assert send(client, ["R7K24MXQ"] * 201).json["fields"]["codes"][0]["code"] == "batch.too_many"
    assert send(client, [" "]).json["fields"]["codes"][0]["code"] == "batch.nothing_scanned"


def test_the_desk_may_not(signed_in, pile):
    assert send(signed_in(Role.DESK), pile[:1]).status_code == 403


def test_the_page_takes_a_list_without_a_script(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    assert spell(pile[0]) in client.get(f"/atelier/lot?code={pile[0]}&code={pile[1]}").text
    answer = client.submit("/atelier/lot", {"etape": "accept", "lot": "jeudi", "codes": f"{spell(pile[0])}\r\n{pile[2]}\r\n\r\nzzz"})
    assert answer.status_code == 200
    assert [answer.text.count(f'data-outcome="{each}">\n<svg') for each in ("done", "refused", "unknown")] == [1, 1, 1]
    assert state_of(app, pile[0]) == DeviceState.TO_ERASE
    with app.app_context():
        assert db.session.query(BatchLine).count() == 1


def test_the_page_asks_why_before_it_begins(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    answer = client.submit("/atelier/lot", {"etape": "strip", "codes": pile[0]})
    assert answer.status_code == 422
    assert pile[0] in answer.text
    assert state_of(app, pile[0]) == DeviceState.RECEIVED


def test_the_script_gets_the_lines_alone(signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    data = {"csrf_token": client.token(), "etape": "pick_up", "lot": "x", "codes": pile[0]}
    answer = super(type(client), client).open("/atelier/lot", method="POST", data=data, headers={"X-Batch": "lines"})
    assert answer.text.count("<li") == 1
    assert "Pris en main" in answer.text


def test_old_batches_are_forgotten(app, signed_in, pile):
    send(signed_in(Role.TECHNICIAN), pile[:1], batch="lundi")
    with app.app_context():
        with unit_of_work():
            assert forget_batches() == 0
        with at(now() + timedelta(days=31)), unit_of_work():
            assert forget_batches() == 1


@pytest.mark.both_databases
def test_whoever_scans_what_somebody_moved_a_moment_ago_was_not_overtaken(app, signed_in, pile):
    with app.app_context():
        workshop.fire(db.session.query(Device).filter_by(code=pile[0]).one(), "accept")
    told = send(signed_in(Role.TECHNICIAN), pile[:1]).json["results"][0]["refusal"]
    assert told["code"] == "wrong_state"
    assert "devancé" not in told["message"]
    assert "« À effacer », aujourd’hui à" in " ".join(told["message"].replace("\u202f", " ").replace("\u00a0", " ").split())


def take_back(client, batch):
    return client.post("/api/v1/devices/moves/take-back", json={"batch": batch}, headers={"X-CSRFToken": client.token()})


def test_a_whole_batch_is_taken_back_but_what_went_on_since(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    assert take_back(client, "lundi").json["fields"]["batch"][0]["code"] == "batch.nothing_to_take_back"
    send(client, pile, batch="lundi")
    with app.app_context():
        workshop.fire(db.session.query(Device).filter_by(code=pile[1]).one(), "start_erasure")
    assert take_back(signed_in(Role.COORDINATOR), "lundi").status_code == 422, "a batch is taken back by whoever scanned it"
    told = take_back(signed_in(Role.TECHNICIAN), "lundi").json["results"]
    assert [(each["code"], each["outcome"]) for each in told] == [(pile[1], "refused"), (pile[0], "done")]
    assert told[0]["refusal"]["code"] == "batch.not_to_take_back"
    assert [state_of(app, each) for each in pile[:2]] == [DeviceState.RECEIVED, DeviceState.ERASING]
    assert [each["outcome"] for each in send(signed_in(Role.TECHNICIAN), pile[:2], batch="lundi").json["results"]] == ["done", "repeated"]


@pytest.mark.both_databases
def test_a_batch_takes_back_to_where_each_was_and_only_what_it_did(app, signed_in, pile):
    with app.app_context():
        tested = workshop.tablet_in_tests().code
    client = signed_in(Role.ADMIN)
    send(client, [tested], move="back_to_bench", batch="lundi", facts={"reason": "batterie"})
    assert take_back(client, "lundi").json["counts"] == {"done": 1}
    assert state_of(app, tested) == DeviceState.TESTING
    send(client, [pile[2]], move="strip", batch="mardi", facts={"reason": "écran fendu"})
    assert take_back(client, "mardi").json["counts"] == {"refused": 1}, "it would be sorted anew, and was ready"
    send(client, [pile[0]], batch="jeudi")
    with app.app_context():
        row = db.session.query(Device).filter_by(code=pile[0]).one()
        back = device_machine["accept"].back
        actor = people.actor(Role.ADMIN)
        with unit_of_work():
            device_machine.fire(row, back, actor, reason="erreur")
        with unit_of_work():
            device_machine.fire(row, "accept", actor)
    assert take_back(client, "jeudi").json["counts"] == {"refused": 1}, "accepted anew, by hand"


@pytest.mark.both_databases
def test_the_page_takes_a_batch_back(app, signed_in, pile):
    client = signed_in(Role.TECHNICIAN)
    done = client.submit("/atelier/lot", {"etape": "pick_up", "lot": "jeudi", "codes": "\n".join(pile[:2])})
    assert 'action="/atelier/lot/annuler"' in done.text
    answer = client.submit("/atelier/lot/annuler", {"etape": "pick_up", "lot": "jeudi"})
    assert answer.text.count("Reposé") == 2
    assert client.submit("/atelier/lot/annuler", {"etape": "pick_up", "lot": "jeudi"}).status_code == 422
