"""Chapters: told again, they are found as they were left; whenever that would not be the same, they are acted out."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds import files
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from tests.support import chapters
from tests.support.chapters import chapter, reading
from tests.support.story import people, workshop

acted: list[str] = []


@chapter
def donation(place: str) -> Donation:
    """A donation, and a file kept beside it."""
    acted.append(place)
    files.keep(place.encode())
    return workshop.announced()


@pytest.fixture
def tests(app, backend, request):
    """Several tests, one after the other: each begins with the database as it was made."""
    shelf = request.getfixturevalue(f"on_{backend}")

    @contextmanager
    def begun():
        shelf.standing.give(settled=True)
        with reading(shelf), app.app_context():
            acted.clear()
            yield
            db.session.remove()
            db.engine.dispose()

    return [begun() for _ in range(4)]


def test_it_is_acted_out_until_it_was_told_twice(tests):
    for number, test in enumerate(tests):
        with test:
            made = donation("ici")
            assert acted == (["ici"] if number < 2 else [])
            assert db.session.scalars(select(Donation)).all() == [made]
            assert files.fetch(files.digest_of(b"ici")) == b"ici"
            second = workshop.announced()
            assert (made.id, second.id) == (1, 2)
            assert second.reference > made.reference


def test_one_chapter_after_another(tests):
    for number, test in enumerate(tests):
        with test:
            first, second, third = donation("un"), workshop.laptop(), donation("un")
            assert acted == (["un", "un"] if number < 2 else [])
            assert sorted(db.session.scalars(select(Donation.id))) == [first.id, second.donation_id, third.id]
            assert db.session.scalar(select(func.count()).select_from(Event).where(Event.subject_kind == "donation")) == 4


def test_what_one_test_does_with_it_no_other_sees(tests):
    for test in tests:
        with test:
            device = workshop.laptop()
            assert device.state == "received"
            workshop.fire(device, "accept")
            assert db.session.scalars(select(Device.state)).one() == "to_erase"


def test_after_something_else_was_written_it_is_acted_out(tests):
    for number, test in enumerate(tests):
        with test:
            with unit_of_work():
                people.organisation("CCAS").place = f"Poitiers {number}"
            donation("là")
            assert acted == ["là"]
            assert people.organisation("CCAS").place == f"Poitiers {number}"


def test_what_happened_weeks_ago_is_acted_out(tests):
    for test in tests:
        with test, at(now() - timedelta(days=20)):
            made = donation("jadis")
            assert acted == ["jadis"]
            assert made.announced_on < (now() + timedelta(days=19)).date()


def test_with_other_settings_it_is_another(app, tests):
    for number, test in enumerate(tests):
        app.config["MAX_UPLOAD_MIB"] = 1 + number
        with test:
            donation("réglages")
            assert acted == ["réglages"]


def test_in_a_unit_of_work_it_is_acted_out(tests):
    for test in tests:
        with test, unit_of_work():
            people.organisation("CCAS")
            thing("au milieu")
            assert acted == ["au milieu"]


@chapter
def thing(name: str) -> str:
    """Something that needs no unit of its own."""
    acted.append(name)
    return name


def test_what_cannot_be_found_again_is_acted_out(tests):
    for test in tests:
        with test:
            assert unkeepable().__name__ == "<lambda>"
            assert acted == ["unkeepable"]


@chapter
def unkeepable():
    """It returns what is in no database."""
    acted.append("unkeepable")
    return lambda: None


def test_whoever_puts_other_parts_in_has_everything_acted_out(app, monkeypatch):
    assert chapters._readings == []
