"""The list of devices: found by any of their words, filtered, page by page; and who may look."""

import pytest
from sqlalchemy import select, text

from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.speech.codes import spell
from tests.support.story import workshop


@pytest.fixture
def codes(app):
    """A laptop that is known, and a monitor."""
    with app.app_context():
        laptop, monitor = workshop.devices_of(workshop.received({DeviceKind.LAPTOP: 1, DeviceKind.MONITOR: 1}))
        workshop.correct(laptop, manufacturer="HP", model="EliteBook 840 G5 d'Élodie", serial="5CG8421QK7")
        workshop.fire(monitor, "accept")
        return laptop.code, monitor.code


@pytest.mark.parametrize("typed", ["{0}", "{1}", "elitebook", "ELITE book", "elodie", "840 hp", "5cg8421", "21QK7", "{2}"])
def test_found_by_any_of_its_words(signed_in, codes, typed):
    words = typed.format(codes[0], spell(codes[0]).lower(), codes[0][:5])
    shown = signed_in(Role.TECHNICIAN).get("/appareils", query_string={"q": words}).text
    assert spell(codes[0]) in shown
    assert spell(codes[1]) not in shown


@pytest.mark.parametrize("typed", ["%", "_", "zzz", "' OR 1=1 --", "\\"])
def test_not_found_by_what_it_is_not(signed_in, codes, typed):
    shown = signed_in(Role.TECHNICIAN).get("/appareils", query_string={"q": typed}).text
    assert "Aucun appareil ne correspond" in shown


@pytest.mark.both_databases
def test_filtered_by_state_kind_and_donation(app, signed_in, codes):
    client = signed_in(Role.TECHNICIAN)
    for query, found in (
        ({"etat": "to_erase"}, 1),
        ({"etat": "received"}, 0),
        ({"nature": "monitor"}, 1),
        ({"nature": "monitor", "etat": "received"}, None),
    ):
        shown = client.get("/appareils", query_string=query).text
        assert [spell(code) in shown for code in codes] == [found == number for number in (0, 1)]
    with app.app_context():
        reference = db.session.scalar(select(Donation.reference))
    assert spell(codes[0]) in client.get(f"/appareils?don={reference}").text
    assert spell(codes[0]) not in client.get("/appareils?don=DN-1999-0001").text
    assert client.get("/appareils?etat=nimporte&page=-4").status_code == 200


def test_fifty_on_a_page(app, signed_in):
    with app.app_context():
        workshop.received({DeviceKind.LAPTOP: 53})
    client = signed_in(Role.TECHNICIAN)
    first, second = client.get("/appareils").text, client.get("/appareils?page=2").text
    assert first.count('class="code"') == 50
    assert second.count('class="code"') == 3
    assert "53 sur 53" in first
    listed = client.get("/api/v1/devices?page=2").json
    assert (listed["total"], listed["pages"], len(listed["items"])) == (53, 2, 3)


def test_the_api_says_the_same(signed_in, codes):
    client = signed_in(Role.TECHNICIAN)
    listed = client.get("/api/v1/devices?q=elitebook").json
    assert [each["code"] for each in listed["items"]] == [codes[0]]
    one = client.get(f"/api/v1/devices/{spell(codes[0])}").json
    assert (one["serial"], one["state"], one["flags"]) == ("5CG8421QK7", "received", [])
    assert client.get("/api/v1/donations").json["total"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/appareils",
        "/appareils/{0}",
        "/appareils/{0}/corriger",
        "/dons",
        "/dons/DN-2026-0001",
        "/scanner",
        "/api/v1/devices",
        "/api/v1/devices/{0}",
    ],
)
def test_closed_to_a_prescriber_and_an_observer(signed_in, codes, path):
    for role in (Role.PRESCRIBER, Role.OBSERVER):
        assert signed_in(role).get(path.format(codes[0])).status_code in {403, 404}


def test_what_is_no_device_is_not_found(signed_in, codes):
    client = signed_in(Role.TECHNICIAN)
    assert client.get("/appareils/11111111").status_code == 404
    assert client.get("/dons/DN-2026-9999").status_code == 404
    assert client.get("/api/v1/devices/11111111").status_code == 404


def test_the_desk_sees_the_device_and_not_the_donation(signed_in, codes):
    client = signed_in(Role.DESK)
    shown = client.get(f"/appareils/{codes[0]}").text
    assert "EliteBook" in shown
    assert "DN-" not in shown
    assert "DN-" not in client.get("/appareils").text


def test_looking_writes_nothing(app, signed_in, codes):
    with app.app_context():
        reference = db.session.scalar(select(Donation.reference))
        before = db.session.query(Event).count()
    client = signed_in(Role.COORDINATOR)
    device, donation = f"/appareils/{codes[0]}", f"/dons/{reference}"
    for path in (
        "/appareils", device, f"{device}/corriger", f"{device}/controles", f"{device}/etiquette", f"{device}/signaler", f"{device}/lever",
        f"{device}/aucun-support", f"{device}/accepter-au-tri", f"{device}/mettre-au-rebut", f"{device}/declarer-pret",
        "/dons", "/dons/nouveau", donation, f"{donation}/receptionner", f"{donation}/appareil", f"{donation}/etiquettes",
        f"{donation}/acceptation", f"{donation}/clore-le-don",
        f"/S/{codes[0]}", "/scanner", f"/api/v1/scan/{codes[0]}", "/api/v1/devices", f"/api/v1/donations/{reference}",
    ):  # fmt: skip
        assert client.get(path).status_code in {200, 409}, path
    with app.app_context():
        assert db.session.query(Event).count() == before


def test_a_broken_chain_is_not_called_whole(app, signed_in, codes):
    client = signed_in(Role.TECHNICIAN)
    assert "chaîne intacte" in client.get(f"/appareils/{codes[0]}").text
    with app.app_context(), db.engine.begin() as connection:
        trigger = "events_no_update" if connection.dialect.name == "sqlite" else "events_append_only"
        connection.execute(text(f"DROP TRIGGER {trigger}" + ("" if connection.dialect.name == "sqlite" else " ON events")))
        connection.execute(text("UPDATE events SET move = 'autre' WHERE subject_kind = 'device' AND position = 1"))
    shown = client.get(f"/appareils/{codes[0]}").text
    assert "chaîne intacte" not in shown
    assert "chaîne rompue" in shown
