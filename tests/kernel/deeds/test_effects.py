"""Promised effects: kept after the commit, once, tried again with growing waits, given up in the open."""

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from refurb.kernel.deeds import effects
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import BACK_OFF, Effect, effect, plan, run_due
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.workers import new_name
from refurb.kernel.speech.clock import now

done = Counter()


@pytest.fixture(autouse=True)
def doers(monkeypatch):
    monkeypatch.setattr(effects, "_DOERS", {})
    done.clear()

    @effect("count")
    def count(*, number):
        done[number] += 1

    @effect("fail")
    def fail(*, number):
        raise ConnectionError("secret content")


def only():
    db.session.rollback()
    return db.session.scalars(select(Effect)).one()


def test_a_promise_is_kept_after_the_commit(context):
    with unit_of_work():
        plan("count", number=1)
        assert done[1] == 0
    assert run_due() == 1
    assert done[1] == 1
    assert only().done_at is not None
    assert run_due() == 0


def test_a_deed_that_fails_promises_nothing(context):
    with pytest.raises(RuntimeError), unit_of_work():
        plan("count", number=1)
        raise RuntimeError
    assert run_due() == 0


def test_a_later_promise_waits(context):
    with unit_of_work():
        plan("count", number=1, due_at=now() + timedelta(hours=1))
    assert run_due() == 0


def test_a_failure_is_tried_again_later_and_its_content_is_not_kept(context):
    with unit_of_work():
        plan("fail", number=1)
    run_due()
    failed = only()
    assert failed.done_at is None
    assert failed.attempts == 1
    assert failed.due_at > now()
    assert failed.fault == "ConnectionError"


def test_after_the_last_try_it_is_given_up_and_stays_visible(context):
    with unit_of_work():
        plan("fail", number=1)
    for _ in range(len(BACK_OFF) + 1):
        with unit_of_work() as session:
            session.scalars(select(Effect)).one().due_at = now()
        run_due()
    assert only().given_up_at is not None
    assert run_due() == 0


def test_a_worker_that_died_is_replaced(context):
    with unit_of_work():
        planned = plan("count", number=1)
    with unit_of_work():
        planned.claimed_by, planned.claimed_until = "dead", now() - timedelta(seconds=1)
    run_due()
    assert done[1] == 1


def test_what_a_process_that_is_over_had_claimed_is_kept_at_once_and_what_a_living_one_has_is_left(context):
    command = [sys.executable, "-c", "from refurb.kernel.deeds.workers import new_name; print(new_name())"]
    over = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    for number, name in ((1, over), (2, new_name())):
        with unit_of_work():
            claimed = plan("count", number=number)
            claimed.claimed_by, claimed.claimed_until = name, now() + timedelta(minutes=4)
    run_due()
    assert (done[1], done[2]) == (1, 0)


def test_an_effect_gets_ids_not_rows(context):
    with unit_of_work(), pytest.raises(TypeError):
        plan("count", number=Effect())


def test_several_workers_keep_each_promise_once(app):
    with app.app_context(), unit_of_work():
        for number in range(60):
            plan("count", number=number)

    def work():
        with app.app_context():
            while run_due(5):
                pass
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert done == dict.fromkeys(range(60), 1)


def test_what_another_worker_took_over_in_the_meantime_is_left_to_it(context):
    @effect("dawdle")
    def dawdle():
        with unit_of_work() as session:
            session.execute(update(Effect).where(Effect.kind == "count").values(claimed_by="another"))

    with unit_of_work():
        plan("dawdle")
        plan("count", number=1)
    run_due()
    assert done[1] == 0
