"""The page before an attestation is issued: each of its parts leads to what proves it, and nothing is numbered yet."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from refurb.documents.content import Heading
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import papers_about
from refurb.inventory.papers.actions import draft_of
from refurb.inventory.papers.proofs import proven
from refurb.inventory.papers.queries import donation_record
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from tests.support.story import gifts, people
from tests.support.tagged import faults


def of(donation, kind):
    """The draft of an attestation and its proofs."""
    papers, actor = papers_about(donation), people.actor(Role.COORDINATOR)
    draft = draft_of(actor, kind, donation, papers, None)
    return draft, proven(kind, draft, donation_record(donation), papers, actor)


@pytest.mark.parametrize("kind", [PaperKind.DONATION, PaperKind.ERASURE])
@pytest.mark.parametrize("count", [1, 3])
def test_every_part_but_a_heading_has_its_proof(context, kind, count):
    donation = gifts.received(count)
    gifts.wiped(donation, "WD-0001")
    draft, found = of(donation, kind)
    assert found.lead
    assert [at for at, block in enumerate(draft.blocks) if not isinstance(block, Heading)] == sorted(found.blocks)
    told = {number for numbers in (found.lead, *found.blocks.values()) for number in numbers}
    assert told == set(range(1, len(found.proofs) + 1)), "no proof that proves nothing"


def test_a_drive_leads_to_the_report_that_erased_it(context):
    donation = gifts.received(2)
    gifts.wiped(donation, "WD-0001")
    _draft, found = of(donation, PaperKind.ERASURE)
    (drive,) = [each for each in found.proofs if each.title == "WD-0001"]
    (done,) = donation_record(donation).done
    assert done.proof.report.file[:12] in drive.text
    assert drive.seen == ("device", done.device.code)


def test_what_waits_is_told_as_such(context):
    donation = gifts.received(2)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    _draft, found = of(donation, PaperKind.DONATION)
    assert [each.title for each in found.proofs if each.waits] == ["2 supports attendent"]


def test_the_page_shows_the_paper_without_a_number_and_issues_nothing(app, signed_in):
    with app.app_context():
        donation = gifts.received(2)
        gifts.wiped(donation, "WD-0001")
        reference = donation.reference
    client = signed_in(Role.COORDINATOR)
    for path, kind in (("attestation-de-don", "AD"), ("attestation-d-effacement", "AE")):
        page = client.get(f"/dons/{reference}/documents/{path}")
        assert page.status_code == 200
        assert "APERÇU" in page.text
        assert f"{kind}-2026-····" in re.sub(r"-20\d\d-", "-2026-", page.text)
        assert set(re.findall(r'href="#(preuve-\d+)"', page.text)) == set(re.findall(r'id="(preuve-\d+)"', page.text))
        assert f'action="/dons/{reference}/documents/{path}"' in page.text
        pdf = client.get(f"/dons/{reference}/documents/{path}/apercu.pdf").data
        said = "".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages)
        assert ("APERÇU" in said, "sans numéro" in said.replace("\u00a0", " "), "Vérifier" in said) == (True, True, False)
        assert not faults(pdf)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 0


def test_where_it_may_not_be_issued_the_button_is_closed_and_says_why(app, signed_in):
    with app.app_context():
        donation = gifts.received(2)
        gifts.issued(donation, PaperKind.DONATION)
        reference = donation.reference
    page = signed_in(Role.COORDINATOR).get(f"/dons/{reference}/documents/attestation-de-don").text
    assert "Rien n’a changé depuis" in page
    assert f'action="/dons/{reference}/documents/attestation-de-don"' not in page
    assert "est annulée et remplacée" in page


def test_it_is_for_those_who_issue_and_of_what_was_received(app, signed_in):
    with app.app_context():
        reference, later = gifts.received(1).reference, gifts.announced(1).reference
    assert signed_in(Role.TECHNICIAN).get(f"/dons/{reference}/documents/attestation-de-don").status_code == 403
    assert signed_in(Role.COORDINATOR).get(f"/dons/{reference}/documents/recu-fiscal").status_code == 404
    assert signed_in(Role.COORDINATOR).get(f"/dons/{later}/documents/attestation-de-don").status_code == 409
