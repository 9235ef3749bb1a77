"""Visits at scale: how many a second are written on the JSON door, one by one and fifty at once, and what one costs the processor.

`python -m tests.bench.visits [N]` prints these figures alone, on a year that holds N visits already.
"""

import json
import os
import statistics
import sys
import time
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.visits.models import Visit, VisitReason
from refurb.visits.words import AgeBand, FirstTime, Motive
from tests.bench.counter import _Desk
from tests.bench.measure import say
from tests.bench.place import empty_place
from tests.support.story import people

SIZES = (10_000, 100_000)
ONE_BY_ONE, BATCHES, LINES = 100, 12, 50
AT_ONCE = 5_000
TOLD = {"site": 1, "reasons": ["email", "bureautique"], "age": "soixante_dix_plus", "situation": "retraite", "heard": "Internet"}


def fill_visits(count: int) -> None:
    """So many visits of the last ten years, at the one place, with a reason each."""
    ages, motives, times = list(AgeBand), list(Motive), list(FirstTime)
    first: date = today() - timedelta(days=3650)
    counted_by = people.actor(Role.DESK).id
    for begin in range(0, count, AT_ONCE):
        numbers = range(begin, min(begin + AT_ONCE, count))
        with unit_of_work() as session:
            rows = [
                {"site_id": 1, "day": first + timedelta(days=each * 3650 // count), "counted_by": counted_by, "age": ages[each % len(ages)],
                 "first_time": times[each % len(times)]}
                for each in numbers
            ]  # fmt: skip
            made = session.scalars(insert(Visit).returning(Visit.id, sort_by_parameter_order=True), rows).all()
            session.execute(insert(VisitReason), [{"visit_id": each, "reason": motives[each % len(motives)]} for each in made])


def _timed(desk: _Desk, path: str, told: dict[str, Any], times: int) -> tuple[list[float], list[float]]:
    walls, spent = [], []
    for _ in range(times):
        begun, before = time.perf_counter(), time.process_time()
        answer = desk.post(path, json=told, headers={"X-CSRFToken": desk.token()})
        walls.append(time.perf_counter() - begun)
        spent.append(time.process_time() - before)
        assert answer.status_code in {200, 201}, answer.text[:400]
    return walls, spent


def visit_figures(app: Flask) -> dict[str, Any]:
    """Visits a second, and milliseconds of processor for one; the page of the figures, and that of counting."""
    desk = _Desk(app)
    desk.sign_in(people.EMAIL[Role.DESK])
    _timed(desk, "/api/v1/visits", TOLD, 3)
    walls, spent = _timed(desk, "/api/v1/visits", TOLD, ONE_BY_ONE)
    into: dict[str, Any] = {"visit_write_per_s": round(1 / statistics.median(walls), 1)}
    into["visit_write_cpu_ms"] = round(1e3 * statistics.median(spent), 2)
    walls, spent = _timed(desk, "/api/v1/visits/batch", {"visits": [TOLD] * LINES}, BATCHES)
    into["visit_write_batch_per_s"] = round(LINES / statistics.median(walls), 1)
    into["visit_write_batch_cpu_ms"] = round(1e3 * statistics.median(spent) / LINES, 2)
    for name, path in (("visit_figures_page_ms", "/visites/chiffres?de=2016-01&a=2099-12"), ("visit_page_ms", "/visites")):
        took = []
        for _ in range(9):
            begun = time.perf_counter()
            assert desk.get(path).status_code == 200
            took.append(time.perf_counter() - begun)
        into[name] = round(1e3 * statistics.median(took), 1)
    return into


def measure_visits(figures: dict[str, Any], database: str, sizes: tuple[int, ...] = SIZES) -> None:
    """Each size in a place of its own, under `visits`."""
    into = figures.setdefault("visits", {})
    for count in sizes:
        with empty_place(database) as place:
            with place.app.app_context():
                people.settle()
                begun = time.perf_counter()
                fill_visits(count)
                filled = time.perf_counter() - begun
            into[str(count)] = {**visit_figures(place.app), "filled_s": round(filled, 1)}
        say(f"{count} visits: {into[str(count)]}")


def main() -> None:
    """Measure visits alone."""
    figures: dict[str, Any] = {"database": os.environ.get("DATABASE") or "sqlite"}
    measure_visits(figures, figures["database"], tuple(int(each) for each in sys.argv[1:]) or SIZES)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
