"""Printing labels from the pages: a PDF that is what the sheet needs, and a trace of it."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.speech.codes import spell
from tests.support.story import workshop


def words_of(answer):
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(answer.data))
    return len(reader.pages), "".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("made", ["a4-3x8", "ruban-62"])
def test_one_label(app, signed_in, made):
    with app.app_context():
        device = workshop.laptop()
        workshop.correct(device, manufacturer="HP", model="EliteBook 840 G5")
        code = device.code
    client = signed_in(Role.TECHNICIAN)
    assert spell(code) in client.get(f"/appareils/{code}/etiquette").text
    pages, words = words_of(client.submit(f"/appareils/{code}/etiquette", {"format": made, "cell": "3"}))
    assert pages == 1
    assert spell(code) in words
    assert "EliteBook" in words
    assert "Le Relais numérique" in words
    assert "DN-" not in words
    assert "Menuiseries" not in words
    with app.app_context():
        assert db.session.query(Device).one().labelled_at is not None
        assert db.session.query(Event).filter_by(move="label_printed").count() == 1


def test_the_labels_of_a_donation_begin_at_the_first_free_cell(app, signed_in):
    with app.app_context():
        donation = workshop.received({DeviceKind.LAPTOP: 9})
        reference, codes = donation.reference, [device.code for device in workshop.devices_of(donation)]
    client = signed_in(Role.TECHNICIAN)
    told = {"format": "a4-3x8", "cell": "20", "which": "new"}
    pages, words = words_of(client.submit(f"/dons/{reference}/etiquettes", told))
    assert pages == 2
    assert all(spell(code) in words for code in codes)
    assert client.submit(f"/dons/{reference}/etiquettes", told).status_code == 409
    pages, words = words_of(client.submit(f"/dons/{reference}/etiquettes", told | {"which": "all", "cell": "1"}))
    assert pages == 1


def test_looking_at_the_page_prints_nothing(app, signed_in):
    with app.app_context():
        device = workshop.laptop()
        code, reference = device.code, device.donation.reference
    client = signed_in(Role.TECHNICIAN)
    assert client.get(f"/appareils/{code}/etiquette").status_code == 200
    assert client.get(f"/dons/{reference}/etiquettes").status_code == 200
    with app.app_context():
        assert db.session.query(Device).one().labelled_at is None


def test_the_test_sheet(signed_in):
    pages, words = words_of(signed_in(Role.TECHNICIAN).get("/etiquettes/essai/a4-3x8"))
    assert pages == 1
    assert "50" in words


@pytest.mark.parametrize("told", [{"format": "a3"}, {"format": "a4-3x8", "cell": "25"}, {"format": "a4-3x8", "cell": "zéro"}, {}])
def test_a_format_that_is_none_is_refused(app, signed_in, told):
    with app.app_context():
        code = workshop.laptop().code
    assert signed_in(Role.TECHNICIAN).submit(f"/appareils/{code}/etiquette", told).status_code == 422


def test_a_prescriber_may_not(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    assert signed_in(Role.PRESCRIBER).submit(f"/appareils/{code}/etiquette", {"format": "a4-3x8"}).status_code == 403


def test_the_same_press_twice_prints_the_same_sheet_once(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.TECHNICIAN)
    told = {"format": "a4-3x8", "cell": "1", "_key": "une-seule-fois"}
    first, second = (client.submit(f"/appareils/{code}/etiquette", told) for _ in range(2))
    assert first.data == second.data
    with app.app_context():
        assert db.session.query(Event).filter_by(move="label_printed").count() == 1
