"""The history: chained, append-only, without names, and able to tell where it was tampered with."""

import pytest
from sqlalchemy import text

from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import GENESIS, broken_links, events_of, last_event, record
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import people


@pytest.fixture
def partner(context):
    return people.organisation("CCAS")


def tell(partner, *moves):
    for each in moves:
        with unit_of_work():
            record(partner, each, SERVICE, note=each)


def test_events_of_a_subject_form_a_chain(partner):
    tell(partner, "called", "visited")
    newest, middle, oldest = events_of(partner)
    assert [oldest.move, middle.move, newest.move] == ["entered", "called", "visited"]
    assert oldest.previous == GENESIS
    assert newest.previous == middle.digest
    assert last_event(partner).position == 3
    assert list(broken_links(db.session())) == []


def test_a_changed_fact_breaks_the_chain_at_its_place(partner, backend):
    tell(partner, "called", "visited")
    with db.engine.begin() as connection:
        if backend == "sqlite":
            connection.execute(text("DROP TRIGGER events_no_update"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        connection.execute(text("UPDATE events SET facts = '{\"note\": \"else\"}' WHERE move = 'called'"))
    db.session.rollback()
    broken = list(broken_links(db.session()))
    assert [(link.subject_kind, link.subject_id, link.position) for link in broken] == [("organisation", partner.id, 2)]


def test_a_removed_event_breaks_the_chain(partner, backend):
    tell(partner, "called", "visited")
    with db.engine.begin() as connection:
        if backend == "sqlite":
            connection.execute(text("DROP TRIGGER events_no_delete"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER events_append_only"))
        connection.execute(text("DELETE FROM events WHERE move = 'called'"))
    db.session.rollback()
    assert [link.position for link in broken_links(db.session())] == [3]


def test_an_event_is_undone_with_its_deed(partner):
    with pytest.raises(RuntimeError), unit_of_work():
        record(partner, "called", SERVICE)
        raise RuntimeError
    assert last_event(partner).move == "entered"
