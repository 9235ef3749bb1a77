"""Addresses that people change themselves: nothing before the link, which serves once; both addresses are told, and never whose one is."""

import re
from datetime import timedelta

import pytest

from refurb.accounts.actions import find_signing_in
from refurb.accounts.addresses.actions import (
    AddressNotForYou,
    SameAddress,
    ask_address,
    change_address,
    change_by_secret,
    forget_changes,
    secret_of_change,
)
from refurb.accounts.addresses.effects import send_address_link, tell_former_address
from refurb.accounts.addresses.models import AddressChange
from refurb.accounts.passwords.actions import LinkOver, WrongPassword, ask_link, change_password, link_by_secret, secret_of_link
from refurb.accounts.passwords.models import PasswordLink
from refurb.accounts.people.actions import close_account, reopen_account
from refurb.accounts.queries import account_by_email, actor_of
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.client import checking
from tests.support.story import people

EMAIL = people.EMAIL[Role.DESK]
NEW = "nouvelle@refurb.example"
OTHER = "quatre tasses vertes dehors"


def desk():
    return account_by_email(EMAIL)


def asked(email=NEW, current=people.PASSWORD):
    with unit_of_work():
        return ask_address(actor_of(desk()), desk(), current=current, email=email)


def letters(change):
    told = {"subject_kind": "address_change", "subject_id": change.id}
    return [tell_former_address(**told), send_address_link(**told)]


def test_nothing_changes_before_the_link_and_both_addresses_are_told(context):
    change = asked(NEW.upper())
    former, new = letters(change)
    assert (former.to, new.to) == (EMAIL, NEW)
    assert secret_of_change(change) in new.text
    assert secret_of_change(change) not in former.text
    assert NEW not in former.text
    assert find_signing_in(EMAIL, people.PASSWORD) is not None
    number = desk().id
    with unit_of_work():
        change_address(change_by_secret(secret_of_change(change)))
    assert find_signing_in(EMAIL, people.PASSWORD) is None
    assert find_signing_in(NEW, people.PASSWORD).id == number
    assert last_event(account_by_email(NEW)).move == "address_changed"
    after = tell_former_address(subject_kind="address_change", subject_id=change.id)
    assert (after.to, after.key != former.key) == (EMAIL, True)
    with pytest.raises(NotTold):
        send_address_link(subject_kind="address_change", subject_id=change.id)
    kinds = [row.kind for row in db.session.query(SecurityEvent).filter(SecurityEvent.account_id == number)]
    assert {SecurityKind.ADDRESS_ASKED, SecurityKind.ADDRESS_CHANGED} <= set(kinds)


def test_what_is_refused(context):
    for email, current, refusal in (
        (NEW, "faux", WrongPassword),
        (EMAIL.upper(), people.PASSWORD, SameAddress),
        (people.EMAIL[Role.ADMIN], people.PASSWORD, AddressNotForYou),
    ):
        with pytest.raises(refusal):
            asked(email, current)
    assert db.session.query(AddressChange).count() == 0


def test_a_link_serves_once_for_a_day_and_while_nobody_else_has_the_address(context):
    before, taken = asked("autre@refurb.example"), asked()
    secret = secret_of_change(taken)
    assert db.session.query(AddressChange).all() == [taken], "the one before opens nothing any more"
    del before
    people.somebody(Grant(Role.DESK), email=NEW)
    with pytest.raises(AddressNotForYou), unit_of_work():
        change_address(change_by_secret(secret))
    with unit_of_work():
        taken.ends_at = now() - timedelta(days=8)
    with pytest.raises(LinkOver):
        change_by_secret(secret)
    with unit_of_work():
        assert forget_changes() == 1


def test_it_ends_the_links_that_went_to_the_former_address(context):
    with unit_of_work():
        ask_link(EMAIL)
    secret = secret_of_link(db.session.query(PasswordLink).one())
    assert link_by_secret(secret)
    change = asked()
    with unit_of_work():
        change_address(change)
    with pytest.raises(LinkOver):
        link_by_secret(secret)
    with pytest.raises(LinkOver), unit_of_work():
        change_address(change)


def test_on_the_screen_a_wrong_answer_stands_beside_its_field(signed_in):
    client = signed_in(Role.DESK)
    answer = client.submit("/compte/adresse", {"email": people.EMAIL[Role.ADMIN], "current": people.PASSWORD})
    assert answer.status_code == 422
    said = re.search(r'id="f-email-e".*?<span>(.*?)</span>', answer.text, re.DOTALL)[1]
    assert people.NAME[Role.ADMIN] not in answer.text
    assert "compte" not in said
    assert f'value="{people.EMAIL[Role.ADMIN]}"' in answer.text
    assert client.submit("/compte/adresse", {"email": NEW, "current": "faux"}).status_code == 422


def test_from_the_form_to_signing_in_with_the_new_address(app, signed_in):
    client = signed_in(Role.DESK)
    assert client.submit("/compte/adresse", {"email": NEW, "current": people.PASSWORD}).status_code == 303
    with app.app_context():
        address = f"/adresse/{secret_of_change(db.session.query(AddressChange).one())}"
    assert NEW in client.get(address).text
    assert checking(app).submit(address, {}).status_code == 303
    assert client.get(address).status_code == 410
    client.sign_in(NEW)
    assert client.get("/compte/adresse").status_code == 200


def test_a_changed_password_and_a_closed_account_end_what_waits(context):
    secret = secret_of_change(asked())
    with unit_of_work():
        ask_link(EMAIL)
        change_password(actor_of(desk()), desk(), current=people.PASSWORD, password=OTHER)
    before = secret_of_change(asked(current=OTHER))
    with unit_of_work():
        ask_link(EMAIL)
        close_account(people.actor(Role.ADMIN), desk())
    with unit_of_work():
        reopen_account(people.actor(Role.ADMIN), desk())
    for each in (secret, before):
        with pytest.raises(LinkOver):
            change_by_secret(each)
    links = db.session.query(PasswordLink).all()
    assert len(links) == 2
    for link in links:
        with pytest.raises(LinkOver):
            link_by_secret(secret_of_link(link))
