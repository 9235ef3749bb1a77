"""The cookie of a session, read once: what it must not become because it is kept."""

import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from refurb.accounts.models import Account
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import people


def _opened(app: Flask, text: str):
    with app.test_request_context(headers={"Cookie": f"refurb={text}"}) as context:
        return app.session_interface.open_session(app, context.request)


def _signed(app: Flask, said: dict[str, object]) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # of a signed cookie
    return str(serializer.dumps(said))


def test_what_it_says_is_read(app):
    text = _signed(app, {"_user_id": "1.stamp", "minute": 7, "_flashes": [("ok", "Fait.")]})
    for _turn in range(2):
        assert dict(_opened(app, text)) == {"_user_id": "1.stamp", "minute": 7, "_flashes": [("ok", "Fait.")]}


def test_what_one_request_changes_is_not_seen_by_the_next(app):
    for said in ({"minute": 7}, {"rows": [1]}):
        text = _signed(app, said)
        first = _opened(app, text)
        first["minute"] = 8
        first.setdefault("rows", []).append(2)
        assert dict(_opened(app, text)) == said


def test_it_grows_old_although_it_was_read_before(app):
    text = _signed(app, {"minute": 7})
    assert _opened(app, text)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=0)
    time.sleep(1.1)
    assert not _opened(app, text)


def test_a_changed_letter_is_no_cookie_of_ours(app):
    text = _signed(app, {"_user_id": "1.stamp"})
    assert _opened(app, text)
    for place in (3, len(text) // 2, -2):
        forged = bytearray(text.encode())
        forged[place] = ord("A") if forged[place] != ord("A") else ord("B")
        assert not _opened(app, forged.decode())
    assert _opened(app, text)


def test_a_new_key_ends_every_session_and_an_old_one_may_be_kept_beside_it(app):
    text = _signed(app, {"minute": 7})
    assert _opened(app, text)
    old, app.secret_key = app.secret_key, "another secret, as long as the first one was"
    assert not _opened(app, text)
    app.config["SECRET_KEY_FALLBACKS"] = [old]
    assert _opened(app, text)


def test_whoever_is_shut_out_is_so_at_the_next_page(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    assert client.get("/scanner").status_code == 200
    assert client.get("/scanner").status_code == 200
    with app.app_context(), unit_of_work():
        db.session.execute(update(Account).where(Account.email == people.EMAIL[Role.TECHNICIAN]).values(is_active=False))
    assert client.get("/scanner").status_code == 303


def test_the_page_after_signing_in_sends_no_cookie_again(signed_in):
    client = signed_in(Role.TECHNICIAN)
    client.get("/scanner")  # Its form wants a token, which is kept in the cookie.
    assert "Set-Cookie" not in client.get("/scanner").headers
    with client.session_transaction() as session:
        assert time.time() // 60 - session["minute"] <= 1
