"""The queue before a SQLite file: in order, one at a time, across threads and processes, and free again whatever happened."""

import stat
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from refurb.kernel.deeds import turns
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.turns import NotMyTurn, Turns
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import StrayWrite

CHECKOUT = Path(__file__).resolve().parents[3]
ANOTHER_PROCESS = """
import sys, time
from pathlib import Path
from refurb.kernel.deeds.turns import Turns
queue, told = Turns(Path(sys.argv[1])), Path(sys.argv[2])
for number in range(int(sys.argv[3])):
    with queue.taken(object()):
        with told.open("a") as file:
            file.write(f"{sys.argv[4]}<")
            file.flush()
            time.sleep(0.01)
            file.write(f"{sys.argv[4]}>")
"""


def _process(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", ANOTHER_PROCESS, *map(str, arguments)], cwd=CHECKOUT)


def _waiting(queue: Turns, count: int) -> None:
    deadline = time.monotonic() + 5
    while len(queue._waiting) < count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_who_comes_first_goes_first(tmp_path):
    queue, order = Turns(tmp_path / "turn"), list[int]()

    def write(number: int) -> None:
        with queue.taken(object()):
            order.append(number)

    with queue.taken(object()):
        threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
        for number, thread in enumerate(threads, start=2):
            thread.start()
            _waiting(queue, number)
    for thread in threads:
        thread.join(5)
    assert order == list(range(6))


def test_a_deed_that_fails_lets_the_next_one_in(tmp_path):
    queue = Turns(tmp_path / "turn")
    with pytest.raises(ZeroDivisionError), queue.taken(object()):
        raise ZeroDivisionError
    with queue.taken("next"):
        assert queue.is_held_by("next")
    assert not queue.is_held_by("next")


def test_whoever_waits_too_long_leaves_and_the_others_go_on(tmp_path, monkeypatch):
    queue, done = Turns(tmp_path / "turn"), list[str]()

    def wait(name: str) -> None:
        try:
            with queue.taken(name):
                done.append(name)
        except NotMyTurn:
            done.append(f"{name} left")

    with queue.taken(object()):
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.05)
        hasty = threading.Thread(target=wait, args=("hasty",))
        hasty.start()
        _waiting(queue, 2)
        monkeypatch.setattr(turns, "PATIENCE_SECONDS", 10.0)
        patient = threading.Thread(target=wait, args=("patient",))
        patient.start()
        hasty.join(5)
    patient.join(5)
    assert done == ["hasty left", "patient"]


def test_one_process_writes_at_a_time_and_a_busy_one_lets_the_other_in(tmp_path):
    told = tmp_path / "told"
    processes = [_process(tmp_path / "turn", told, 40, name) for name in "ab"]
    assert [process.wait(60) for process in processes] == [0, 0]
    lines = told.read_text()
    deeds = [lines[at : at + 4] for at in range(0, len(lines), 4)]
    assert sorted(deeds) == ["a<a>"] * 40 + ["b<b>"] * 40  # None began before another had ended.
    order = "".join(deed[0] for deed in deeds)
    together = order[max(order.find("a"), order.find("b")) : min(order.rfind("a"), order.rfind("b"))]
    assert "a" * 8 not in together
    assert "b" * 8 not in together


def test_a_process_that_dies_leaves_its_turn(tmp_path):
    told = tmp_path / "told"
    process = _process(tmp_path / "turn", told, 10_000, "a")
    deadline = time.monotonic() + 30
    while not told.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait(10)
    with Turns(tmp_path / "turn").taken(object()):
        pass


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_unit_holds_its_turn_until_its_end(app):
    with app.app_context():
        queue = turns.turns_of(str(db.engine.url.database))
        with unit_of_work() as session:
            session.execute(text("SELECT 1"))
            assert queue._thread is not None
            session.rollback()
            session.execute(text("SELECT 1"))  # It goes on, and has not lost its place.
            assert queue._thread is not None
        assert queue._thread is None
        with pytest.raises(ZeroDivisionError), unit_of_work() as session:
            session.execute(text("SELECT 1"))
            raise ZeroDivisionError
        assert queue._thread is None


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_unit_inside_another_is_refused_at_once(app):
    with app.app_context(), unit_of_work() as session:
        session.execute(text("SELECT 1"))
        begun = time.monotonic()
        with app.app_context(), pytest.raises(StrayWrite), unit_of_work() as inner:
            inner.execute(text("SELECT 1"))
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_who_never_gets_a_turn_is_told_that_the_database_is_busy(app, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.05)
    with app.app_context(), ExitStack() as held:
        other = threading.Event(), threading.Event()

        def write() -> None:
            with app.app_context(), unit_of_work() as session:
                session.execute(text("SELECT 1"))
                other[0].set()
                other[1].wait(10)

        thread = threading.Thread(target=write)
        thread.start()
        held.callback(thread.join)
        held.callback(other[1].set)
        assert other[0].wait(10)
        with pytest.raises(OperationalError), unit_of_work() as session:
            session.execute(text("SELECT 1"))


def test_the_file_is_for_whoever_may_write_the_database(tmp_path):
    database = tmp_path / "refurb.sqlite3"
    database.touch()
    database.chmod(0o660)
    with Turns(tmp_path / "refurb.sqlite3-turn").taken(object()):
        pass
    assert stat.S_IMODE((tmp_path / "refurb.sqlite3-turn").stat().st_mode) == 0o660
