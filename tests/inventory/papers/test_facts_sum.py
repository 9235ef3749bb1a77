"""The sum of the facts of a donation: while it is the same, its attestations say the same; and what it leaves out is in no word of them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Integer, update
from sqlalchemy.exc import StatementError

from refurb.directory.queries import home
from refurb.documents.actions import says_the_same
from refurb.documents.models import Paper, PaperKind
from refurb.inventory.devices.actions.devices import declare_without_drive
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive
from refurb.inventory.papers.facts_sum import TOLD, facts_sum
from refurb.inventory.papers.pdf.donation_certificate import donation_certificate
from refurb.inventory.papers.pdf.erasure_certificate import erasure_certificate
from refurb.inventory.papers.queries import donation_record
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import Instant, db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.story import evidence, gifts, people, proofs

AD, AE = PaperKind.DONATION, PaperKind.ERASURE


class PutBackError(Exception):
    """Ends a unit of work without its writings."""


@pytest.fixture
def donation(context):
    """One of everything: wiped, stated, destroyed, without a drive, refused; with both attestations."""
    found = gifts.received(6)
    gifts.wiped(found, "WD-0001")
    gifts.read_drives(found, "WD-0001", "WD-0002", "WD-0003", "WD-0004")
    proofs.confirmed(proofs.stated(proofs.drive_of_serial("WD-0002"), technique=Technique.OVERWRITE, tool="BIOS HP", tool_version="1.4"))
    proofs.destroyed(proofs.drive_of_serial("WD-0003"), method=DestructionMethod.DISINTEGRATED, note="broyé", slip="B-12")
    devices = db.session.query(Device).order_by(Device.id).all()
    with unit_of_work():
        declare_without_drive(people.actor(Role.TECHNICIAN), devices[4])
    evidence.fire(devices[5], "refuse", reason="écran cassé")
    for kind in (AE, AD):
        gifts.issued(found, kind)
    return found


def standing(kind):
    """The paper of a kind."""
    return db.session.query(Paper).filter_by(kind=kind).one()


def drafts(donation):
    """What the two would say now."""
    record, erasure = donation_record(donation), standing(AE)
    return {
        AD: donation_certificate(record, SERVICE, home().name, erasure, None),
        AE: erasure_certificate(record, SERVICE, home().name, None),
    }


def other(column, value):
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(days=400)
    if value is None:
        return now() if isinstance(column.type, Instant) else 3 if isinstance(column.type, Integer) else "x"
    return f"{value}x" if isinstance(value, str) else value


def changed(table, column):
    """Whether every row of a table could be given another value in a column."""
    rows = db.session.query(table).all()
    try:
        for row in rows:
            value = other(column, getattr(row, column.key))
            db.session.execute(update(table).where(table.id == row.id).values({column.key: value}))
    except (StatementError, NotImplementedError):
        return False
    return bool(rows)


def left_out():
    """The columns that the sum does not take in."""
    return [(table, column) for table, names in TOLD.items() for column in table.__table__.columns if column.key not in names]


def test_what_the_sum_leaves_out_is_in_no_word(donation):
    before = {kind: says_the_same(standing(kind), draft) for kind, draft in drafts(donation).items()}
    assert before == {AD: True, AE: True}
    for table, column in left_out():
        with pytest.raises(PutBackError), unit_of_work():
            if changed(table, column):
                db.session.expire_all()
                same = facts_sum(donation, standing(AE).reference) == standing(AD).facts_sum
                said = {kind: says_the_same(standing(kind), draft) for kind, draft in drafts(donation).items()} if same else before
                assert said == before, column
            raise PutBackError


def test_a_paper_keeps_the_sum_it_was_issued_from(donation):
    assert standing(AE).facts_sum == facts_sum(donation)
    assert standing(AD).facts_sum == facts_sum(donation, standing(AE).reference)
    assert standing(AE).facts_sum.startswith("3.")


def test_another_fact_is_another_sum(donation):
    before = facts_sum(donation)
    with pytest.raises(PutBackError), unit_of_work():
        db.session.execute(update(Drive).where(Drive.serial == "WD-0001").values(medium=Medium.SSD, model="Autre"))
        db.session.expire_all()
        assert facts_sum(donation) != before
        raise PutBackError
    assert facts_sum(donation) == before


def test_the_button_opens_when_one_more_drive_is_done_or_a_word_is_another(app, signed_in, donation):
    client = signed_in(Role.COORDINATOR)
    address = f"/dons/{donation.reference}"
    assert "Rien n’a changé depuis AE-" in client.get(address).text
    evidence.wipe(evidence.Wipe("WD-0004"), note="encore un")
    assert "Rien n’a changé depuis" not in client.get(address).text
