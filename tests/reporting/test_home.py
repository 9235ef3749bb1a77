"""The home page of each role: it opens, with nothing to show and with work to do."""

import pytest

from refurb.kernel.deeds.access import Role
from tests.support.story import people, workshop


@pytest.mark.parametrize("role", list(people.EMAIL))
@pytest.mark.both_databases
def test_home_opens_on_an_empty_territory(signed_in, role):
    answer = signed_in(role).get("/", follow_redirects=True)
    assert answer.status_code == 200


def test_the_office_s_home_counts_devices_and_not_loans(signed_in):
    assert "0 appareil prêt, 0 orientation en attente" in signed_in(Role.COORDINATOR).get("/").text.replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )


def test_what_waits_for_an_answer_stands_first_on_the_offices_home(app, signed_in):
    with app.app_context():
        expected = [workshop.move(workshop.announced(), "accept").reference for _ in range(5)]
        older, newest = workshop.announced().reference, workshop.announced().reference
    home = signed_in(Role.COORDINATOR).get("/").text
    assert "2 dons attendent votre réponse" in home.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
    shown = [each for each in (newest, older, *expected) if each in home]
    assert shown == [newest, older, *expected[:2]]
    assert [home.index(each) for each in shown] == sorted(home.index(each) for each in shown)
    assert "/dons" in home


def test_search_opens_for_everybody_and_finds_nothing_foreign(signed_in):
    for role in people.EMAIL:
        client = signed_in(role)
        assert client.get("/recherche").status_code == 200
        assert "Rien ne répond" in client.get("/recherche?q=zzzz").text
