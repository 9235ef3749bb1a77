"""What Prometheus reads, and the line of the log for each request."""

import json
import re

import pytest

from refurb.keeping.actions import ask_for, end_badly, note_backup
from refurb.keeping.words import KeepingKind
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.heartbeat import beat
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.figures import figures
from tests.support.story import people

TOKEN = "t" * 40
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def measured(make_app):
    """An application with a token, on a database with people in it."""
    app = make_app(metrics_token=TOKEN, log_requests="true")
    with app.app_context():
        people.settle()
    return app


def test_without_a_token_in_the_settings_there_is_no_such_page(client):
    assert client.get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_who_does_not_send_it_is_refused(measured):
    for sent in ({}, {"Authorization": "Bearer"}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = measured.test_client().get("/metrics", headers=sent)
        assert (answer.status_code, answer.data, answer.headers["WWW-Authenticate"]) == (401, b"unauthorized\n", "Bearer")


def test_requests_and_the_state_are_told(measured, backend):
    client = measured.test_client()
    client.get("/connexion")
    client.get("/connexion?token=secret")
    client.get("/no/such/page")
    client.open("/no/such/page", method="BREW")
    with measured.app_context():
        beat()
        with unit_of_work():
            note_backup(SERVICE, "refurb-20260101T000000Z.tar", 1234)
            end_badly(ask_for(SERVICE, KeepingKind.REHEARSAL), "keeping.findings")
    answer = client.get("/metrics", headers=BEARER)
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    told = figures(answer.get_data(as_text=True))

    assert told["refurb_requests_total", ("group", "accounts"), ("method", "GET"), ("status", "200")] == 2
    assert told["refurb_requests_total", ("group", "nowhere"), ("method", "GET"), ("status", "404")] == 1
    assert told["refurb_requests_total", ("group", "nowhere"), ("method", "other"), ("status", "404")] == 1
    assert told["refurb_request_seconds_count", ("group", "accounts")] == 2
    assert told["refurb_request_seconds_bucket", ("group", "accounts"), ("le", "+Inf")] == 2
    assert any(name[0] == "refurb_info" and ("database", backend) in name for name in told)
    assert told["refurb_database_up",] == told["refurb_storage_up",] == 1
    assert told["refurb_database_bytes",] > 100_000
    assert told["refurb_worker_last_round_timestamp_seconds",] > 1_700_000_000
    assert told["refurb_effects", ("state", "due")] >= 1
    assert told["refurb_letters_waiting",] == 1  # to who administers, of the rehearsal
    assert told["refurb_letters_oldest_seconds",] < 60
    assert told["refurb_keeping_ok", ("kind", "backup")] == 1
    assert told["refurb_keeping_ok", ("kind", "rehearsal")] == 0
    assert told["refurb_keeping_bytes", ("kind", "backup")] == 1234
    assert ("refurb_keeping_bytes", ("kind", "rehearsal")) not in told
    assert "secret" not in answer.get_data(as_text=True)


def test_without_its_database_it_says_so_and_tells_the_rest(make_app, tmp_path, backend):
    away = f"sqlite:///{tmp_path}/nowhere/none.sqlite3" if backend == "sqlite" else "postgresql://nobody@127.0.0.1:1/none"
    answer = make_app(database_url=away, metrics_token=TOKEN).test_client().get("/metrics", headers=BEARER)
    told = figures(answer.get_data(as_text=True))
    assert (told["refurb_database_up",], told["refurb_storage_up",]) == (0, 1)
    assert ("refurb_effects", ("state", "due")) not in told


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_request_leaves_a_line_without_its_address(measured, monkeypatch, capsys):
    monkeypatch.setattr(log, "stream", None)
    measured.test_client().get("/appareils/SECRET-CODE?nom=Untel")
    (line,) = [json.loads(each) for each in capsys.readouterr().out.splitlines() if '"request"' in each]
    assert line["ms"] >= 0
    assert re.fullmatch(r"\d{4}-.*Z", line.pop("timestamp"))
    del line["ms"]
    assert line == {"event": "request", "level": "info", "endpoint": "inventory.device", "method": "GET", "status": 303}
