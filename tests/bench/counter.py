"""The counter at scale: what a departure of two things and a return of five cost the server, each step of it by itself.

The stock is the pool's *history*: `python -m tests.bench.counter [N]` prints these figures alone; `PROFILE=departure` or `return` beside
them prints where the press that records spends its time.
"""

import cProfile
import json
import os
import pstats
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from tests.bench import bare
from tests.bench.measure import say
from tests.bench.place import empty_place
from tests.bench.pool import SIZES, fill_pool
from tests.bench.seed import EMAIL
from tests.support.client import CheckingClient

LEAVE, COME_BACK = 2, 5
REPEATS = 12
_LINE = re.compile(r'name="([a-z]\d+(?:-\d+)?)"')


class _Desk(CheckingClient):
    """Somebody at the counter, whose pages are not looked at."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return FlaskClient.open(self, *args, **kwargs)


class _Clock:
    """How long each kind of step took, and what it cost this process's processor."""

    def __init__(self) -> None:
        self.took: dict[str, list[tuple[float, float]]] = {}
        self.profiles: dict[str, cProfile.Profile] = {}

    def step(self, name: str, deed: Callable[[], TestResponse]) -> TestResponse:
        profile = self.profiles.setdefault(name, cProfile.Profile()) if os.environ.get("PROFILE") == name else None
        begun, before = time.perf_counter(), time.process_time()
        answer = profile.runcall(deed) if profile else deed()
        self.took.setdefault(name, []).append((time.perf_counter() - begun, time.process_time() - before))
        return answer

    def figures(self) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, each in self.took.items():
            told[f"{name}_ms"] = round(1e3 * statistics.median(wall for wall, _cpu in each), 1)
            told[f"{name}_cpu_us"] = round(1e6 * statistics.median(cpu for _wall, cpu in each))
        return told


def _pressed(desk: _Desk, page: str, do: str) -> dict[str, str]:
    """What a browser would send: everything is there, the agreement is for paper."""
    number = re.search(r'name="pile" value="(\d+)"', page)
    assert number, page[:400]
    counted = {name: "complete" for name in _LINE.findall(page) if name.startswith("c")}
    lines = {name: "1" for name in _LINE.findall(page) if name.startswith("l")}
    return {"csrf_token": desk.token(), "pile": number[1], "do": do, "scan": ""} | counted | lines


def _one_turn(desk: _Desk, clock: _Clock, name: str, codes: Sequence[str]) -> None:
    for code in codes:
        form = {"csrf_token": desk.token(), "code": code}
        assert clock.step("counter_scan", lambda form=form: desk.post("/comptoir/scan", data=form)).status_code == 303
    page = clock.step("counter_page", lambda: desk.get("/comptoir")).text
    if name == "departure":
        assert desk.post("/comptoir", data=_pressed(desk, page, "paper")).status_code == 303
        page = desk.get("/comptoir").text
    form = _pressed(desk, page, "record")
    answer = clock.step(name, lambda: desk.post("/comptoir", data=form))
    assert answer.status_code == 303, answer.text[:2000]
    desk.get("/comptoir")


def measure_counter(app: Flask, cards: Sequence[str]) -> dict[str, Any]:
    """Two things leave and five come back, several times over; the bare page through the same client beside it."""
    # Things far apart: each of a product of its own, as at a desk.
    with app.app_context():
        codes = list(db.session.scalars(text("SELECT code FROM items WHERE id % 37 = 0 ORDER BY id")))
        db.session.remove()
    app.test_client_class = _Desk
    desk, clock = app.test_client(), _Clock()
    assert isinstance(desk, _Desk)
    desk.sign_in(EMAIL[Role.DESK])
    desk.get("/comptoir")
    out: list[str] = []
    for turn in range(REPEATS):
        things = [codes.pop() for _ in range(LEAVE)]
        _one_turn(desk, clock, "departure", [cards[turn * 11], *things])
        out += things
        if len(out) >= COME_BACK:
            back, out = out[:COME_BACK], out[COME_BACK:]
            _one_turn(desk, clock, "return", back)
    for name, profile in clock.profiles.items():
        say(name)
        for order in ("tottime", "cumulative"):
            pstats.Stats(profile, stream=sys.stderr).sort_stats(order).print_stats(60)
    return clock.figures() | {"bare_in_process_cpu_us": bare.in_process_us()}


def measure_counters(figures: dict[str, Any], database: str, sizes: Sequence[int] = SIZES) -> None:
    """The counter on the pool's *history* at each size, beside the pool's own figures."""
    into = figures.setdefault("pool", {})
    for count in sizes:
        say(f"counter, {count} reservations: writing and measuring")
        with empty_place(database) as place:
            with place.app.app_context():
                cards = fill_pool(count, dense=False)
            into.setdefault(f"history_{count}", {}).update(measure_counter(place.app, cards))


def main() -> None:
    """Measure the counter alone."""
    figures: dict[str, Any] = {"database": os.environ.get("DATABASE") or "sqlite"}
    measure_counters(figures, figures["database"], tuple(int(each) for each in sys.argv[1:]) or SIZES[:1])
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
