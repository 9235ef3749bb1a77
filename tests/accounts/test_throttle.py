"""Tries to sign in are slowed in their lane, and nobody is held up by another's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from refurb.accounts import throttle, views
from refurb.accounts.throttle import FREE_TRIES, FREE_TRIES_OF_ADDRESS, LONGEST_WAIT, SignInLane, count_try, forget_lanes, lane_of, wait_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.client import checking
from tests.support.story import people

EMAIL = people.EMAIL[Role.TECHNICIAN]


def enter(client, password, email=EMAIL, address="192.0.2.1"):
    return client.submit("/connexion", {"email": email, "password": password}, environ_base={"REMOTE_ADDR": address}).status_code


def test_the_right_password_waits_where_it_was_guessed_and_is_told_how_long(client):
    assert [enter(client, "non") for _ in range(FREE_TRIES)] == [422] * FREE_TRIES
    answer = client.submit("/connexion", {"email": EMAIL, "password": people.PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 429
    assert "secondes" in answer.text


def test_guesses_from_elsewhere_never_hold_up_the_person(app, client):
    for _ in range(FREE_TRIES + 3):
        enter(checking(app), "non", address="198.51.100.7")
    assert enter(client, people.PASSWORD) == 303


def test_an_office_behind_one_address_is_not_held_up_by_one_of_its_people(app, client):
    for email in (EMAIL, "personne@refurb.example", people.EMAIL[Role.DESK]):
        for _ in range(FREE_TRIES + 8):
            enter(checking(app), "non", email)
    assert enter(client, people.PASSWORD, people.EMAIL[Role.ADMIN]) == 303


def test_a_browser_that_is_known_is_not_held_up_by_its_neighbours(app, client):
    assert enter(client, people.PASSWORD) == 303
    client.submit("/deconnexion")
    for _ in range(FREE_TRIES + 3):
        enter(checking(app), "non")
    assert enter(client, people.PASSWORD) == 303


def test_a_known_browser_is_slowed_by_its_own_guesses(client):
    enter(client, people.PASSWORD)
    client.submit("/deconnexion")
    assert [enter(client, "non") for _ in range(FREE_TRIES)] == [422] * FREE_TRIES
    assert enter(client, people.PASSWORD) == 429


def test_one_address_that_tries_many_accounts_is_slowed_and_known_browsers_and_other_places_are_not(app, client):
    assert enter(client, people.PASSWORD, address="2001:db8::1") == 303
    client.submit("/deconnexion")
    for number in range(FREE_TRIES_OF_ADDRESS):
        assert enter(checking(app), "non", f"personne{number}@refurb.example", f"2001:db8::{number + 2:x}") == 422
    assert enter(checking(app), "non", "autre@refurb.example", "2001:db8::1") == 429
    assert enter(checking(app), people.PASSWORD, people.EMAIL[Role.DESK], "2001:db8::1") == 429
    assert enter(client, people.PASSWORD, address="2001:db8::1") == 303
    assert enter(checking(app), people.PASSWORD, people.EMAIL[Role.DESK], "2001:db8:0:1::1") == 303


def test_those_who_come_in_are_not_counted_against_their_address(app, monkeypatch):
    monkeypatch.setattr(views, "FREE_TRIES_OF_ADDRESS", 3)
    assert [enter(checking(app), people.PASSWORD) for _ in range(6)] == [303] * 6
    assert [enter(checking(app), "non", f"personne{number}@refurb.example") for number in range(4)] == [422] * 3 + [429]


def test_waits_grow_to_a_minute():
    assert [wait_of(tries) for tries in range(FREE_TRIES + 4)] == [0] * FREE_TRIES + [1, 2, 4, 8]
    assert wait_of(10_000) == LONGEST_WAIT == 60


def test_after_a_while_it_may_be_tried_again(app, client):
    for _ in range(FREE_TRIES):
        enter(client, "non")
    with app.app_context(), unit_of_work():
        db.session.execute(update(SignInLane).values(open_at=now()))
    assert enter(client, people.PASSWORD) == 303


def test_a_burst_is_counted_before_it_is_looked_at(app):
    """On each database: forty at once get as far as one after the other."""
    with app.app_context():
        lane = lane_of(EMAIL, "192.0.2.1")

    def take(_turn):
        with app.app_context(), unit_of_work():
            return count_try(lane)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(24)))
    assert taken.count(0) == FREE_TRIES


@pytest.mark.parametrize(
    "one,other,same",
    [("192.0.2.1", "192.0.2.2", False), ("2001:db8::1", "2001:db8::2", True), ("2001:db8::1", "2001:db8:0:1::1", False), ("?", "?", True)],
)
def test_a_place(context, one, other, same):
    assert (lane_of(EMAIL, one) == lane_of(EMAIL.upper(), other)) is same


def test_what_is_quiet_is_forgotten(context):
    with unit_of_work():
        assert count_try(lane_of(EMAIL, "192.0.2.1")) == 0
        assert forget_lanes() == 0
        db.session.execute(update(SignInLane).values(last_at=now() - throttle.FORGOTTEN_AFTER - timedelta(seconds=1)))
        assert forget_lanes() == 1
