"""Issuing papers: numbers without a gap, whoever issues at the same moment; frozen, sealed, replaced once."""

import threading

import pytest
from sqlalchemy import select

from refurb.directory.actions import add_organisation
from refurb.documents.actions import AlreadyReplaced, Draft, issue
from refurb.documents.content import Claim, Paragraph, from_json, sha256
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import digest_of, fetch
from refurb.kernel.deeds.history import broken_links, events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.documents.papers import words
from tests.support.story import people

DRAFT = Draft("Attestation de don", "Le Relais atteste.", (Paragraph("Une phrase."), Claim("Rien d'autre.")), search=("Menuiseries",))


def subject():
    return people.organisation("Menuiseries")


def test_a_paper_is_numbered_frozen_sealed_and_stored(context):
    with unit_of_work():
        paper = issue(SERVICE, PaperKind.DONATION, subject(), DRAFT)
    assert paper.reference == f"AD-{paper.year}-0001"
    assert digest_of(fetch(paper.file)) == paper.file
    assert len(fetch(paper.file)) == paper.size
    assert sha256(from_json(paper.content)) == paper.content_digest
    text = " ".join(words(fetch(paper.file)))
    assert paper.content_digest in text.replace(" ", "")
    assert f"refurb.example/s/{paper.code}" in text
    assert events_of(paper)[0].facts["digest"] == paper.content_digest
    assert list(broken_links(db.session())) == []


def test_each_kind_and_year_counts_by_itself(context):
    with unit_of_work():
        references = [issue(SERVICE, kind, subject(), DRAFT).reference[:2] for kind in PaperKind]
        numbers = [issue(SERVICE, kind, subject(), DRAFT).number for kind in PaperKind]
    assert references == ["AD", "AE", "BR", "CP", "BP", "CR", "DT", "RP", "RC", "RA", "BD", "AR", "RN", "RF"]
    assert numbers == [2] * len(PaperKind)


def test_a_deed_that_fails_leaves_no_gap(context):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        issue(SERVICE, PaperKind.DONATION, subject(), DRAFT)
        raise ZeroDivisionError
    with unit_of_work():
        assert issue(SERVICE, PaperKind.DONATION, subject(), DRAFT).number == 1


def fail_at(attempt):
    """One deed that fails in the middle of the others."""
    if attempt == 2:
        raise ZeroDivisionError


def test_two_at_once_leave_no_gap_and_give_no_number_twice(app):
    """The very first numbers of a year, where there is not even a counter to wait for."""
    ready, faults = threading.Barrier(2), []

    def work():
        with app.app_context():
            ready.wait()
            for attempt in range(6):
                try:
                    with unit_of_work():
                        issue(SERVICE, PaperKind.DONATION, subject(), DRAFT)
                        fail_at(attempt)
                except ZeroDivisionError:
                    pass
                except Exception as fault:  # noqa: BLE001 - told below: a thread's error is lost otherwise
                    faults.append(fault)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        numbers = sorted(db.session.scalars(select(Paper.number)))
    assert faults == []
    assert numbers == list(range(1, 11))


def test_a_replaced_paper_stays_and_says_so(context):
    with unit_of_work():
        first = issue(SERVICE, PaperKind.DONATION, subject(), DRAFT)
    before = fetch(first.file)
    with unit_of_work():
        second = issue(SERVICE, PaperKind.DONATION, subject(), DRAFT, replaces=first)
    assert first.status is PaperStatus.REPLACED
    assert first.replaced_by is second
    assert fetch(first.file) == before
    assert events_of(first)[0].move == "replaced"


def test_a_paper_is_replaced_once(context):
    with unit_of_work():
        first = issue(SERVICE, PaperKind.DONATION, subject(), DRAFT)
        issue(SERVICE, PaperKind.DONATION, subject(), DRAFT, replaces=first)
    with pytest.raises(AlreadyReplaced), unit_of_work():
        issue(SERVICE, PaperKind.DONATION, subject(), DRAFT, replaces=first)
    assert len(db.session.scalars(select(Paper)).all()) == 2


def test_a_paper_about_somebody_else_is_another_paper(context):
    with unit_of_work():
        other = add_organisation(SERVICE, name="Autre donateur", is_donor=True)
        db.session.flush()
        issue(SERVICE, PaperKind.DONATION, other, DRAFT)
        paper = issue(SERVICE, PaperKind.DONATION, subject(), DRAFT)
    assert paper.subject_id == subject().id
    assert paper.number == 2
