"""Machines that may have two records are found by what one machine alone should have, and shown to whoever meets one of them."""

import pytest

from refurb.inventory.duplicates.actions import tell_apart
from refurb.inventory.duplicates.queries import Likeness, alike, duplicates
from refurb.inventory.models.macs import DeviceMac
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from tests.support.story import evidence, people, workshop

UUID = "4c4c4544-0051-5010-8052-b7c04f4b4c33"


def two():
    return workshop.devices_of(workshop.received({DeviceKind.LAPTOP: 2}))


def with_macs(*pairs):
    with unit_of_work():
        db.session.add_all(DeviceMac(device_id=device.id, mac=mac) for device, mac in pairs)


def with_uuid(*devices):
    with unit_of_work():
        for device in devices:
            device.uuid = UUID


def found():
    return [({pair.one.id, pair.other.id}, pair.likenesses) for pair in duplicates(workshop.technician())]


def test_by_the_uuid_of_the_firmware(context):
    one, other = two()
    with_uuid(one, other)
    assert found() == [({one.id, other.id}, (Likeness.UUID,))]
    assert [pair.other.id for pair in alike(one.id)] == [other.id]


def test_by_a_serial_that_is_written_otherwise(context):
    one, other = two()
    with unit_of_work():
        one.serial, other.serial = "pf1abc2", "PF1ABC2"
    assert found() == [({one.id, other.id}, (Likeness.SERIAL,))]
    assert len(alike(other.id)) == 1


def test_by_an_address_of_the_network_unless_it_was_drawn_by_lot(context):
    one, other = two()
    with_macs((one, "00:21:cc:ba:da:ff"), (other, "00:21:cc:ba:da:ff"), (one, "02:00:00:00:00:01"), (other, "02:00:00:00:00:01"))
    assert found() == [({one.id, other.id}, (Likeness.MAC,))]
    with_macs(*((each, "10:21:cc:ba:da:ff") for each in (*two(), *two(), *two())))
    assert len(found()) == 1


def test_by_a_drive_that_both_held_under_the_same_model(context):
    one, other = two()
    for device in (one, other):
        evidence.read(device, evidence.lshw(evidence.Disk("CHV0001"), serial=""))
    assert found() == [({one.id, other.id}, (Likeness.DRIVE,))]


def test_not_where_their_serials_differ(context):
    one, other = two()
    with_uuid(one, other)
    workshop.correct(one, serial="AB12345")
    workshop.correct(other, serial="AB12346")
    assert (found(), alike(one.id)) == ([], [])


def test_not_again_once_they_were_told_apart(context):
    one, other = two()
    with_uuid(one, other)
    with unit_of_work():
        tell_apart(people.actor(Role.TECHNICIAN), other, one)
    assert (found(), alike(one.id)) == ([], [])


@pytest.fixture
def codes(app):
    with app.app_context():
        one, other = two()
        with_uuid(one, other)
        return one.code, other.code


def test_from_the_list_to_one_record(codes, signed_in):
    one, other = codes
    client = signed_in(Role.TECHNICIAN)
    assert "même identifiant du BIOS" in client.get("/appareils/doublons").text
    assert f"Peut-être déjà connue : {spell(one)}".replace(" :", "\u00a0:") in client.get(f"/appareils/{other}").text.replace(
        "\u202f:", "\u00a0:"
    )
    shown = client.get(f"/appareils/{one}/reunir?avec={other}")
    assert shown.text.count("Étiquette") >= 2
    assert client.submit(f"/appareils/{one}/reunir", {"other": other, "keep": one, "reason": ""}).status_code == 422
    answer = client.submit(f"/appareils/{one}/reunir", {"other": other, "keep": one, "reason": "deux étiquettes"})
    page = client.get(answer.headers["Location"]).text
    assert spell(other) in page
    assert "chaîne intacte" in page
    assert client.get(f"/S/{other}").text.count(spell(one)) > 0
    assert "Aucun doublon en vue" in client.get("/appareils/doublons").text


def test_two_machines_are_not_proposed_again(codes, signed_in):
    client = signed_in(Role.TECHNICIAN)
    assert client.submit("/appareils/doublons/distinguer", {"one": codes[0], "other": codes[1]}).status_code == 303
    assert "Aucun doublon en vue" in client.get("/appareils/doublons").text


def test_a_code_that_is_none_is_told(codes, signed_in):
    client = signed_in(Role.TECHNICIAN)
    assert client.get(f"/appareils/{codes[0]}/reunir").status_code == 200
    assert client.get(f"/appareils/{codes[0]}/reunir?avec=XX").status_code == 404
    assert client.get(f"/appareils/{codes[0]}/reunir?avec={codes[0]}").status_code == 404


def test_a_report_of_a_machine_that_we_know_leads_to_its_record(app, signed_in):
    with app.app_context():
        one, other = two()
        workshop.correct(one, serial="VI14K00731")
        codes = one.code, other.code
    client = signed_in(Role.TECHNICIAN)
    answer = client.submit(f"/appareils/{codes[1]}/corriger", {"kind": "laptop", "serial": "VI14K00731"})
    assert answer.status_code == 422
    assert f"/appareils/{codes[1]}/reunir?avec={spell(codes[0])}" in answer.text


def test_through_the_api(codes, signed_in):
    one, other = codes
    client = signed_in(Role.TECHNICIAN)
    token = {"X-CSRFToken": client.token()}
    assert client.get("/api/v1/duplicates").json == {"items": [{"codes": [one, other], "alike": ["uuid"]}]}
    told = {"other": other, "keep": one, "reason": "deux étiquettes"}
    assert client.post(f"/api/v1/devices/{one}/merge", json={**told, "keep": "XX"}, headers=token).status_code == 422
    assert client.post(f"/api/v1/devices/{one}/merge", json=told, headers=token).json["code"] == one
    assert client.get(f"/api/v1/devices/{other}").json["code"] == one
    assert signed_in(Role.DESK).get("/api/v1/duplicates").status_code == 403
