"""Addresses that were given out: each still leads to the page that stood there, whatever its address has become."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from refurb.former import FORMER
from refurb.kernel.deeds.access import Role
from refurb.wiring import MACHINES
from tests.support.story import workshop

GIVEN_OUT = [line.split() for line in Path(__file__).with_name("addresses.txt").read_text(encoding="utf-8").splitlines()]
"""Every address of a page, as its rule, with the endpoint that answered; what was once given out is never taken from the list."""

SAMPLES = {"int": "7", "path": "ab/cd", "": "AB-12"}


def filled(rule: str) -> str:
    """An address of a rule."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or ""], rule)


def test_every_address_that_was_given_out_leads_where_it_led(app):
    where = app.url_map.bind("")
    stray = app.test_client()
    for rule, endpoint in GIVEN_OUT:
        path = filled(rule)
        if rule in FORMER:
            answer = stray.post(f"{path}?q=%C3%A9t%C3%A9&page=2", data={"reason": "x"})
            assert answer.status_code == 308, path
            moved = urlsplit(answer.location)
            assert moved.query == "q=%C3%A9t%C3%A9&page=2"
            path = moved.path
        methods = where.allowed_methods(path)
        assert endpoint in {where.match(path, method=method)[0] for method in methods if method not in {"HEAD", "OPTIONS"}}, rule


def test_a_form_that_was_opened_before_the_move_does_its_deed(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.COORDINATOR)
    answer = client.submit(f"/appareils/{code}/accept", {"_key": "k"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "Accepté au tri" in answer.text


def test_what_stood_nowhere_leads_nowhere(client):
    for path in ("/appareils/AB/accepter", "/dons/DN-2026-0001/accept/x", "/api/v1/appareils/AB/accept"):
        assert client.get(path).status_code == 404


def test_what_is_former_stands_no_more(app):
    assert FORMER.keys() & {rule.rule for rule in app.url_map.iter_rules()} == set()


def test_no_page_has_the_name_of_a_move_for_an_address(app):
    moves = {row.name.replace("_", "-") for machine in MACHINES for row in machine.moves}
    pages = [rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    assert [rule for rule in pages if moves & set(rule.split("/"))] == []


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.kind)
def test_no_two_moves_with_a_page_share_an_address(machine):
    addresses = [row.address for row in machine.moves if not row.inner]
    assert len(set(addresses)) == len(addresses)
