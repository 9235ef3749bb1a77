"""Who may open what: every address asked as every role, against the page that tells it."""

import pytest
from flask import request

from refurb.kernel.deeds.access import GRANTS, PERSONS, Actor, Grant, Permission, Role
from refurb.kernel.speech.errors import Forbidden
from refurb.kernel.web import rights
from refurb.kernel.web.guards import SignInNeeded


def as_actor(role):
    return Actor(1, "Quelqu'un", (Grant(role, 7 if role in rights.BOUND else None),), role)


def answers(app, monkeypatch, actor, rule, method):
    """What the guard of an address says to somebody, before anything behind it is asked: a refusal, or None where the way is open."""
    monkeypatch.setattr("refurb.kernel.web.guards.find_actor", lambda: actor)
    path = rule.rule if "<" not in rule.rule else "/"
    with app.test_request_context(path, method=method):
        request.url_rule = rule
        try:
            app.view_functions[rule.endpoint](**dict.fromkeys(rule.arguments, "1"))
        except (Forbidden, SignInNeeded) as refusal:
            return type(refusal)
        except Exception:  # noqa: BLE001 - what lies behind the guard is asked with nonsense, and is not what is looked at
            return None
    return None


def test_every_address_is_closed_to_the_roles_that_the_page_does_not_name(app, monkeypatch):
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in rights.LIBRARIES:
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            access = rights.access_of(app, rule, method)
            assert access is not None, rule
            if access == "public":
                continue
            assert answers(app, monkeypatch, None, rule, method) is SignInNeeded, rule
            for role in set(Role) - set(rights.opens_to(access)):
                assert answers(app, monkeypatch, as_actor(role), rule, method) is Forbidden, (rule, method, role)
                asked += 1
    assert asked > 2000


def test_a_permission_without_an_address_is_one_of_those_that_wait_for_their_part(app):
    needed = {each for _path, _method, access in rights.ways_in(app) if access != "public" for each in access}
    assert Permission.VISIT_COUNT in needed


def test_everybody_who_is_somebody_has_her_own_account_and_names_are_for_few():
    assert [role for role in PERSONS if Permission.ACCOUNT_OWN not in GRANTS[role]] == []
    assert {role for role in Role if Permission.REFERRAL_READ in GRANTS[role]} == {
        Role.ADMIN,
        Role.COORDINATOR,
        Role.ADVISER,
        Role.PRESCRIBER,
    }


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMIN])
def test_only_an_administrator_administers(role):
    assert not as_actor(role).may(Permission.ACCOUNT_ADMIN)
