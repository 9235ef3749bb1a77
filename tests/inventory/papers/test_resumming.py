"""Attestations of another wording, or of before sums were kept, are summed again by the worker; no page writes one anew."""

import pytest
from sqlalchemy import text

from refurb.documents.models import Paper, PaperKind
from refurb.inventory.papers import actions
from refurb.inventory.papers.actions import NothingChanged
from refurb.inventory.papers.facts_sum import facts_sum, wording
from refurb.inventory.papers.resumming import sum_papers_again
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.worker import catch_up
from tests.support.story import evidence, gifts

AD, AE = PaperKind.DONATION, PaperKind.ERASURE
SAYS_ALL = "Rien n’a changé depuis AE-"


@pytest.fixture
def donation(context):
    """One drive wiped, one machine not opened; the attestation d'effacement is in force."""
    found = gifts.received(2)
    gifts.wiped(found, "WD-0001")
    gifts.issued(found, AE)
    return found


def put(value):
    """Make every sum what it was before this release."""
    with unit_of_work() as session:
        session.execute(text("UPDATE papers SET facts_sum = :value"), {"value": value})
    db.session.expire_all()


def kept():
    return db.session.query(Paper).filter_by(kind=AE).one().facts_sum


@pytest.mark.parametrize("before", [None, "1.0123456789abcdef", "1.00000000.ab"])
def test_one_that_says_what_is_true_has_its_sum_again(app, donation, before):
    put(before)
    assert catch_up(app) == 1
    assert kept() == facts_sum(donation)
    assert sum_papers_again() == 0


def test_one_that_says_something_else_is_compared_once_and_offered_to_be_replaced(app, signed_in, donation):
    put(None)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    db.session.expire_all()
    assert catch_up(app) == 1
    assert kept().startswith(f"-.{wording()}.")
    assert sum_papers_again() == 0
    assert SAYS_ALL not in signed_in(Role.COORDINATOR).get(f"/dons/{donation.reference}").text
    evidence.wipe(evidence.Wipe("WD-0002"), note="encore un")
    assert gifts.issued(donation, AE).replaces is not None


def test_no_page_writes_an_attestation(app, signed_in, donation, monkeypatch):
    gifts.issued(donation, AD)
    client, address = signed_in(Role.COORDINATOR), f"/dons/{donation.reference}"

    def never(*_args, **_more):
        raise AssertionError("a page wrote an attestation")

    monkeypatch.setattr(actions, "draft_of", never)
    assert SAYS_ALL in client.get(address).text
    put(None)
    assert SAYS_ALL not in client.get(address).text


def test_the_deed_compares_by_words_where_the_sum_does_not_tell(context, donation):
    put(None)
    with pytest.raises(NothingChanged):
        gifts.issued(donation, AE)
