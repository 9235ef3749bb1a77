"""The worker: keeps the promised effects, in a thread beside the web service or as `refurb worker`."""

import threading
import time
from collections.abc import Callable

from flask import Flask

from refurb.kernel.deeds import counts, heads
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.deeds.erased_files import erase_files
from refurb.kernel.deeds.heartbeat import beat
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.retention import run_night
from refurb.kernel.deeds.terms import AT_ONCE, Term
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wiring_of

PAUSE_SECONDS = 1.0
TIDY_SECONDS = 3600.0
FOLD_SECONDS = 5.0
END_SECONDS = 5.0
"""So long a process that ends waits for what its thread is at, before it writes its last notes."""


def forget_all(app: Flask, *, at_night: bool = True) -> dict[str, int]:
    """Forget what is past its term, and tidy up: how much of each, by what it is. The lists are the application's.

    Not `at_night`: only what goes as soon as it is due.
    """
    wiring, forgotten = wiring_of(app), dict[str, int]()
    for term in wiring.terms:
        if term.hourly or at_night:
            forgotten[term.key] = _forget(term)
    for what, tidy in wiring.tidying.items():
        with unit_of_work():
            forgotten[what] = tidy()
    while not wiring.copying() and erase_files():
        pass
    return forgotten


def _forget(term: Term) -> int:
    with unit_of_work():
        if term.aside is not None:
            term.aside()
        total = done = term.forget_some()
    while done == AT_ONCE:
        with unit_of_work():
            done = term.forget_some()
        total += done
    return total


def catch_up(app: Flask) -> int:
    """Do all that a release left to be done over again; returns how much it was."""
    return sum(sum(iter(each, 0)) for each in wiring_of(app).catching_up)


def look_after(app: Flask) -> None:
    """Do what else is due every hour. The list is the application's; one that fails keeps none of the others from its turn."""
    for each in wiring_of(app).hourly:
        try:
            with unit_of_work():
                each()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are due too, and it is tried again in an hour
            log.error("hourly_failed", what=each.__name__, exc_info=error)


def fold_counts() -> None:
    """Add the changes that wait to the kept counts, so that reading them stays short."""
    if counts.is_to_fold():
        with unit_of_work() as session:
            counts.fold(session)


def write_notes(app: Flask) -> None:
    """Write what the readings of this process noted."""
    for write in wiring_of(app).noting:
        write()


def sign_what_happened() -> bool:
    """Register the events that have no line yet, and sign a head over all; False when the register is not what it was."""
    try:
        heads.sign_head(heads.register_of_instance())
    except heads.RegisterCut as error:
        log.error("history_register_cut", reason=str(error))  # It is no fault of ours: where it was noticed says nothing.
        return False
    return True


def work(app: Flask, stop: threading.Event) -> None:
    """Run due effects until told to stop, and tidy once an hour; a fault of the database is waited out, not fatal."""
    tidy_at = fold_at = sign_at = time.monotonic()
    behind = list(wiring_of(app).catching_up)
    while not stop.is_set():
        busy = False
        try:
            with app.app_context():
                beat()
                busy = run_due() > 0
                write_notes(app)
                if time.monotonic() >= fold_at:
                    fold_counts()
                    fold_at = time.monotonic() + FOLD_SECONDS
                    if time.monotonic() >= sign_at and not sign_what_happened():
                        sign_at = time.monotonic() + TIDY_SECONDS
                if not busy and behind and behind[0]() == 0:
                    behind.pop(0)
                busy = busy or run_night()
                if not busy and time.monotonic() >= tidy_at:
                    forget_all(app, at_night=False)
                    look_after(app)
                    tidy_at = time.monotonic() + TIDY_SECONDS
        except Exception as error:  # noqa: BLE001 - whatever it is, the next turn may go well
            log.error("worker_stumbled", exc_info=error)
        if not busy:
            stop.wait(PAUSE_SECONDS)


def keep_notes(app: Flask, stop: threading.Event) -> None:
    """Only write what this process noted, until told to stop: what is promised is kept by a worker elsewhere."""
    while not stop.wait(PAUSE_SECONDS):
        _try_to_write_notes(app)


def _try_to_write_notes(app: Flask) -> None:
    try:
        with app.app_context():
            write_notes(app)
    except Exception as error:  # noqa: BLE001 - what could not be written stays noted
        log.error("notes_not_written", exc_info=error)


def start(app: Flask, *, keeps_promises: bool) -> Callable[[], None]:
    """Start the thread beside the web service: the worker, or where that is elsewhere, what writes the notes of this process.

    What is returned stops the thread and writes the last notes.
    """
    stop = threading.Event()
    thread = threading.Thread(target=work if keeps_promises else keep_notes, args=(app, stop), name="effects", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(END_SECONDS)
        if not thread.is_alive():
            _try_to_write_notes(app)

    return end
