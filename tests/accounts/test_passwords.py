"""Passwords: which are refused, and that they are kept sign by sign."""

import pytest

from refurb.accounts.actions import WeakPassword, find_signing_in, open_account, refuse_weak
from refurb.accounts.common_passwords import common_passwords, is_common
from refurb.accounts.common_passwords.make import passwords_of
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import people

OWN = ("marie.curie@relais.example", "Marie Curie")


@pytest.mark.parametrize("password", [people.PASSWORD, "correct  cheval pile", "Ñandú-Δέλτα-7418", "tasse bleue 7 vélos"])
def test_good_ones(password):
    refuse_weak(password, *OWN)


@pytest.mark.parametrize(
    "password,code",
    [
        ("onze signes", "account.weak_password"),
        ("aaaaaaaaaaaa", "account.guessable_password"),
        ("azertyuiop12", "account.guessable_password"),
        ("123456789012", "account.guessable_password"),
        ("Motdepasse2026!", "account.guessable_password"),
        ("MarieCurie2026", "account.guessable_password"),
        ("abababababab", "account.guessable_password"),
        ("admin admin admin", "account.guessable_password"),
        ("Sunshine2026!", "account.common_password"),
        ("dragondragon", "account.common_password"),
        ("!!!Basketball!!!", "account.common_password"),
    ],
)
def test_those_that_are_tried_first(password, code):
    with pytest.raises(WeakPassword) as refused:
        refuse_weak(password, *OWN)
    assert refused.value.code == code


def test_the_list_of_common_passwords_is_as_long_as_it_is_told():
    assert len(common_passwords()) > 40_000
    assert {"sunshine", "1q2w3e4r5t6y"} <= common_passwords()


@pytest.mark.parametrize("password", ["", "sunshine vert hiver", "basketball de velours"])
def test_a_common_word_among_others_is_none_of_them(password):
    assert not is_common(password)


def test_the_list_is_made_from_the_source_that_is_told():
    source = 'LISTS = {\n "passwords": "Éléphant,short,dragon vert,elephant".split(","),\n "surnames": "short,martin".split(","),\n}'
    assert passwords_of(source) == ["dragonvert", "elephant", "martin"]


def test_a_password_is_kept_sign_by_sign(app, client):
    with app.app_context(), unit_of_work():
        open_account(SERVICE, email="m@relais.example", name="M", grants=[Grant(Role.DESK)], password=" deux  blancs\u00e9 ici ")
    for typed, status in ((" deux  blancs\u00e9 ici ", 303), (" deux  blancse\u0301 ici ", 303), ("deux blancs\u00e9 ici", 422)):
        assert client.submit("/connexion", {"email": "m@relais.example", "password": typed}).status_code == status
    with app.app_context():
        assert find_signing_in("m@relais.example", "deux blancs\u00e9 ici") is None
