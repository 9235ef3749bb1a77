"""All papers of a donation in one ZIP, made by the worker in steps; the yearly papers of every donor in one go."""

import hashlib
import io
import zipfile
from datetime import date, timedelta

import pytest

from refurb.accounts.people.actions import change_roles
from refurb.accounts.queries import account_by_email
from refurb.documents import reading
from refurb.documents.models import PaperKind
from refurb.documents.queries import papers_about
from refurb.documents.shown import shown
from refurb.inventory.donations.donor import donor_token
from refurb.inventory.papers.actions import NoPapers
from refurb.inventory.papers.bundles import actions
from refurb.inventory.papers.bundles.actions import ask_bundle, ask_yearly_papers
from refurb.inventory.papers.bundles.models import Bundle
from refurb.inventory.papers.years import queries
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.deeds.progress import Work, WorkState, outcome_sentence
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from tests.support.story import gifts, people, workshop


def ask(donation):
    with unit_of_work():
        return ask_bundle(workshop.coordinator(), donation, donation.reference)


@pytest.fixture
def papers(context):
    donation = gifts.received(1)
    gifts.wiped(donation, "CHV0001")
    for kind in (PaperKind.DONATION, PaperKind.ERASURE):
        gifts.issued(donation, kind)
    return donation


def test_it_is_packed_in_steps_and_holds_each_paper_as_it_was_issued(papers, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    bundle = ask(papers)
    assert not bundle.is_ready
    run_due()
    db.session.expire_all()
    assert bundle.is_ready
    with zipfile.ZipFile(io.BytesIO(files.fetch(bundle.file))) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    issued = {f"{each.reference}.pdf": each.file for each in papers_about(papers)}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in found.items() if name != "liste.csv"} == issued
    assert all(each in found["liste.csv"].decode("utf-8-sig") for each in issued.values())
    assert ask(papers).id == bundle.id, "the same papers are packed once"


def test_what_may_not_be_read_is_in_no_zip(papers, monkeypatch):
    def closed(_paper):
        raise NotFound

    bundle = ask(papers)
    monkeypatch.setitem(reading._RULES, PaperKind.ERASURE, closed)
    run_due()
    db.session.expire_all()
    with zipfile.ZipFile(io.BytesIO(files.fetch(bundle.file))) as archive:
        assert [name[:2] for name in archive.namelist() if name.endswith(".pdf")] == ["AD"]
    assert [each.kind for each in actions.papers_to_pack(papers)] == [PaperKind.DONATION]
    with pytest.raises(NotFound):
        shown(next(each for each in papers_about(papers) if each.kind is PaperKind.ERASURE))


def test_it_is_kept_from_the_last_asking(papers):
    first = ask(papers)
    with unit_of_work():
        first.asked_at -= timedelta(days=6)
    before = first.asked_at
    assert ask(papers).asked_at > before


def test_a_second_person_who_asks_for_the_same_papers_sees_them(app, signed_in):
    with app.app_context():
        people.settle()
        donation = gifts.received(1)
        gifts.issued(donation, PaperKind.DONATION)
        reference = donation.reference
        db.session.remove()
    for role in (Role.COORDINATOR, Role.ADMIN):
        client = signed_in(role)
        on = client.submit(f"/dons/{reference}/documents/zip", {}).headers["Location"]
        assert "Regarder où il en est" in client.get(on).text


def test_without_a_paper_there_is_nothing_to_pack(context):
    with pytest.raises(NoPapers):
        ask(workshop.received())


def test_a_year_in_one_go_says_what_was_not_issued_and_why(context, monkeypatch):
    donation = workshop.received()
    year = donation.received_on.year
    monkeypatch.setattr(queries, "today", lambda: date(year, 12, 31))
    with unit_of_work():
        work = ask_yearly_papers(workshop.coordinator(), year, PaperKind.BILAN, "/")
    run_due()
    assert db.session.get(Work, work.id).outcome == {"donor_year.not_over": 1}
    monkeypatch.setattr(queries, "today", lambda: date(year + 1, 1, 2))
    for expected in ("1 document établi.", "0 document établi. 1 non établis"):
        with unit_of_work():
            work = ask_yearly_papers(workshop.coordinator(), year, PaperKind.BILAN, "/")
        run_due()
        done = db.session.get(Work, work.id)
        assert (done.state, outcome_sentence(done)[: len(expected)]) == (WorkState.DONE, expected)


def test_whose_role_was_taken_meanwhile_issues_nothing_more(context, monkeypatch):
    year = workshop.received().received_on.year
    monkeypatch.setattr(queries, "today", lambda: date(year + 1, 1, 2))
    with unit_of_work():
        work = ask_yearly_papers(workshop.coordinator(), year, PaperKind.BILAN, "/")
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), account_by_email(people.EMAIL[Role.COORDINATOR]), [Grant(Role.OBSERVER)])
    run_due()
    assert (work.state, work.fault) == (WorkState.STOPPED, "forbidden")


def test_the_donor_takes_it_by_the_link_and_another_link_does_not(app, signed_in):
    with app.app_context():
        people.settle()
        donation = gifts.received(1)
        gifts.issued(donation, PaperKind.DONATION)
        token, other = donor_token(donation), donor_token(workshop.announced())
        reference = donation.reference
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    on = client.submit(f"/dons/suivi/{token}/documents.zip", {}).headers["Location"]
    assert "Regarder où il en est" in client.get(on).text
    assert client.get(f"{on}.zip").status_code == 404
    with app.app_context():
        run_due()
        number = db.session.query(Bundle).one().id
        db.session.remove()
    assert client.get(f"{on}.zip").mimetype == "application/zip"
    assert "Télécharger le ZIP" in client.get(on).text
    assert client.get(f"/dons/suivi/{other}/zip/{number}").status_code == 404
    assert client.submit(f"/dons/{reference}/documents/zip", {}).status_code == 303
    assert client.get(f"/dons/zip/{number}").status_code == 200
