"""What load balancers and watchmen are told: each of the four things wrong in turn, and nothing that strangers should not know."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from refurb.keeping.actions import MAIL_FAILED
from refurb.kernel.deeds import files
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.heartbeat import EVERY, Heartbeat, beat, last_beat
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.monitoring.queries import LETTERS_LATE, WORKER_LATE, health, look


def beaten(ago):
    with unit_of_work() as session:
        session.execute(update(Heartbeat).values(at=now() - ago))


def promised(**facts):
    with unit_of_work() as session:
        effect = Effect(kind=MAIL_FAILED, facts={}, planned_at=now(), due_at=now())
        for name, value in facts.items():
            setattr(effect, name, value)
        session.add(effect)


def test_all_is_well_once_a_worker_was_seen(context):
    assert look().word == "degraded"
    assert look().checks["worker"].facts == {"age_seconds": None}
    beat()
    found = look()
    assert found.word == "ok"
    assert found.is_ready
    assert {name: each.ok for name, each in found.checks.items()} == dict.fromkeys(("database", "storage", "worker", "letters"), True)


def test_workers_write_their_sign_of_life_seldom(context):
    beat()
    first = last_beat()
    beat()
    assert last_beat() == first
    for elsewhere in (EVERY, -timedelta(days=1)):  # Some time ago, or by a clock that went wrong.
        beaten(elsewhere)
        beat()
        assert abs(last_beat() - now()) < EVERY


def test_a_worker_that_stands_still_takes_no_node_away(context):
    beaten(WORKER_LATE + timedelta(minutes=1))
    found = look()
    assert (found.word, found.is_ready, found.checks["worker"].ok) == ("degraded", True, False)
    assert found.checks["worker"].facts["age_seconds"] >= 660


def test_letters_that_should_have_left_are_told_where_there_is_a_mail_server(context):
    beat()
    late = now() - LETTERS_LATE - timedelta(minutes=1)
    promised(planned_at=late, due_at=now() + timedelta(days=2))  # for another day
    promised(planned_at=late, due_at=late, given_up_at=now())  # told elsewhere
    promised(planned_at=late, due_at=late, done_at=now())
    assert look().checks["letters"].facts == {"waiting": 0, "oldest_seconds": 0, "server": False}
    promised(planned_at=late, due_at=now() + timedelta(minutes=10), fault="mail.no_server")  # tried, and tried again later
    promised(planned_at=late - timedelta(days=30), due_at=now() - timedelta(minutes=5))  # due just now
    assert look().word == "ok"
    context.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    found = look().checks["letters"]
    assert not found.ok
    assert found.facts["waiting"] == 2
    assert 3660 <= found.facts["oldest_seconds"] < 3700


def test_files_that_are_away_make_a_node_unready(context, home):
    beat()
    files.keep(b"a file")
    (home / "files").rename(home / "elsewhere")
    try:
        found = look()
    finally:
        (home / "elsewhere").rename(home / "files")
    assert (found.word, found.is_ready, found.checks["storage"].ok, found.checks["worker"].ok) == ("down", False, False, True)
    assert look().word == "ok"


def test_a_full_disk_is_no_storage(context, monkeypatch):
    monkeypatch.setattr("refurb.monitoring.queries.probe", lambda: 1000)
    assert not look().checks["storage"].ok


def test_the_same_is_told_for_a_moment(context):
    first = health()
    beat()
    assert health() is first


def test_where_something_hangs_one_thread_hangs_and_the_others_are_told_what_was_known(context, monkeypatch):
    known = health()
    looking, go_on = threading.Event(), threading.Event()

    def hangs():
        looking.set()
        go_on.wait(20)
        return look()

    def ask():
        with context.app_context():
            return health()

    monkeypatch.setattr("refurb.monitoring.queries.look", hangs)
    monkeypatch.setattr("refurb.monitoring.queries.ASKED_AGAIN_AFTER", -1.0)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(ask)
        assert looking.wait(20)
        assert health() is known
        monkeypatch.setattr("refurb.monitoring.queries.BELIEVED_FOR", -1.0)
        assert health().word == "down", "what was known is too old"
        monkeypatch.setattr("refurb.monitoring.queries.LOOKED_FOR_AT_MOST", 0.01)
        context.extensions.pop("health")
        assert health().word == "down", "nothing was known, and who looks does not come back"
        go_on.set()
        assert slow.result(20) is not known


@pytest.fixture
def asked(client):
    def ask(address):
        client.application.extensions.pop("health", None)
        answer = client.get(address, headers={"Accept": "application/json"})
        return answer.status_code, json.loads(answer.data), answer.headers

    return ask


@pytest.mark.both_databases
def test_the_three_addresses_say_how_it_is(client, asked):
    with client.application.app_context():
        beat()
    for address in ("/sante", "/sante/pret"):
        status, told, headers = asked(address)
        assert (status, told["status"]) == (200, "ok")
        assert headers["Cache-Control"] == "no-store"
        assert set(told["checks"]) == {"database", "storage", "worker", "letters"}
        assert "version" not in json.dumps(told)
        assert "Set-Cookie" not in headers
    with client.application.app_context():
        beaten(timedelta(hours=1))
    assert [asked(each)[0] for each in ("/sante/vivant", "/sante/pret", "/sante")] == [200, 200, 503]


def test_without_its_database_a_node_lives_and_is_not_ready(make_app, tmp_path, backend):
    away = f"sqlite:///{tmp_path}/nowhere/none.sqlite3" if backend == "sqlite" else "postgresql://nobody@127.0.0.1:1/none"
    client = make_app(database_url=away).test_client()
    assert client.get("/sante/vivant").status_code == 200
    for address in ("/sante/pret", "/sante"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert answer.json["status"] == "down"
        assert answer.json["checks"]["database"] == {"ok": False}


def test_the_database_is_not_asked_by_who_only_wants_to_know_that_it_lives(app, monkeypatch):
    monkeypatch.setattr(db.session, "scalar", lambda *_: pytest.fail("asked"))
    assert app.test_client().get("/sante/vivant").json == {"status": "ok"}
