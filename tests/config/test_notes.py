"""What the web processes note of those who come is written by them, where `refurb worker` keeps what was promised, too."""

import http.client
import re
import time
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update

from refurb.accounts.models import OpenSession
from refurb.kernel.deeds import worker
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.heartbeat import last_beat
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.serving import serving
from tests.support.story import people


def asked(service, method, path, cookies, fields=None):
    """The text of an answer; the cookies are kept as a browser does."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = None
    if fields is not None:
        body, headers["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
    for each in answer.headers.get_all("Set-Cookie", []):
        name, value = each.split(";")[0].split("=", 1)
        cookies[name] = value
    return text


def sign_in(service, password):
    cookies = {}
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', asked(service, "GET", "/connexion", cookies))[1]
    asked(service, "POST", "/connexion", cookies, {"csrf_token": token, "email": people.EMAIL[Role.DESK], "password": password})


def refused(service):
    with service.app.app_context():
        return db.session.query(SecurityEvent).filter_by(kind=SecurityKind.SIGN_IN_FAILED).count()


def waited_for(found):
    until = time.monotonic() + 20
    while not found() and time.monotonic() < until:
        time.sleep(0.1)  # the thread writes once a second
    return found()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_a_worker_who_was_refused_is_written_all_the_same(database_url, tmp_path):
    with serving(database_url, tmp_path / "home", people.settle, worker="false") as service:
        sign_in(service, "wrong")
        until = time.monotonic() + 20
        while not refused(service) and time.monotonic() < until:
            time.sleep(0.1)  # the thread writes once a second
        assert refused(service) == 1
        with service.app.app_context():
            assert last_beat() is None, "no worker is here"
        sign_in(service, "wrong again")
    assert refused(service) == 2, "what was noted last is written at the end"


def test_and_so_are_the_uses_of_sessions(app, signed_in):
    signed_in(Role.DESK).get("/compte/connexions")
    long_ago = now() - timedelta(hours=5)
    with app.app_context(), unit_of_work() as writing:
        writing.execute(update(OpenSession).values(seen_at=long_ago))
        number = writing.scalars(select(OpenSession.id)).one()
    end = worker.start(app, keeps_promises=False)
    app.extensions["sessions_seen"] = {number: int(time.time() // 60) - 2}
    end()
    with app.app_context():
        assert db.session.scalars(select(OpenSession.seen_at)).one() > long_ago
        assert last_beat() is None
