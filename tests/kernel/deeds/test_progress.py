"""Long work: done step by step, each step kept whatever comes after it, watched on a page, stopped in the open."""

import pytest
from sqlalchemy import select

from refurb.kernel.deeds import progress
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, run_due
from refurb.kernel.deeds.progress import Work, WorkState, begin, go_on, long_work, work_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound, Refusal
from tests.support.story import people

STEP = 2


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(progress, "_KINDS", dict(progress._KINDS))
    faults = []

    @long_work("count", "Compter", outcome=lambda work: f"{work.outcome.get('counted', 0)} comptés")
    def count(work):
        if work.done == STEP and faults:
            raise faults.pop(0)
        work.outcome = {"counted": work.outcome.get("counted", 0) + min(STEP, work.total - work.done)}
        return STEP

    return faults


def begun(total=5, role=Role.COORDINATOR):
    with unit_of_work():
        return begin("count", people.actor(role), total, "/dons").id


def at(number):
    db.session.rollback()
    return db.session.get_one(Work, number)


def test_the_worker_does_it_to_the_end(context):
    number = begun()
    assert at(number).state == WorkState.WAITING
    run_due()
    assert (at(number).done, at(number).state, at(number).outcome) == (5, WorkState.DONE, {"counted": 5})


def test_interrupted_it_goes_on_where_it_was(context, kinds):
    number = begun()
    kinds.append(ConnectionError())
    with pytest.raises(ConnectionError):
        go_on(work_id=number)
    assert (at(number).done, at(number).state) == (2, WorkState.RUNNING)
    go_on(work_id=number)
    assert (at(number).done, at(number).outcome) == (5, {"counted": 5})


def test_after_a_long_turn_others_pass(context, monkeypatch):
    monkeypatch.setattr(progress, "TURN_SECONDS", 0)
    number = begun()
    run_due()
    assert at(number).done == 2
    assert db.session.scalars(select(Effect.kind).where(Effect.done_at.is_(None))).all() == ["long_work"]


def test_a_refusal_stops_it_and_keeps_what_is_done(context, kinds):
    number = begun()
    kinds.append(Refusal("not_found"))
    go_on(work_id=number)
    assert (at(number).done, at(number).state, at(number).fault) == (2, WorkState.STOPPED, "not_found")


def test_a_fault_of_ours_stops_it_after_three_tries(context, kinds):
    number = begun()
    kinds.extend([ConnectionError(), ConnectionError(), ConnectionError()])
    for _ in range(2):
        with pytest.raises(ConnectionError):
            go_on(work_id=number)
    go_on(work_id=number)
    assert (at(number).done, at(number).fault) == (2, "work.fault")


def test_it_is_nobody_elses_affair(context):
    number = begun()
    with pytest.raises(NotFound):
        work_of(people.actor(Role.TECHNICIAN), number)


def test_its_page_says_how_far_it_is(app, signed_in):
    with app.app_context():
        number = begun()
    client = signed_in(Role.COORDINATOR)
    assert "En attente" in client.get(f"/travaux/{number}").text
    with app.app_context():
        run_due()
    shown = client.get(f"/travaux/{number}").text
    assert "5 comptés" in shown
    assert "Voir le résultat" in shown
    assert client.get(f"/api/v1/works/{number}").json["done"] == 5
    assert signed_in(Role.TECHNICIAN).get(f"/travaux/{number}").status_code == 404
