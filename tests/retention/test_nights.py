"""The night: resumed where it was, once; what fails keeps no other; a figure that would move undoes its batch; what is frozen stays."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, true

from refurb.kernel.deeds import retention, wired
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import BUSY_TIMEOUT_MS, db
from refurb.kernel.deeds.erased_files import FileToErase, erase_files, let_go
from refurb.kernel.deeds.files import is_kept, keep
from refurb.kernel.deeds.holds import FrozenAlready, Hold, NotFrozen, freeze, lift
from refurb.kernel.deeds.retention import NightIsOver, RetentionRun, go_on, night_due, run_night, run_now, run_of, shrink_traces
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, from_wall, now, today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from refurb.lending.models import Borrower
from refurb.referrals.models import Allocation, Referral
from refurb.wiring import WIRING
from tests.support.story import desk, families, people

LATER = timedelta(days=800)


def term(key, model, **options):
    return Term(key=key, who=key, what=key, model=model, past=true, **options)


def test_what_is_interrupted_goes_on_where_it_was_and_nothing_is_done_twice(context, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    monkeypatch.setattr("refurb.kernel.deeds.terms.Term.forget_some.__defaults__", (1,))
    names = [desk.borrower(name).name for name in ("Odile Un", "Odile Deux", "Odile Trois")]
    with at(now() + LATER):
        night = today()
        while db.session.scalar(select(func.count()).where(Borrower.forgotten_at.is_not(None))) != 1:
            assert go_on(night)
        monkeypatch.setattr(retention, "_me", lambda: "another.1.1")
        monkeypatch.setattr("refurb.kernel.deeds.workers.is_dead", lambda _name: True)
        run = run_now(SERVICE)
        assert (run.interruptions, run.has_failed) == (1, False)
        assert [(each.before, each.erased, each.after) for each in run.tallies if each.term == "lending.borrowers"] == [(3, 3, 0)]
        with pytest.raises(NightIsOver):
            run_now(SERVICE)
        with pytest.raises(Forbidden):
            run_now(people.actor(Role.TECHNICIAN))
    left = set(db.session.scalars(select(Borrower.name)))
    assert left.isdisjoint(names)


def test_two_who_begin_a_night_at_once_have_one_run(app):
    """On PostgreSQL the second has found no run, and waits for the first to have written its own; SQLite has one writer at a time."""
    failed = []

    def second():
        with app.app_context():
            try:
                go_on(today())
            except Conflict as conflict:
                failed.append(conflict)
            finally:
                db.session.remove()

    thread = threading.Thread(target=second)
    with app.app_context():
        with unit_of_work() as session:
            session.add(RetentionRun(night=today(), begun_at=now(), worker="first"))
            session.flush()
            thread.start()
            thread.join(0.5)
        thread.join(20)
        assert not failed
        (run,) = db.session.scalars(select(RetentionRun))
        assert run.worker == "first"
        assert [each.place for each in run.tallies] == [0], "the second did the first piece of it"


def test_it_is_due_from_two_oclock_on_the_wall_and_once(context):
    day = today() + timedelta(days=1)
    hours = [from_wall(now().replace(year=day.year, month=day.month, day=day.day, hour=hour, tzinfo=None)) for hour in (1, 2, 3)]
    for hour, due in zip(hours, (None, day, day), strict=True):
        with at(hour):
            assert night_due() == due
    with at(hours[0]):
        assert not run_night()
    with at(hours[1]):
        while run_night():
            pass
        assert run_of(day).ended_at is not None
        assert not run_night()


def test_what_fails_keeps_no_other_from_it_and_a_batch_that_moves_a_figure_is_undone(context):
    desk.borrower()
    referral = families.submitted()

    def fail(_numbers):
        raise ZeroDivisionError("Zoë O'Neil")

    def drop(numbers):
        db.session.execute(delete(Referral).where(Referral.id.in_(numbers)))

    told = []
    terms = (
        term("fails", Borrower, forget=fail),
        term("moves", Referral, forget=drop),
        term("stuck", Borrower, forget=lambda _numbers: None),
        term("goes", Borrower, rest=lambda: Borrower.id.not_in(told), forget=told.extend),
    )
    wired.keep(context, replace(WIRING, terms=terms))
    run = run_now(SERVICE)
    assert {each.term: (each.fault, each.erased, each.after) for each in run.tallies} == {
        "fails": ("ZeroDivisionError", 0, 1),
        "moves": ("CountsMoved", 0, 1),
        "stuck": ("TermStuck", 0, 1),
        "goes": (None, 1, 0),
    }
    assert db.session.get(Referral, referral.id) is not None
    assert db.session.scalar(select(func.count()).select_from(Allocation)) == 0


def test_a_file_is_frozen_once_until_a_day_to_come_and_lifted_once(context):
    who, told = desk.borrower(), people.actor(Role.COORDINATOR)
    facts = {"reason": "Recours en cours", "review_on": today() + timedelta(days=90)}
    with pytest.raises(Invalid), unit_of_work():
        freeze(told, Borrower.KIND, who.id, who.code, reason="x", review_on=today())
    with pytest.raises(Forbidden), unit_of_work():
        freeze(people.actor(Role.DESK), Borrower.KIND, who.id, who.code, **facts)
    with unit_of_work():
        hold = freeze(told, Borrower.KIND, who.id, who.code, **facts)
    with pytest.raises(FrozenAlready), unit_of_work():
        freeze(told, Borrower.KIND, who.id, who.code, **facts)
    with pytest.raises(Conflict), unit_of_work() as session:
        session.add(Hold(subject_kind=Borrower.KIND, subject_id=who.id, reference="x", held_at=now(), **facts))
    with at(now() + LATER):
        assert db.session.get_one(Hold, hold.id).is_to_review
        (tally,) = [each for each in run_now(SERVICE).tallies if each.term == "lending.borrowers"]
        assert (tally.before, tally.erased, tally.held, tally.after) == (1, 0, 1, 1)
        with unit_of_work():
            lift(told, hold)
        with pytest.raises(NotFrozen), unit_of_work():
            lift(told, hold)
    with at(now() + LATER + timedelta(days=1)):
        run_now(SERVICE)
    assert db.session.get_one(Borrower, who.id).forgotten_at is not None


def test_a_file_goes_once_no_row_needs_it_and_never_while_a_backup_is_made(context):
    kept, needed = keep(b"nobody needs this"), families.handed_over().signature_file
    with unit_of_work():
        let_go([kept, needed, None, kept])
    wired.keep(context, replace(WIRING, copying=lambda: True))
    run_now(SERVICE)
    assert is_kept(kept)
    while erase_files():
        pass
    assert (is_kept(kept), is_kept(needed)) == (False, True)
    assert db.session.scalar(select(func.count()).select_from(FileToErase)) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_whoever_still_reads_keeps_nobody_from_writing_while_the_log_is_emptied(context, monkeypatch):
    """SQLite holds its write lock while it waits for a reader: a worker was told for ten seconds that the file was locked."""
    file = db.engine.url.database
    log_file = Path(f"{file}-wal")
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM borrowers").fetchone()
    desk.borrower("Odile Un")
    pauses = []

    def meanwhile(seconds):
        pauses.append(seconds)
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("ROLLBACK")
        if len(pauses) == 2:
            reader.close()

    monkeypatch.setattr(retention.time, "sleep", meanwhile)
    shrink_traces()
    assert len(pauses) == 2
    assert log_file.stat().st_size == 0
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == BUSY_TIMEOUT_MS
