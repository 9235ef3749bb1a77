"""The worker: keeps the promised effects, in a thread beside the web service or as `refurb worker`."""

import threading

import structlog
from flask import Flask

from refurb.kernel.effects import run_due

log = structlog.get_logger()

PAUSE_SECONDS = 1.0


def work(app: Flask, stop: threading.Event) -> None:
    """Run due effects until told to stop; a fault of the database is waited out, not fatal."""
    while not stop.is_set():
        busy = False
        try:
            with app.app_context():
                busy = run_due() > 0
        except Exception:
            log.exception("worker_stumbled")
        if not busy:
            stop.wait(PAUSE_SECONDS)


def start(app: Flask) -> threading.Event:
    """Start the worker as a daemon thread; set the returned event to stop it."""
    stop = threading.Event()
    threading.Thread(target=work, args=(app, stop), name="effects", daemon=True).start()
    return stop
