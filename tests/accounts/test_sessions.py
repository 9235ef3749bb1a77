"""A session is a row: it ends with it, wherever copies of its cookie are."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from refurb.accounts.actions import end_sessions, forget_sessions, open_session
from refurb.accounts.models import Account, OpenSession
from refurb.accounts.queries import account_by_email, actor_of_session
from refurb.accounts.sessions import write_seen
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from tests.support.client import checking
from tests.support.story import people

EMAIL = people.EMAIL[Role.TECHNICIAN]


@pytest.fixture
def browsers(app):
    """Two browsers in which one person is signed in."""
    pair = [checking(app), checking(app)]
    for each in pair:
        each.sign_in(EMAIL)
    return pair


def copy_of(app, client):
    """Another browser with a copy of the cookie."""
    other = checking(app)
    with client.session_transaction() as from_there, other.session_transaction() as here:
        here.update(from_there)
    return other


def opens(client):
    return client.get("/scanner").status_code == 200


def change(app, **values):
    with app.app_context(), unit_of_work():
        db.session.execute(update(OpenSession).values(**values))


def test_signing_out_ends_every_copy_and_no_other_browser(app, browsers):
    here, there = browsers
    copy = copy_of(app, here)
    assert opens(copy)
    assert here.submit("/deconnexion").status_code == 303
    assert [opens(each) for each in (here, copy, there)] == [False, False, True]


def test_the_list_shows_them_and_another_one_is_closed(app, browsers):
    here, there = browsers
    listed = here.get("/compte/connexions").text
    assert listed.count("Firefox, Linux") >= 2
    assert "(celui-ci)" in listed
    with app.app_context():
        other = max(db.session.scalars(select(OpenSession.id)))
    here.submit(f"/compte/connexions/{other}/fermer")
    assert [opens(here), opens(there)] == [True, False]


def test_everywhere(app, browsers):
    here, there = browsers
    assert here.submit("/compte/connexions/fermer").location == "/connexion"
    assert [opens(here), opens(there)] == [False, False]


def test_nobody_closes_somebody_elses(app, browsers, signed_in):
    with app.app_context():
        numbers = db.session.scalars(select(OpenSession.id)).all()
    other = signed_in(Role.DESK)
    for number in numbers:
        other.submit(f"/compte/connexions/{number}/fermer")
    assert all(opens(each) for each in browsers)


@pytest.mark.parametrize("row", [{"ends_at": timedelta(seconds=-1)}, {"seen_at": timedelta(hours=-10, seconds=-1)}])
def test_it_ends_by_itself(app, browsers, row):
    change(app, **{name: now() + later for name, later in row.items()})
    assert not any(opens(each) for each in browsers)
    with app.app_context(), unit_of_work():
        assert forget_sessions() == 2


def test_it_ends_with_the_account(app, browsers):
    with app.app_context(), unit_of_work():
        db.session.execute(update(Account).where(Account.email == EMAIL).values(is_active=False))
    assert not any(opens(each) for each in browsers)


def test_a_new_sign_in_takes_the_place_of_the_old_one(app, client):
    for _ in range(2):
        client.submit("/connexion", {"email": EMAIL, "password": people.PASSWORD})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OpenSession)) == 1


def test_reading_keeps_it_awake_and_writes_nothing_itself(app, browsers):
    change(app, seen_at=now() - timedelta(hours=1))
    assert opens(browsers[0])
    with app.app_context():
        before = db.session.scalars(select(OpenSession.seen_at).order_by(OpenSession.id)).all()
        assert max(before) < now() - timedelta(minutes=50)
        app.extensions["sessions_seen"] = {key: minute - 1 for key, minute in app.extensions["sessions_seen"].items()}
        write_seen()
        db.session.rollback()
        after = db.session.scalars(select(OpenSession.seen_at).order_by(OpenSession.id)).all()
    assert after[0] > now() - timedelta(minutes=3)
    assert after[1] == before[1]


def test_what_is_kept_is_not_what_the_cookie_holds(context):
    with unit_of_work():
        secret = open_session(account_by_email(EMAIL), "Firefox")
    assert db.session.scalar(select(OpenSession.digest)) != secret
    actor, _session_id = actor_of_session(secret)
    assert actor.name == people.NAME[Role.TECHNICIAN]


def test_only_who_administers_ends_somebody_elses(context):
    account = account_by_email(EMAIL)
    with unit_of_work():
        open_session(account, "")
    with pytest.raises(Forbidden), unit_of_work():
        end_sessions(people.actor(Role.COORDINATOR), account.id)
    with unit_of_work():
        assert end_sessions(people.actor(Role.ADMIN), account.id) == 1
