"""The service is killed, again and again, while clients send deeds and repeat them: each is done once and answered alike."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.settings import CHECKOUT
from refurb.accounts.actions import make_token, secret_of
from refurb.accounts.models import Door
from refurb.accounts.queries import account_by_email
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.models import Borrower
from tests.support.serving import free_port
from tests.support.story import people

KILLS = int(os.environ.get("KILLS") or 1000)
CLIENTS = 4


class Clients:
    """Each enters one borrower after the other, and sends it again until it is answered; then once more."""

    def __init__(self, port, secret):
        self.port, self.secret = port, secret
        self.over = threading.Event()
        self.entered, self.wrong = [], []

    def run(self, number):
        count = 0
        while not self.over.is_set() and not self.wrong:
            name = f"client {number} deed {count}"
            first, again = self.send(name), self.send(name)
            self.entered.append(name)
            if first != again or first[0] != 201:
                self.wrong.append((name, first, again))
            count += 1

    def send(self, name):
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", "Idempotency-Key": name.replace(" ", "-")}
        body = json.dumps({"name": name, "phone": "0549000000", "is_adult": True})
        until = time.monotonic() + 120
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                connection.request("POST", "/api/v1/borrowers", body, headers)
                answer = connection.getresponse()
                told = answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # It is being begun again.
            else:
                if told[0] != 503:
                    return told
            finally:
                connection.close()
        raise RuntimeError("no answer")


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


@pytest.mark.soak
@pytest.mark.both_databases
def test_killed_a_thousand_times_every_deed_is_done_once_and_answered_alike(app, home, database_url):
    with app.app_context():
        account = account_by_email(people.EMAIL[Role.DESK])
        with unit_of_work():
            secret = secret_of(make_token(SERVICE, account, "clients", Role.DESK, Door.API, proved=True))
    port = free_port()
    environ = os.environ | {
        "REFURB_HOME": str(home),
        "REFURB_SECRET_KEY": "only for the tests, and long enough",
        "REFURB_DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://"),
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.conf.py"]

    def begin():
        return subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0)

    clients, server, drawn = Clients(port, secret), begin(), random.Random(8)
    threads = [threading.Thread(target=clients.run, args=(number,)) for number in range(CLIENTS)]
    for each in threads:
        each.start()
    try:
        for kill in range(KILLS):
            known, until = len(clients.entered), time.monotonic() + 60
            while len(clients.entered) == known and not clients.wrong and time.monotonic() < until:
                time.sleep(0.002)
            assert clients.wrong == []
            time.sleep(drawn.uniform(0, 0.05))  # Somewhere in the middle of the next ones.
            if kill % 10 == 9:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
                server = begin()
            elif workers := children(server.pid):
                os.kill(drawn.choice(workers), signal.SIGKILL)
    finally:
        clients.over.set()
        for each in threads:
            each.join()
        server.terminate()
        server.wait(30)
    assert clients.wrong == []
    assert len(clients.entered) >= KILLS
    with app.app_context():
        times = dict(db.session.execute(select(Borrower.name, func.count()).group_by(Borrower.name)).all())
        assert {name: times.get(name) for name in clients.entered} == dict.fromkeys(clients.entered, 1)
        assert list(broken_links(db.session())) == []
