"""The board of the workshop: each machine in its column, the oldest first, with its age in words."""

from datetime import timedelta

import pytest

from refurb.inventory.bench.actions.work import pick_up
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.codes import spell
from tests.support.story import people, workshop


@pytest.fixture
def codes(app):
    """A laptop that has waited for thirty days, one of today that somebody has in hand, a tablet in its tests."""
    with app.app_context():
        with at(now() - timedelta(days=30)):
            old = workshop.laptop()
        fresh = workshop.laptop()
        with unit_of_work():
            pick_up(workshop.technician(), fresh)
        return [spell(each.code) for each in (old, fresh, workshop.tablet_in_tests())]


@pytest.mark.both_databases
def test_the_oldest_stands_first_and_says_that_it_is_late(signed_in, codes):
    told = signed_in(Role.TECHNICIAN).get("/atelier/tableau").text.replace('<span class="vh">', "<span>")
    assert told.index(codes[0]) < told.index(codes[1]) < told.index(codes[2])
    assert "30 j<span>, en retard" in told.replace("\u202f", " ")
    assert "1 en retard" in told


@pytest.mark.both_databases
def test_the_table_says_the_same(signed_in, codes):
    told = signed_in(Role.TECHNICIAN).get("/atelier/tableau?vue=liste").text
    assert all(code in told for code in codes)
    assert "30 j<span>, en retard" in told.replace("\u202f", " ")
    assert "Samira Benali" in told


@pytest.mark.both_databases
def test_it_narrows_by_kind_and_by_hands(app, signed_in, codes):
    client = signed_in(Role.COORDINATOR)
    told = client.get("/atelier/tableau?nature=tablet").text
    assert codes[2] in told
    assert codes[0] not in told
    with app.app_context():
        samira = people.actor(Role.TECHNICIAN).id
    told = client.get(f"/atelier/tableau?qui={samira}").text
    assert codes[1] in told
    assert codes[0] not in told


def test_nonsense_narrows_nothing(signed_in, codes):
    assert codes[0] in signed_in(Role.TECHNICIAN).get("/atelier/tableau?nature=xx&qui=999999&page=-3&vue=zz").text


@pytest.mark.parametrize("role", [Role.DESK, Role.PRESCRIBER, Role.OBSERVER])
@pytest.mark.parametrize("path", ["/atelier/tableau", "/atelier", "/atelier/lot"])
def test_not_for_those_who_do_not_work_there(signed_in, role, path):
    assert signed_in(role).get(path).status_code == 403


def test_the_rooms_are_those_that_one_may_enter(signed_in):
    told = signed_in(Role.TECHNICIAN).get("/atelier").text
    assert 'href="/chiffres/atelier"' in told
    assert 'href="/appareils"' in told
