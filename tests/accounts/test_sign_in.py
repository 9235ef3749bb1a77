"""Signing in: it works, and each way it does not."""

import pytest

from refurb.accounts.actions import open_account
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import people

EMAIL = people.EMAIL[Role.TECHNICIAN]


def test_sign_in_works(client):
    answer = client.submit("/connexion", {"email": EMAIL.upper(), "password": people.PASSWORD})
    assert answer.status_code == 303
    assert people.NAME[Role.TECHNICIAN] in client.get("/").text


@pytest.mark.parametrize("entered", ["ali@médiathèque.fr", "ali@xn--mdiathque-53af.fr"])
@pytest.mark.parametrize("typed", ["Ali@Médiathèque.fr", "ali@XN--mdiathque-53af.fr "])
def test_a_domain_with_accents_signs_in_by_either_form(app, client, entered, typed):
    with app.app_context(), unit_of_work():
        open_account(SERVICE, email=entered, name="Ali Boiseau", grants=[Grant(Role.TECHNICIAN)], password=people.PASSWORD)
    assert client.submit("/connexion", {"email": typed, "password": people.PASSWORD}).status_code == 303


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


def test_a_forged_form_is_refused(client):
    assert client.post("/connexion", data={"email": EMAIL, "password": people.PASSWORD}).status_code == 400


def test_a_line_end_in_where_to_go_on_is_no_fault(client):
    answer = client.submit("/connexion?suite=/%0d%0aSet-Cookie:%20a=b", {"email": EMAIL, "password": people.PASSWORD})
    assert (answer.status_code, answer.headers.get_all("Set-Cookie")[0].startswith("a=")) == (303, False)


def test_the_cookie_is_of_this_host_alone_over_https(make_app):
    with make_app(base_url="https://refurb.example").test_client() as client:
        client.get("/connexion")
        sent = client.get("/connexion").headers.get_all("Set-Cookie") or client.get("/connexion").headers.get_all("Set-Cookie")
    assert all(each.startswith("__Host-refurb=") and "Secure" in each and "Path=/" in each and "Domain" not in each for each in sent)
