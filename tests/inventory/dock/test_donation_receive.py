"""Counting what arrives: each machine counted gets its code, and the difference stays visible."""

import threading

import pytest
from sqlalchemy import func, select

from refurb.directory.models import Code
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import people, workshop

TEN, NINE = {DeviceKind.LAPTOP: 10}, {DeviceKind.LAPTOP: 9}


def test_each_machine_counted_has_its_code(context):
    donation = workshop.received(NINE, TEN)
    devices = workshop.devices_of(donation)
    assert donation.state == DonationState.RECEIVED
    assert donation.received_on == today()
    assert len({device.code for device in devices}) == 9
    for device in devices:
        assert (device.kind, device.state) == (DeviceKind.LAPTOP, DeviceState.RECEIVED)
        assert find_code(device.code) == device.code
        code = db.session.get_one(Code, device.code)
        assert (code.subject_kind, code.subject_id) == ("device", device.id)
        assert [event.move for event in events_of(device)] == ["created"]


def test_all_that_was_announced_is_counted_by_one_press_and_what_differs_is_changed(app, signed_in):
    with app.app_context():
        reference, day = workshop.announced(TEN).reference, today().isoformat()
    client = signed_in(Role.TECHNICIAN)
    page = f"/dons/{reference}/receptionner"
    plain = client.get(page).text
    assert f'href="{page}?tout-est-la=1"' in plain
    assert 'name="count_laptop" value=""' in plain, "nothing is counted in advance"
    assert 'data-keep="/saisie"' in plain, "and what is counted is kept while it is typed"
    assert 'name="count_laptop" value="10"' in client.get(f"{page}?tout-est-la=1").text
    assert client.submit(f"{page}?tout-est-la=1", {"received_on": day, "count_laptop": "9"}).status_code == 303
    with app.app_context():
        assert db.session.query(Device).count() == 9


def test_what_came_unannounced_gets_a_line(context):
    donation = workshop.received({DeviceKind.LAPTOP: 10, DeviceKind.PRINTER: 2}, TEN)
    assert [(line.kind, line.announced, line.received) for line in donation.lines] == [("laptop", 10, 10), ("printer", 0, 2)]


def test_ten_announced_and_nine_received_stays_in_words_on_the_page(app, signed_in):
    with app.app_context():
        reference, day = workshop.announced(TEN).reference, today().isoformat()
    client = signed_in(Role.COORDINATOR)
    assert "10 annoncés" in client.get(f"/dons/{reference}/receptionner").text
    answer = client.submit(f"/dons/{reference}/receptionner", {"received_on": day, "count_laptop": "9", "count_printer": "1"})
    assert answer.status_code == 303, answer.text
    shown = client.get(f"/dons/{reference}").text
    assert "10 annoncés, 9 reçus : 1 manque" in shown
    assert "1 reçu sans être annoncé" in shown
    assert "écart" in client.get("/dons").text
    with app.app_context():
        for device in db.session.scalars(select(Device)).all():
            workshop.fire(device, "accept")
    assert client.submit(f"/dons/{reference}/tri-termine").status_code == 303
    client.submit(f"/dons/{reference}/acceptation", {"accepted_by_act": "Décision 2026-118", "accepted_on": day})
    assert client.submit(f"/dons/{reference}/clore-le-don").status_code == 303
    assert "10 annoncés, 9 reçus : 1 manque" in client.get(f"/dons/{reference}").text


def test_the_list_marks_the_difference(app, signed_in):
    with app.app_context():
        workshop.received(NINE, TEN)
    shown = signed_in(Role.COORDINATOR).get("/dons").text
    assert "9 reçus sur 10" in shown
    assert "écart" in shown


def test_through_the_api(app, signed_in):
    with app.app_context():
        reference, day = workshop.announced(TEN).reference, today().isoformat()
    client = signed_in(Role.COORDINATOR)
    told = {"received_on": day, "counts": {"laptop": 9}}
    answer = client.post(f"/api/v1/donations/{reference}/receive", json=told, headers={"X-CSRFToken": client.token()})
    assert answer.status_code == 200, answer.text
    (line,) = answer.json["lines"]
    assert (line["kind"], line["announced"], line["received"], line["refused"], line["missing"]) == ("laptop", 10, 9, 0, 1)
    assert len(answer.json["devices"]) == 9


def test_each_announced_line_needs_its_number(context):
    donation = workshop.announced({DeviceKind.LAPTOP: 10, DeviceKind.MONITOR: 2})
    with pytest.raises(Invalid) as refused:
        workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": 9})
    assert set(refused.value.fields) == {"count_monitor"}


@pytest.mark.parametrize(
    "counts", [{"laptop": -1}, {"laptop": 1.5}, {"laptop": True}, {"grille-pain": 1}, {"laptop": 1000}, ["laptop"], None]
)
def test_numbers_that_are_none(context, counts):
    with pytest.raises(Invalid):
        workshop.move(workshop.announced(TEN), "receive", received_on=today().isoformat(), counts=counts)


def test_a_wrong_number_changes_nothing_and_is_kept(app, signed_in):
    with app.app_context():
        reference = workshop.announced(TEN).reference
    answer = signed_in(Role.COORDINATOR).submit(
        f"/dons/{reference}/receptionner", {"received_on": "1900-01-01", "count_laptop": "9", "count_printer": "beaucoup"}
    )
    assert answer.status_code == 422
    assert 'value="9"' in answer.text
    assert 'value="beaucoup"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Device)) == 0


def test_a_technician_counts_on_the_dock(app, signed_in):
    with app.app_context():
        reference, day = workshop.announced(TEN).reference, today().isoformat()
    client = signed_in(Role.TECHNICIAN)
    page = client.get(f"/dons/{reference}").text
    assert f"/dons/{reference}/receptionner" in page
    assert f"/dons/{reference}/accepter-le-don" not in page
    assert client.submit(f"/dons/{reference}/receptionner", {"received_on": day, "count_laptop": "9"}).status_code == 303


def test_the_desk_may_not(context):
    donation = workshop.announced(TEN)
    with pytest.raises(Forbidden):
        workshop.move(donation, "receive", who=people.actor(Role.DESK), received_on=today().isoformat(), counts={"laptop": 9})


def test_not_twice(context):
    donation = workshop.received(NINE, TEN)
    with pytest.raises(WrongState):
        workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": 9})
    assert len(workshop.devices_of(donation)) == 9


def test_counted_twice_at_once_the_machines_exist_once(app):
    with app.app_context():
        donation_id, who = workshop.announced(TEN).id, workshop.coordinator()
    start, told = threading.Barrier(2), []

    def count():
        with app.app_context():
            donation = db.session.get_one(Donation, donation_id)
            start.wait()
            try:
                with unit_of_work():
                    donation_machine.fire(donation, "receive", who, received_on=today().isoformat(), counts={"laptop": 9})
                told.append("received")
            except WrongState:
                told.append("too late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["received", "too late"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Device)) == 9
