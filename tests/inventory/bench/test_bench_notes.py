"""Notes written at the bench: beside the history, corrected for a while by whoever wrote them, read at the bench only."""

from datetime import timedelta

import pytest

from refurb.inventory.bench.actions.notes import NoteTooOld, NotYourNote, correct_note, write_note
from refurb.inventory.bench.queries.notes import bench_notes
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Forbidden, NotFound
from tests.support.story import people, workshop


def noted(device, text="Charnière gauche dure."):
    who = workshop.technician()
    with unit_of_work():
        return write_note(who, device, text)


def test_a_note_is_read_and_stays_out_of_the_history(context):
    device = workshop.laptop()
    noted(device)
    (note,) = bench_notes(device)
    assert (note.text, note.by) == ("Charnière gauche dure.", workshop.technician().id)
    assert events_of(device)[0].facts == {}


def test_its_author_corrects_it(context):
    device = workshop.laptop()
    position = noted(device).position
    with unit_of_work():
        correct_note(workshop.technician(), device, position, "Charnière droite dure.")
    (note,) = bench_notes(device)
    assert note.text == "Charnière droite dure."
    assert note.corrected_at is not None
    assert events_of(device)[0].facts == {"of": position}


def test_not_another_hand(context):
    device = workshop.laptop()
    position = noted(device).position
    with pytest.raises(NotYourNote), unit_of_work():
        correct_note(people.actor(Role.COORDINATOR), device, position, "Non.")


def test_not_when_it_is_old(context):
    device = workshop.laptop()
    with at(now() - timedelta(days=3)):
        position = noted(device).position
    with pytest.raises(NoteTooOld), unit_of_work():
        correct_note(workshop.technician(), device, position, "Non.")


def test_not_what_is_no_note(context):
    device = workshop.laptop()
    with pytest.raises(NotFound), unit_of_work():
        correct_note(workshop.technician(), device, 1, "Non.")


def test_the_desk_neither_writes_nor_reads(signed_in, app):
    with app.app_context():
        device = workshop.laptop()
        noted(device)
        code = device.code
        with pytest.raises(Forbidden), unit_of_work():
            write_note(people.actor(Role.DESK), device, "Non.")
    assert "Charnière" in signed_in(Role.TECHNICIAN).get(f"/appareils/{code}").text
    desk = signed_in(Role.DESK)
    assert "Charnière" not in desk.get(f"/appareils/{code}").text
    assert "Charnière" not in desk.get(f"/S/{code}").text


def test_the_json_door_takes_notes_and_corrects(app, signed_in):
    with app.app_context():
        path = f"/api/v1/devices/{workshop.laptop().code}"
    client = signed_in(Role.TECHNICIAN)
    headers = {"X-CSRFToken": client.token()}
    assert client.post(f"{path}/pick-up", headers=headers).json["in_hand"]["name"] == "Samira Benali"
    written = client.post(f"{path}/notes", json={"text": "Vis foirée."}, headers=headers)
    assert written.status_code == 201
    position = written.json["notes"][0]["position"]
    client.put(f"{path}/notes/{position}", json={"text": "Vis changée."}, headers=headers)
    assert [each["text"] for each in client.get(f"{path}/bench").json["notes"]] == ["Vis changée."]
    assert client.post(f"{path}/put-down", headers=headers).json["in_hand"] is None
    assert client.post(f"{path}/hand-over-to", json={"to": 999_999}, headers=headers).status_code == 422
