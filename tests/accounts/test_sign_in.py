"""Signing in: it works, and each way it does not."""

import pytest

from refurb.accounts.actions import TRIES_PER_ACCOUNT
from refurb.kernel.deeds.access import Role
from tests.support.story import people

EMAIL = people.EMAIL[Role.TECHNICIAN]


def test_sign_in_works(client):
    answer = client.submit("/connexion", {"email": EMAIL.upper(), "password": people.PASSWORD})
    assert answer.status_code == 303
    assert people.NAME[Role.TECHNICIAN] in client.get("/").text


def test_a_stranger_is_sent_to_sign_in_and_back(client):
    answer = client.get("/?page=2")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/connexion?suite=")


@pytest.mark.both_databases
def test_never_sent_on_to_another_host(client):
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        client.submit("/deconnexion")
        answer = client.submit(f"/connexion?suite={elsewhere}", {"email": EMAIL, "password": people.PASSWORD})
        assert answer.headers["Location"] == "/"


def test_a_wrong_password_keeps_the_address(client):
    answer = client.submit("/connexion", {"email": EMAIL, "password": "autre chose"})
    assert answer.status_code == 422
    assert f'value="{EMAIL}"' in answer.text
    assert "autre chose" not in answer.text


@pytest.mark.both_databases
def test_too_many_tries_are_paused_even_with_the_right_password(client):
    for _ in range(TRIES_PER_ACCOUNT):
        client.submit("/connexion", {"email": EMAIL, "password": "non"})
    assert client.submit("/connexion", {"email": EMAIL, "password": people.PASSWORD}).status_code == 429


def test_a_forged_form_is_refused(client):
    assert client.post("/connexion", data={"email": EMAIL, "password": people.PASSWORD}).status_code == 400


def test_signing_out_ends_the_session(client):
    client.sign_in(EMAIL)
    client.submit("/deconnexion")
    assert client.get("/").status_code == 303
