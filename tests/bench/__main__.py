"""`python -m tests.bench [DEVICES]`: measure, and print one JSON object. docs/bench.md says what each key is and how to read it."""

import json
import os
import sys
from typing import Any, TextIO

from tests.bench import papers, reports, seed
from tests.bench.counter import measure_counters
from tests.bench.erasure_paper import papers_s
from tests.bench.figures import measure_figures
from tests.bench.import_list import import_s
from tests.bench.load import run
from tests.bench.measure import BARE, CONNECTIONS, SECONDS, Bench, say
from tests.bench.pages import pages
from tests.bench.place import ON_POSTGRES, Place, empty_place
from tests.bench.pool import measure_pool
from tests.bench.service import serving
from tests.bench.uploads import ALONE, TOGETHER, measure_writes
from tests.bench.visits import measure_visits

SIZES = (10_000, 100_000)
# What one process has answered before its memory is read: each kind of page for so long.
MEMORY_SECONDS = 0.3


def only_figures() -> TextIO:
    """The stream of the one object; whatever else would be written there (a worker's log, a command's words) goes to stderr."""
    figures = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return figures


def one_worker_mib(place: Place, stock: seed.Stock) -> float:
    """What the service holds with one process that has answered every kind of page."""
    with serving("config.wsgi:app", place.environ, "/connexion", workers=1) as service:
        for asks in pages(service, stock).values():
            run(service.port, asks, CONNECTIONS, MEMORY_SECONDS)
        return service.rss_mib()


def one_size(count: int, database: str, figures: dict[str, Any], bare: Any) -> dict[str, Any]:
    """All figures on so many devices; the service's memory and its start beside them."""
    into: dict[str, Any] = {}
    with empty_place(database) as place:
        say(f"{count} devices: writing")
        with place.app.app_context():
            stock = seed.fill(count)
        say(f"{count} devices: measuring")
        if "rss_mib" not in figures:
            figures["rss_mib"] = one_worker_mib(place, stock)
        with serving("config.wsgi:app", place.environ, "/connexion") as service:
            figures["start_s"] = service.start_s
            bench = Bench(service, bare, place.database)
            for name, asks in pages(service, stock).items():
                bench.measure(into, name, asks)
            with place.app.app_context():
                taken = seed.take_in(ALONE + TOGETHER)
            measure_writes(into, service, stock.secret, taken)
            figures.setdefault("write_p95_ms", into["write_p95_ms"])
            figures["workers"], figures["pss_mib"] = service.workers(), service.pss_mib()
    into["load"] = round(os.getloadavg()[0], 1)
    return into


def measure_bare(figures: dict[str, Any], bare: Any) -> None:
    """The figures of the bare service, alone."""
    bench = Bench(bare, bare)
    for kind in BARE:
        costs = sorted((bench.bare_cost(SECONDS, kind) for _ in range(5)), key=lambda cost: cost.cpu_us)
        figures[f"bare_{kind}_rps"], figures[f"bare_{kind}_cpu_us"] = costs[2].rps, round(costs[2].cpu_us)
        say(f"bare {kind}: {costs[2].rps} a second, {costs[2].cpu_us:.0f} µs of processor")


def measure_papers(figures: dict[str, Any]) -> None:
    """What is measured in this process: labels, attestations, reports, a donor's list; always on SQLite."""
    say("papers")
    figures["labels_per_s"] = papers.labels_per_s(1000)
    figures["labels_per_s_24"], figures["labels_per_s_240"] = papers.labels_per_s(24), papers.labels_per_s(240)
    figures["labels_plain_loop_per_s"] = papers.plain_loop_per_s(1000)
    figures["attestation_s"] = papers.attestation_s()
    figures["hardware_reports_100_s"] = reports.hardware_reports_100_s()
    figures |= papers_s()
    figures["import_1000_s"] = import_s(1000)


def main() -> None:
    """Measure what the command line and `DATABASE` ask for."""
    stdout = only_figures()
    sizes = tuple(int(each) for each in sys.argv[1:]) or SIZES
    database = os.environ.get("DATABASE") or "sqlite"
    if database not in {"sqlite", ON_POSTGRES}:
        sys.exit(f"DATABASE={database}: sqlite or {ON_POSTGRES}")
    figures: dict[str, Any] = {"database": database}
    with serving("tests.bench.bare:app", {}, "/page") as bare:
        measure_bare(figures, bare)
        for count in sizes:
            figures[str(count)] = one_size(count, database, figures, bare)
    measure_pool(figures, database)
    measure_counters(figures, database)
    measure_visits(figures, database)
    measure_figures(figures, database)
    measure_papers(figures)
    stdout.write(json.dumps(figures, indent=2) + "\n")
    stdout.close()


if __name__ == "__main__":
    main()
