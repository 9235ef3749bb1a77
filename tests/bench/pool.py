"""Lending at scale: 100 products of 20 things each at one place, and what asking and reserving cost there, in this process.

*history*: about four live reservations a thing, all others past. *dense*: all of them lie in the next 350 days, nearly every day of
every thing is taken. `python -m tests.bench.pool` prints these figures alone.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Refusal
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.claims.availability import load_by_day
from refurb.lending.reservations.actions import reserve
from refurb.lending.reservations.queries import offers_of
from refurb.lending.terms import loan_policy
from tests.bench import bare, seed
from tests.bench.dialect import Writer, writing
from tests.bench.measure import say
from tests.bench.place import empty_place
from tests.bench.stock import DAY, code_of, first_event, numbers

SIZES = (10_000, 100_000)
PRODUCTS, EACH, BORROWERS = 100, 20, 2_000
ITEMS = PRODUCTS * EACH
CODES_FROM = 7_000_000
LIVE = 7_600
"""How many reservations are to come in the stock called *history*."""
FURTHEST = 350
ASKED, LENGTH = 50, 14
SITE = 1
REPEATS = 30
RESERVED = 200


def write_pool(writer: Writer, count: int, *, dense: bool) -> None:
    """The products, their things, who borrows, and so many reservations of one thing each."""
    says, midnight = writer.says, int(time.time()) // DAY * DAY
    long_ago = says.instant(str(midnight - 400 * DAY))
    writer.insert("products", numbers(PRODUCTS), id="n", name="'Produit ' || n", category="CASE n % 2 WHEN 0 THEN 'kit' ELSE 'tablet' END")
    writer.insert("pools", numbers(PRODUCTS), product_id="n", site_id=str(SITE), version="0")
    things = code_of(f"n + {CODES_FROM}", numbers(ITEMS))
    people = code_of(f"n + {CODES_FROM + ITEMS}", numbers(BORROWERS))
    for source, kind in ((things, "item"), (people, "borrower")):
        writer.insert("codes", source, code="code", subject_kind=f"'{kind}'", subject_id="n", printed_at=long_ago)
    writer.insert(
        "items",
        f"{things} ORDER BY n",
        id="n",
        code="code",
        product_id=f"(n - 1) / {EACH} + 1",
        site_id=str(SITE),
        state="'available'",
        name="'Matériel n° ' || n",
        search="'materiel ' || lower(code)",
    )
    writer.insert(
        "components",
        f"{numbers(ITEMS)} ORDER BY n",
        item_id="n",
        name="'Chargeur'",
        quantity="1",
        here="1",
        indispensable="FALSE",
        consumable="FALSE",
    )
    first_event(writer, "item", f"{numbers(ITEMS)} ORDER BY n", "n", str(midnight - 400 * DAY), "'{}'")
    writer.insert(
        "borrowers",
        f"{people} ORDER BY n",
        id="n",
        code="code",
        name=f"'Emprunteur ' || {says.numbered('n', 6)}",
        is_adult="TRUE",
        created_at=long_ago,
        search=f"'emprunteur ' || {says.numbered('n', 6)}",
    )
    _number(writer, count, midnight, dense=dense)
    _write_reservations(writer, midnight)


def _number(writer: Writer, count: int, midnight: int, *, dense: bool) -> None:
    """Each reservation by its thing and its days: six days of each `step` days of a thing, counted from today on, or back from it."""
    to_come = count if dense else min(count, LIVE)
    step = max(7, FURTHEST * ITEMS // count) if dense else 7
    writer.make(
        "promised",
        f"""
        SELECT n, item, n <= {to_come} AS live, {midnight} + {DAY} * (
            CASE WHEN n <= {to_come} THEN 1 + (n - 1) / {ITEMS} * {step} + item * 3 % {step}
            ELSE -{step} * (1 + (n - 1 - {to_come}) / {ITEMS}) - item * 3 % {step} END) AS since
        FROM (SELECT n, (n - 1) % {ITEMS} + 1 AS item FROM {numbers(count)}) AS each
        """,
    )


def _write_reservations(writer: Writer, midnight: int) -> None:
    says = writer.says
    made, product = says.instant(str(midnight - 200 * DAY)), f"(item - 1) / {EACH} + 1"
    writer.insert(
        "reservations",
        "promised ORDER BY n",
        id="n",
        reference=f"'RS-2026-' || {says.numbered('n', 4)}",
        borrower_id=f"n * 7 % {BORROWERS} + 1",
        site_id=str(SITE),
        from_on=says.day("since"),
        to_on=says.day(f"since + 5 * {DAY}"),
        state="CASE WHEN live THEN 'approved' ELSE 'missed' END",
        made_at=made,
        kept_until=says.day(f"since + 2 * {DAY}"),
        policy_version="'bench'",
    )
    writer.insert("reservation_lines", "promised ORDER BY n", id="n", reservation_id="n", product_id=product, quantity="1")
    writer.insert(
        "claims",
        "promised ORDER BY n",
        id="n",
        item_id="item",
        product_id=product,
        site_id=str(SITE),
        starts_on=says.day("since"),
        until_on=says.day(f"since + 6 * {DAY}"),
        due_on=says.day(f"since + 5 * {DAY}"),
        kind="'reservation'",
        ended_at=f"CASE WHEN NOT live THEN {says.instant(f'since + 3 * {DAY}')} END",
        pinned="FALSE",
        line_id="n",
    )
    first_event(writer, "reservation", "promised ORDER BY n", "n", str(midnight - 200 * DAY), "'{}'")


def fill_pool(count: int, *, dense: bool) -> list[str]:
    """Write the territory and its pool; returns the cards of its borrowers."""
    seed.settle()
    with writing() as writer:
        write_pool(writer, count, dense=dense)
        known = writer.all("SELECT code FROM borrowers ORDER BY id")
        writer.insert("reference_counters", "reservations HAVING max(id) > 0", series=f"'RS-{today().year}'", last="max(id)")
    seed.rebuild()
    return [code for (code,) in known]


def median_ms(name: str, deeds: Sequence[Callable[[], Any]]) -> dict[str, Any]:
    """What several deeds of a kind take: the median in milliseconds, and in microseconds of this process's processor."""
    took, spent = [], []
    for deed in deeds:
        begun, before = time.perf_counter(), time.process_time()
        deed()
        took.append(time.perf_counter() - begun)
        spent.append(time.process_time() - before)
    return {f"{name}_ms": round(1e3 * statistics.median(took), 1), f"{name}_cpu_us": round(1e6 * statistics.median(spent))}


def one_pool(count: int, database: str, *, dense: bool) -> dict[str, Any]:
    """The figures of one stock."""
    with empty_place(database) as place, place.app.app_context():
        cards = fill_pool(count, dense=dense)
        drawn = random.Random(4)
        starts = [today() + timedelta(days=drawn.randint(2, 20)) for _ in range(REPEATS)]
        asked = [drawn.sample(range(1, PRODUCTS + 1), ASKED) for _ in range(REPEATS)]
        asks = [_asks(products, day) for products, day in zip(asked, starts, strict=True)]
        months = [_month(day) for day in starts]
        figures = median_ms("availability_50_products", asks) | median_ms("site_month", months)
        figures |= reserve_many(cards, drawn)
        return figures | {"bare_in_process_cpu_us": bare.in_process_us(), "load": round(os.getloadavg()[0], 1)}


def _asks(products: Sequence[int], day: date) -> Callable[[], Any]:
    return lambda: offers_of(products, SITE, day, day + timedelta(days=LENGTH))


def _month(day: date) -> Callable[[], Any]:
    return lambda: load_by_day(SITE, day, day + timedelta(days=31))


def reserve_many(cards: Sequence[str], drawn: random.Random, count: int = RESERVED) -> dict[str, Any]:
    """Reservations of one thing for three days to two weeks within the coming months, each in its unit of work; some find nothing free."""
    loans, days, took, cpu, refused = loan_policy(), days_of(SITE), [], [], list[float]()
    while len(took) < count and len(refused) < count:
        from_on = loans.next_open(today() + timedelta(days=drawn.randint(1, 60)), days)
        to_on = loans.next_open(from_on + timedelta(days=drawn.randint(3, 14)), days)
        lines = [{"product_id": drawn.randint(1, PRODUCTS), "quantity": 1}]
        card, begun, spent = drawn.choice(cards), time.perf_counter(), time.process_time()
        try:
            with unit_of_work():
                reserve(SERVICE, borrower_by_code(SERVICE, card), from_on=from_on, to_on=to_on, lines=lines, site_id=SITE)
        except Refusal:
            refused.append(time.perf_counter() - begun)
        else:
            took.append(time.perf_counter() - begun)
            cpu.append(time.process_time() - spent)
        db.session.remove()
    told = {"reserve_per_s": round(len(took) / sum(took), 1), "reserve_cpu_us": round(1e6 * statistics.median(cpu))} if took else {}
    return told | ({"reserve_refused_ms": round(1000 * statistics.median(refused), 1)} if refused else {})


def measure_pool(figures: dict[str, Any], database: str, sizes: Sequence[int] = SIZES) -> None:
    """Both stocks at each size, under `pool`."""
    into = figures.setdefault("pool", {})
    for count in sizes:
        for dense in (False, True):
            name = f"{'dense' if dense else 'history'}_{count}"
            say(f"{name}: writing and measuring")
            into[name] = one_pool(count, database, dense=dense)
            say(f"{name}: {into[name]}")


def main() -> None:
    """Measure the pool alone."""
    figures: dict[str, Any] = {"database": os.environ.get("DATABASE") or "sqlite"}
    measure_pool(figures, figures["database"], tuple(int(each) for each in sys.argv[1:]) or SIZES)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
