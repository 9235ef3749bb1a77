"""Passwords: changed by who knows it, made anew by a link that serves once and for an hour; nobody is told who has an account."""

import re

import pytest

from refurb.accounts.actions import SHOWN_FOR, WeakPassword, find_signing_in, hash_anew, open_session
from refurb.accounts.passwords.actions import (
    LinkForNobody,
    LinkOver,
    LinkShownBefore,
    WrongPassword,
    ask_link,
    change_password,
    forget_links,
    give_link,
    link_by_secret,
    link_to_show,
    renew_password,
    secret_of_link,
)
from refurb.accounts.passwords.models import PasswordLink
from refurb.accounts.queries import account_by_email, actor_of, sessions_of
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from tests.support.client import checking
from tests.support.story import people

EMAIL = people.EMAIL[Role.DESK]
OTHER = "quatre tasses vertes dehors"


def desk():
    return account_by_email(EMAIL)


def link():
    with unit_of_work():
        ask_link(EMAIL)
    return db.session.query(PasswordLink).order_by(PasswordLink.id.desc()).first()


def test_changed_by_who_knows_it_and_every_session_ends(context):
    with unit_of_work():
        open_session(desk(), "Firefox")
        change_password(actor_of(desk()), desk(), current=people.PASSWORD, password=OTHER)
    assert find_signing_in(EMAIL, OTHER) is not None
    assert find_signing_in(EMAIL, people.PASSWORD) is None
    assert (list(sessions_of(desk().id)), last_event(desk()).move) == ([], "password_changed")


def test_not_by_who_does_not_know_it_nor_to_a_weak_one(context):
    for current, password, refusal in (("faux", OTHER, WrongPassword), (people.PASSWORD, "motdepasse123", WeakPassword)):
        with pytest.raises(refusal), unit_of_work():
            change_password(actor_of(desk()), desk(), current=current, password=password)
    assert find_signing_in(EMAIL, people.PASSWORD) is not None


def test_a_link_serves_once(context):
    first, second = link(), link()
    with unit_of_work():
        renew_password(link_by_secret(secret_of_link(second)), OTHER)
    assert find_signing_in(EMAIL, OTHER) is not None
    for each in (first, second):
        with pytest.raises(LinkOver):
            link_by_secret(secret_of_link(each))


def test_a_link_ends_after_its_hour_and_with_its_account(context):
    old, closed = link(), link()
    with unit_of_work():
        old.ends_at = now()
    with pytest.raises(LinkOver):
        link_by_secret(secret_of_link(old))
    with unit_of_work():
        desk().is_active = False
    with pytest.raises(LinkOver):
        link_by_secret(secret_of_link(closed))
    with unit_of_work():
        assert forget_links() == 1


def test_who_asks_on_and_on_fills_no_mailbox(context):
    for _turn in range(6):
        link()
    assert db.session.query(PasswordLink).count() == 3


def given(actor=None):
    with unit_of_work():
        return give_link(actor or people.actor(Role.ADMIN), desk())


def test_an_administrator_gives_a_link_by_hand_and_it_is_on_record(context):
    asked, first, second = link(), given(), given()
    for before in (asked, first):
        with pytest.raises(LinkOver):
            link_by_secret(secret_of_link(before))
    assert (last_event(desk()).move, last_event(desk()).facts) == ("password_link_given", {})
    assert db.session.query(SecurityEvent).filter_by(kind=SecurityKind.PASSWORD_LINK_GIVEN, about=f"account {desk().id}").count() == 2
    with unit_of_work():
        renew_password(link_by_secret(secret_of_link(second)), OTHER)
    assert find_signing_in(EMAIL, OTHER) is not None
    with pytest.raises(LinkOver):
        link_by_secret(secret_of_link(second))


def test_a_link_given_by_hand_is_shown_to_who_made_it_while_it_is_fresh(context):
    admin, made = people.actor(Role.ADMIN), given()
    other = people.somebody(Grant(Role.ADMIN))
    assert link_to_show(admin, desk().id, made.id) is made
    for who, account_id, number in ((other, desk().id, made.id), (admin, admin.id, made.id), (admin, desk().id, made.id + 1)):
        with pytest.raises(LinkShownBefore):
            link_to_show(who, account_id, number)
    with unit_of_work():
        made.made_at = now() - SHOWN_FOR
    with pytest.raises(LinkShownBefore):
        link_to_show(admin, desk().id, made.id)


def test_nobody_else_gives_a_link_and_none_for_a_closed_account(context):
    for role in (Role.COORDINATOR, Role.DESK):
        with pytest.raises(Forbidden):
            given(people.actor(role))
    with unit_of_work():
        desk().is_active = False
    with pytest.raises(LinkForNobody):
        given()
    assert db.session.query(PasswordLink).count() == 0


@pytest.mark.both_databases
def test_the_link_is_on_the_page_of_who_made_it_and_opens_the_house(app, signed_in):
    with app.app_context():
        number = desk().id
    admin = signed_in(Role.ADMIN)
    answer = admin.submit(f"/comptes/{number}/lien", {})
    page = admin.get(answer.location).text
    address = re.search(r'value="http://refurb.example(/mot-de-passe/[^"]+)"', page)[1]
    assert checking(app).submit(address, {"password": OTHER}).status_code == 303
    assert admin.get(answer.location).status_code == 409
    assert "Lien de mot de passe donné" in admin.get(f"/comptes/{number}").text


def test_a_password_hashed_for_less_is_hashed_anew(make_app):
    app = make_app(argon2_time="2")
    with app.app_context():
        people.settle()
        before = desk().password_hash
        app.config["ARGON2_TIME"] = 1
        with unit_of_work():
            hash_anew(desk(), people.PASSWORD)
        assert desk().password_hash != before
        assert find_signing_in(EMAIL, people.PASSWORD) is not None
        db.session.remove()


def test_the_answer_is_the_same_whoever_asks(client):
    known = client.submit("/mot-de-passe-oublie", {"email": EMAIL})
    unknown = client.submit("/mot-de-passe-oublie", {"email": "personne@refurb.example"})
    assert known.status_code == unknown.status_code == 200
    said = [re.search(r"<main.*</main>", each.text, re.DOTALL)[0] for each in (known, unknown)]
    assert said[0].replace(EMAIL, "") == said[1].replace("personne@refurb.example", "")


def test_from_the_link_into_the_house(app, client):
    client.submit("/mot-de-passe-oublie", {"email": EMAIL})
    with app.app_context():
        address = f"/mot-de-passe/{secret_of_link(db.session.query(PasswordLink).one())}"
    assert client.submit(address, {"password": "court"}).status_code == 422
    assert client.submit(address, {"password": OTHER}).status_code == 303
    assert people.NAME[Role.DESK] in client.get("/", follow_redirects=True).text
    assert checking(app).get(address).status_code == 410
    assert checking(app).get("/mot-de-passe/rien").status_code == 410


def test_the_page_that_changes_it_keeps_this_browser(signed_in):
    client = signed_in(Role.DESK)
    assert client.submit("/compte/mot-de-passe", {"current": "faux", "password": OTHER}).status_code == 422
    assert client.submit("/compte/mot-de-passe", {"current": people.PASSWORD, "password": OTHER}).status_code == 303
    assert client.get("/compte/mot-de-passe").status_code == 200
