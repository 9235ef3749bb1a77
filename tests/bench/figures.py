"""The page of the figures at scale: wall and processor, for the house and for whoever is outside, on ten years of kept counts.

`python -m tests.bench.figures [EVENTS]` prints these figures alone.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

from sqlalchemy import insert

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import KeptCount
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.visits.words import AgeBand, FirstTime, Motive
from tests.bench.counter import _Desk
from tests.bench.measure import say
from tests.bench.place import empty_place
from tests.support.story import people

EVENTS = 1_000_000
YEARS, TIMES = 10, 9
FATES = ("created", "pass_tests", "discard", "lose")
KINDS = ("laptop", "desktop", "tablet", "phone", "monitor")


def _of_month(month: str, each: int) -> dict[tuple[str, str, str, str], int]:
    """What one month leaves counted; some ages and reasons are told by few."""
    rows = {("fates", month, move, kind): each for move in FATES for kind in KINDS}
    ages = {band.value: each if nth % 3 else 0 for nth, band in enumerate(AgeBand)}
    if month.endswith("-05"):
        ages = {band: number or 3 for band, number in ages.items()}
    rows |= {("visits", "1", month, f"age {band}"): number for band, number in ages.items()}
    rows["visits", "1", month, f"first_time {FirstTime.FIRST.value}"] = rows["visits", "1", month, "all"] = sum(ages.values())
    for nth, motive in enumerate(each for each in Motive if each is not Motive.UNTOLD):
        rows["visit_reasons", "1", month, motive.value] = each if nth % 3 else int(month.endswith("-05"))
    return rows


def fill_counts(events: int) -> None:
    """What so many events of ten years leave counted, month by month; the page reads nothing else of them."""
    last = today().year
    months = [f"{year:04d}-{month:02d}" for year in range(last - YEARS, last) for month in range(1, 13)]
    each = max(1, events // len(months) // 40)
    rows = [{"name": name, "a": a, "b": b, "c": c, "n": n} for month in months for (name, a, b, c), n in _of_month(month, each).items()]
    with unit_of_work() as session:
        session.execute(insert(KeptCount), rows)


def measure_figures(figures: dict[str, Any], database: str, events: int = EVENTS) -> None:
    """One place with its counts; the page of the last year whole, by who reads it."""
    with empty_place(database) as place:
        with place.app.app_context():
            people.settle()
            fill_counts(events)
            year = today().year - 1
        for role, name in ((Role.COORDINATOR, "figures_page"), (Role.OBSERVER, "figures_outside")):
            desk = _Desk(place.app)
            desk.sign_in(people.EMAIL[role])
            walls, spent = [], []
            for _ in range(TIMES):
                begun, before = time.perf_counter(), time.process_time()
                assert desk.get(f"/chiffres?annee={year}&comparer=1").status_code == 200
                walls.append(time.perf_counter() - begun)
                spent.append(time.process_time() - before)
            figures[f"{name}_ms"], figures[f"{name}_cpu_ms"] = (round(1e3 * statistics.median(each), 1) for each in (walls, spent))
            say(f"{name}: {figures[f'{name}_ms']} ms")


def main() -> None:
    """Measure the page of the figures alone."""
    figures: dict[str, Any] = {"database": os.environ.get("DATABASE") or "sqlite"}
    measure_figures(figures, figures["database"], int(sys.argv[1]) if sys.argv[1:] else EVENTS)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
