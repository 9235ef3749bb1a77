"""Two nodes on one PostgreSQL, with homes of their own and one bucket: whichever answers, it is the same service."""

import http.client
import re
import time
from contextlib import ExitStack, closing
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from refurb.documents.models import PaperKind
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import LegalOrigin
from refurb.keeping.actions import MAIL_FAILED, ask_for, end_badly
from refurb.keeping.words import KeepingKind
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.directory.policies.trying import adopted
from tests.support.buckets import serving_buckets
from tests.support.figures import figures
from tests.support.mailbox import open_mailbox
from tests.support.serving import serving
from tests.support.story import gifts, people

LETTERS = 30
TOKEN = "t" * 40


class Person:
    """A browser before a load balancer: each request goes to the other node than the one before."""

    def __init__(self, nodes):
        self.nodes, self.cookies, self.asked = nodes, {}, 0

    def ask(self, method, path, fields=None, bearer=None):
        node = self.nodes[self.asked % len(self.nodes)]
        self.asked += 1
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        body = None
        if fields is not None:
            body, headers["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.content = answer.read()
            answer.text = answer.content.decode(errors="replace")
        for each in answer.headers.get_all("Set-Cookie", []):
            name, value = each.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def get(self, path):
        return self.ask("GET", path)

    def submit(self, page, fields, to=None):
        """Fill in a form of a page of one node, and send it to the other."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page).text)[1]
        return self.ask("POST", to or page, {"csrf_token": token, **fields})


@pytest.fixture
def nodes(database_url, tmp_path, monkeypatch):
    """Two services, each with a home of its own; and the mailboxes of everybody."""
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    with ExitStack() as running:
        shared = {"files_url": running.enter_context(serving_buckets()).new(), "base_url": "http://refurb.example", "metrics_token": TOKEN}
        box = running.enter_context(open_mailbox())
        first = running.enter_context(serving(database_url, tmp_path / "one", people.settle, box.port, **shared))
        second = running.enter_context(serving(database_url, tmp_path / "two", lambda: None, box.port, **shared))
        yield first, second, box
        assert first.faults() == second.faults() == []


def waiting(page):
    """The number beside « Dons » in the navigation."""
    found = re.search(r'href="/dons"[^>]*>.*?</a>', page.text, re.DOTALL)[0]
    count = re.search(r'class="count">(\d+)', found)
    return int(count[1]) if count else 0


def signed_in(nodes, role):
    """Somebody who signed in by the form of one node, sent to the other."""
    person = Person(nodes)
    entered = person.submit("/connexion", {"email": people.EMAIL[role], "password": people.PASSWORD})
    assert entered.status == 303, entered.text
    return person


def a_gift_sent_to_both_is_entered_once(person):
    donor = people.organisation("Menuiseries").id
    gift = {"donor_id": donor, "legal_origin": LegalOrigin.COMPANY.value, "announced_laptop": "3", "_key": "k" * 24}
    done = person.submit("/dons/nouveau", gift)
    person.get("/")  # So that the next form is sent to the other node.
    again = person.submit("/dons/nouveau", gift)
    assert (done.status, again.status) == (303, 303), done.text
    assert again.headers["Location"] == done.headers["Location"]
    assert (done.headers["Idempotency-Replayed"], again.headers["Idempotency-Replayed"]) == (None, "true")
    assert db.session.scalar(select(func.count()).select_from(Donation)) == 1


def a_policy_adopted_elsewhere_is_in_force(person):
    adopted("agenda", ("alsace_moselle = false", "alsace_moselle = true"), reason="Nous sommes à Colmar.")
    assert all("Nous sommes à Colmar." in person.get("/regles/agenda").text for _ in range(2))


def a_paper_kept_elsewhere_is_given(person):
    paper = gifts.issued(gifts.received(1), PaperKind.DONATION)
    given = [person.get(f"/documents/{paper.reference}.pdf") for _ in range(2)]
    assert [each.status for each in given] == [200, 200]
    assert given[0].content == given[1].content
    assert given[0].content.startswith(b"%PDF")


def what_is_promised_is_kept_once(box):
    """Whoever's worker comes first."""
    with unit_of_work():
        run = ask_for(SERVICE, KeepingKind.REHEARSAL)
        end_badly(run, "keeping.findings")
        run_id = run.id
        administrator = db.session.scalar(select(Effect).where(Effect.kind == MAIL_FAILED)).facts["account_id"]
        for _ in range(LETTERS - 1):
            plan(MAIL_FAILED, run_id=run_id, account_id=administrator)
    for _ in range(LETTERS):
        box.next_for(people.EMAIL[Role.ADMIN])
    settled = select(func.count()).where(Effect.kind == MAIL_FAILED, Effect.done_at.is_not(None), Effect.attempts == 1)
    until = time.monotonic() + 30
    while db.session.scalar(settled) < LETTERS and time.monotonic() < until:
        db.session.rollback()
        time.sleep(0.05)  # The last letter is there before it is noted that it left.
    assert db.session.scalar(settled) == LETTERS
    assert not box.has_more_for(people.EMAIL[Role.ADMIN])


def the_requests_of_its_processes_are_added_up(node):
    """Each connection may be answered by another process: all of them tell the same sum."""
    machine = Person([node])
    for _ in range(20):
        machine.get("/sante/vivant")
    told = [figures(machine.ask("GET", "/metrics", bearer=TOKEN).text) for _ in range(6)]
    counted = [each["refurb_requests_total", ("group", "monitoring"), ("method", "GET"), ("status", "200")] for each in told]
    assert counted == list(range(20, 26))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_whichever_node_answers_it_is_the_same_service(nodes):
    first, second, box = nodes
    person = signed_in([first, second], Role.ADMIN)
    pages = [person.get("/") for _ in range(4)]
    assert [(each.status, waiting(each)) for each in pages] == [(200, 0)] * 4
    with first.app.app_context():
        a_gift_sent_to_both_is_entered_once(person)
        assert [waiting(person.get("/")) for _ in range(4)] == [1] * 4
        a_policy_adopted_elsewhere_is_in_force(person)
        a_paper_kept_elsewhere_is_given(person)
        what_is_promised_is_kept_once(box)
    for node in (first, second):
        the_requests_of_its_processes_are_added_up(node)
    left = person.submit("/", {}, to="/deconnexion")
    assert left.status == 303
    assert [person.get("/appareils").status for _ in range(2)] == [303, 303]
