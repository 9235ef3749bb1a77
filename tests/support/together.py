"""Several deeds at the same moment, each in a thread and a unit of its own."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.turns import NotMyTurn
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.errors import Refusal

Deed = tuple[str, Callable[[], object]]
"""What somebody does: its kind, and the doing."""

PATIENCE = 60.0
"""Seconds after which two deeds are said to wait for each other."""


class Busy(Refusal):
    """It was not this deed's turn within the ten seconds that the service waits: nothing was done, and whoever asked is told so."""

    code = "database_busy"


def at_once(app: Flask, instant: datetime, deeds: Sequence[Deed]) -> list[tuple[str, Refusal | None]]:
    """The kind of each deed, and what refused it; a refusal is an answer, any other fault is raised.

    One by a constraint alone is a fault, too: the rules speak before the wall behind them.
    """
    told: list[tuple[str, Refusal | None]] = []
    faults: list[tuple[str, BaseException]] = []
    gate = threading.Barrier(max(1, len(deeds)))

    def do(kind: str, deed: Callable[[], object]) -> None:
        with app.app_context(), clock.at(instant):
            gate.wait()
            try:
                with unit_of_work():
                    deed()
                told.append((kind, None))
            except Refusal as refusal:
                (faults if refusal.code == "conflict.constraint" else told).append((kind, refusal))
            except BaseException as fault:  # noqa: BLE001  # raised below, in the thread of the test
                if isinstance(getattr(fault, "orig", None), NotMyTurn):
                    told.append((kind, Busy()))
                else:
                    faults.append((kind, fault))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=do, args=each) for each in deeds]
    for each in threads:
        each.start()
    for each in threads:
        each.join(PATIENCE)
    assert not any(each.is_alive() for each in threads), "two deeds wait for each other"
    if faults:
        raise AssertionError(faults[0][0]) from faults[0][1]
    return told
