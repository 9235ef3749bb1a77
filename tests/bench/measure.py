"""One kind of page beside the bare page in the same seconds: what it costs the processor, how long it takes, how many a second."""

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.bench.load import Ask, Visitor, run
from tests.bench.service import Service, cpu_s

CONNECTIONS = 8
ROUNDS = 3
# A round, of the pages that the goals are about and of all others; the bare page and one connection get half of it.
SECONDS, OTHERS_SECONDS = 1.0, 0.5
CHIEF = frozenset({"scan_page", "scan_json", "list", "search"})
BARE = {"page": "R7K2-4MX0", "json": "R7K24MXQ"}


def say(text: str) -> None:
    """Tell how far it is, on the stream that holds no figures."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Cost:
    """A round over eight connections: answers a second, and microseconds of processor for each in the service and in the database."""

    rps: float
    cpu_us: float
    database_us: float


@dataclass(frozen=True)
class Bench:
    """The service under measure, the bare one beside it, and the database's process where it is one."""

    service: Service
    bare: Service
    database: int | None = None

    def bare_cost(self, seconds: float, kind: str = "page") -> Cost:
        """One round of the bare service."""
        return self._cost(self.bare, [Ask(Visitor(), f"/{kind}", BARE[kind])], seconds)

    def _cost(self, service: Service, asks: Sequence[Ask], seconds: float) -> Cost:
        before, below = service.cpu_s(), self._database_s()
        done = run(service.port, asks, CONNECTIONS, seconds, warm=0.0)
        spent, beneath = service.cpu_s() - before, self._database_s() - below
        return Cost(done.rps, 1e6 * spent / done.count, 1e6 * beneath / done.count)

    def _database_s(self) -> float:
        return cpu_s(self.database) if self.database else 0.0

    def measure(self, into: dict[str, Any], name: str, asks: Sequence[Ask]) -> None:
        """The figures of one kind of page, into `into` under its name; medians of rounds between rounds of the bare page."""
        seconds = SECONDS if name in CHIEF else OTHERS_SECONDS
        first = run(self.service.port, asks, 1, 0.0, warm=0.0)
        run(self.service.port, asks, CONNECTIONS, 0.2, warm=0.0)  # Each worker has met it.
        costs, bares, alone = [], [self.bare_cost(seconds / 2)], []
        for _ in range(ROUNDS):
            costs.append(self._cost(self.service, asks, seconds))
            bares.append(self.bare_cost(seconds / 2))
            alone.append(run(self.service.port, asks, 1, seconds / 2, warm=0.0))
        beside = [(one.cpu_us + other.cpu_us) / 2 for one, other in pairwise(bares)]
        into[f"{name}_rps"] = _median(each.rps for each in costs)
        into[f"{name}_rps_1"] = _median(each.rps for each in alone)
        into[f"{name}_p50_ms"] = round(statistics.median(each.p50_ms for each in alone), 2)
        into[f"{name}_p95_ms"] = round(statistics.median(each.p95_ms for each in alone), 2)
        into[f"{name}_first_ms"] = first.max_ms
        into[f"{name}_cpu_us"] = round(_median(each.cpu_us for each in costs))
        into[f"{name}_cpu_of_bare"] = round(statistics.median(each.cpu_us / bare for each, bare in zip(costs, beside, strict=True)), 2)
        if self.database:
            into[f"{name}_database_cpu_us"] = round(_median(each.database_us for each in costs))
        say(
            f"{name}: {into[f'{name}_rps']} a second, {into[f'{name}_rps_1']} alone, {into[f'{name}_cpu_us']} µs of processor, "
            f"{into[f'{name}_cpu_of_bare']} bare pages"
        )


def _median(values: Any) -> float:
    return round(statistics.median(values), 1)
