"""The agent's doors by themselves: recognising a machine, files that say nothing, refusals in words and in JSON."""

import io

import pytest
from sqlalchemy import select

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import spell
from tests.support.client import checking
from tests.support.story import evidence, stations, workshop
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe

WORDS = {"Accept": "text/plain"}


@pytest.fixture
def codes(app):
    with app.app_context():
        return [device.code for device in evidence.arrive(count=2)]


@pytest.fixture
def send(app):
    with app.app_context():
        secret = stations.token()
    client = checking(app)

    def send(door, *files, headers=None, **told):
        sent = told | {"files": [(io.BytesIO(content), name) for name, content in files]}
        bearer = {"Authorization": f"Bearer {secret}"} | (headers or {})
        return client.post(f"/api/v1/agent/{door}", data=sent, content_type="multipart/form-data", headers=bearer)

    return send


@pytest.mark.both_databases
def test_a_machine_is_found_by_its_serial_and_its_maker(codes, send, signed_in):
    send("hardware", ("lshw.json", lshw(Disk("A-1"), serial="SN-ONE")), code=codes[0])
    client = signed_in(Role.TECHNICIAN)
    found = client.get("/api/v1/agent/machine?serial=sn-one&manufacturer=Vienne Informatique").json["devices"]
    assert [each["code"] for each in found] == [codes[0]]
    for asked in ("serial=SN-ONE&manufacturer=Dell", "serial=SN-TWO", "serial=To be filled by O.E.M.", ""):
        assert client.get(f"/api/v1/agent/machine?{asked}").json["devices"] == []


def test_the_answer_says_code_state_next_step_and_drives(codes, send):
    told = send("hardware", ("lshw.json", lshw(Disk("A-1"))), code=codes[0], firmware="uefi=yes tpm=2").json
    assert (told["device"]["code"], told["device"]["state"], told["device"]["next"]) == (codes[0], "received", "Accepter au tri")
    assert [(each["serial"], each["standing"]) for each in told["drives"]] == [("A-1", "to_erase")]


def test_a_file_that_says_nothing_does_not_keep_the_others_out(codes, send):
    told = send("hardware", ("lshw.json", lshw(Disk("A-1"))), ("notes.txt", b"bonjour"), code=codes[0]).json
    assert [each["filename"] for each in told["unread"]] == ["notes.txt"]
    assert len(told["reports"]) == 1


def test_files_that_all_say_nothing_are_refused(codes, send):
    answer = send("hardware", ("notes.txt", b"bonjour"), code=codes[0])
    assert answer.status_code == 422
    assert send("hardware", code=codes[0]).status_code == 422


@pytest.mark.parametrize(("headers", "mimetype"), [({}, "application/json"), (WORDS, "text/plain")])
def test_a_machine_nobody_knows_is_refused_in_the_form_that_was_asked_for(codes, send, headers, mimetype):
    answer = send("hardware", ("lshw.json", lshw(Disk("A-1"), serial="SN-NEW")), headers=headers)
    assert (answer.status_code, answer.mimetype) == (404, mimetype)
    assert "SN-NEW" in answer.text


def test_a_machine_that_has_a_record_already_is_told_where_to_join_the_two(codes, send, signed_in):
    send("hardware", ("lshw.json", lshw(Disk("A-1"), serial="SN-ONE")), code=codes[0])
    answer = send("hardware", ("lshw.json", lshw(Disk("A-1"), serial="SN-ONE", ram_gib=16)), code=spell(codes[1]), headers=WORDS)
    assert answer.status_code == 409
    where = f"/appareils/{codes[1]}/reunir?avec={codes[0]}"
    assert f"http://refurb.example{where}\n" in answer.text
    assert signed_in(Role.TECHNICIAN).get(where).status_code == 200


def test_two_machines_that_answer_to_one_serial_are_told_apart_by_their_code(app, codes, send):
    with app.app_context():
        for code, maker in zip(codes, ("Dell", "HP"), strict=True):
            workshop.correct(db.session.scalars(select(Device).where(Device.code == code)).one(), manufacturer=maker, serial="SAME1")
    answer = send("hardware", ("lshw.json", lshw(Disk("A-1"), serial="SAME1", maker="")))
    assert answer.status_code == 409
    assert all(spell(code) in answer.text for code in codes)


def test_a_label_on_nothing_needs_a_donation_and_the_right_to_enter_it(app, send):
    with app.app_context():
        donation, label = workshop.received(), stations.printed_label()
        reference = donation.reference
    answer = send("hardware", ("lshw.json", lshw(Disk("A-1"))), code=label, donation=reference)
    assert (answer.status_code, answer.json["code"]) == (409, "agent.code_unclaimed")


@pytest.mark.both_databases
def test_each_erasure_file_is_judged_by_itself(codes, send, app):
    send("hardware", ("lshw.json", lshw(Disk("A-1"))), code=codes[0])
    with app.app_context():
        log = nwipe(Wipe("A-1"))
    told = send("erasures", ("nwipe.log", log), ("cut.log", b"bonjour")).json
    [report] = told["reports"]
    assert [(each["serial"], each["status"]) for each in report["erasures"]] == [("A-1", "accepted")]
    assert [each["filename"] for each in told["unread"]] == ["cut.log"]
    assert [each["code"] for each in told["devices"]] == [codes[0]]
    assert send("erasures", ("cut.log", b"bonjour")).status_code == 422
