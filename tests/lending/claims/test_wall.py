"""What the database refuses of claims, were the code wrong: two live ones of a thing on one day, and what could not be."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import hold_for, pool_of
from refurb.lending.claims.words import LONGEST
from tests.support.story import desk

FIRST = date(2027, 3, 1)


@pytest.fixture
def thing(context):
    return desk.kit()


def write(item, starts, until, **other):
    values = {"item_id": item.id, **pool_of(item)._asdict(), "kind": "maintenance", "pinned": True}
    days = {"starts_on": FIRST + timedelta(days=starts), "until_on": FIRST + timedelta(days=until)}
    with unit_of_work():
        hold_for(item)
        return db.session.execute(insert(ItemClaim).values(values | days | other).returning(ItemClaim.id)).scalar_one()


def refused(item, starts, until, **other):
    with pytest.raises(Conflict) as wall:
        write(item, starts, until, **other)
    return isinstance(wall.value.__cause__, IntegrityError)


def test_two_live_claims_of_a_thing_never_share_a_day(thing):
    first = write(thing, 2, 5)
    assert refused(thing, 4, 6)
    assert refused(thing, 0, 9)
    write(thing, 5, 7)
    write(thing, 0, 2)
    with unit_of_work():
        db.session.execute(update(ItemClaim).where(ItemClaim.id == first).values(ended_at=now()))
    write(thing, 2, 5)
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(update(ItemClaim).where(ItemClaim.id == first).values(ended_at=None))


def test_what_is_short_stands_in_nobody_s_way(thing):
    write(thing, 0, 5, item_id=None)
    write(thing, 0, 5)
    write(thing, 0, 5, item_id=None)


def test_what_cannot_be_is_refused(thing):
    assert refused(thing, 3, 3)
    assert refused(thing, 0, 2, began_at=now(), item_id=None)
    assert refused(thing, 0, 2, kind="loan")
    assert refused(thing, 0, LONGEST + 1, kind="reservation", pinned=False)


def test_what_is_asked_daily_is_read_from_its_index(thing, backend):
    questions = (
        "product_id = 1 AND site_id = 1 AND until_on > '2027-01-01' AND began_at IS NULL AND ended_at IS NULL",
        "site_id = 1 AND product_id = 1 AND until_on > '2027-01-01' AND began_at IS NOT NULL AND ended_at IS NULL",
        "item_id = 1 AND until_on > '2027-01-01' AND ended_at IS NULL",
    )
    explain = "EXPLAIN QUERY PLAN" if backend == "sqlite" else "EXPLAIN"
    if backend == "postgresql":
        db.session.execute(text("SET enable_seqscan = off"))
    for question in questions:
        told = str(db.session.execute(text(f"{explain} SELECT id FROM claims WHERE {question}")).all())
        assert "ix_claims_" in told or "uq_claims_" in told or "ex_claims" in told, told
