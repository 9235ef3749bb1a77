"""The figures for Prometheus. Requests are counted in each process, and added up over all of them; the rest is read when it is asked for.

With several processes their counts lie in files of a folder that the server makes before they begin (`PROMETHEUS_MULTIPROC_DIR`).
"""

import os
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from refurb.keeping.queries import standing_of
from refurb.keeping.words import KeepingKind
from refurb.kernel.deeds.database import bytes_of_database, db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.files import probe
from refurb.kernel.deeds.heartbeat import last_beat
from refurb.kernel.deeds.letters import late_letters
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.monitoring.requests import Served

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable of prometheus_client: the folder of the counts of several processes."""
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Upper bounds in seconds; a page takes a few hundredths, a long paper a second."""


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        own = CollectorRegistry()
        self._requests = Counter(
            "refurb_requests", "Requests answered, by part of the service, method and status.", ["group", "method", "status"], registry=own
        )
        self._seconds = Histogram(
            "refurb_request_seconds", "How long requests took, by part of the service.", ["group"], buckets=BUCKETS, registry=own
        )
        self._own = own

    def count(self, served: Served) -> None:
        """Count one request of this process."""
        self._requests.labels(served.group, served.method, str(served.status)).inc()
        self._seconds.labels(served.group).observe(served.seconds)

    def text(self) -> bytes:
        """All figures, of all processes of this server, in the text format."""
        registry = CollectorRegistry()
        if os.environ.get(SHARED):
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # of the library
        else:
            registry.register(self._own)
        registry.register(_State())
        return generate_latest(registry)


def _gauge(name: str, help_text: str, value: float | None) -> Iterator[GaugeMetricFamily]:
    """A figure; none at all where there is nothing to say."""
    if value is not None:
        yield GaugeMetricFamily(f"refurb_{name}", help_text, value)


class _State(Collector):
    """How things stand in the database and the storage, read when it is asked for; where one does not answer, it is said and left out."""

    def collect(self) -> Iterable[Metric]:
        """The figures."""
        about = GaugeMetricFamily("refurb_info", "The release, and on which database it runs.", labels=["version", "database"])
        about.add_metric([version("refurb"), db.engine.dialect.name], 1)
        yield about
        yield from self._of("database", _of_database)
        yield from self._of("storage", _of_storage)

    def _of(self, name: str, read: Callable[[], Iterator[Metric]]) -> Iterator[Metric]:
        try:
            found = list(read())
        except (SQLAlchemyError, OSError, Refusal):
            found = None
        finally:
            db.session.rollback()
        yield from _gauge(f"{name}_up", f"1 when the {name} answers.", 0 if found is None else 1)
        yield from found or ()


def _of_storage() -> Iterator[Metric]:
    yield from _gauge("storage_free_bytes", "Free bytes of the disk of files.", probe())


def _of_database() -> Iterator[Metric]:
    yield from _gauge("database_bytes", "Bytes of the database.", bytes_of_database())
    last = last_beat()
    yield from _gauge("worker_last_round_timestamp_seconds", "When a worker was last seen at work.", last.timestamp() if last else None)
    yield from _of_effects()
    yield from _of_keeping()


def _of_effects() -> Iterator[Metric]:
    open_still = Effect.done_at.is_(None), Effect.given_up_at.is_(None)
    due = db.session.scalar(select(func.count()).select_from(Effect).where(*open_still, Effect.due_at <= now()))
    later = db.session.scalar(select(func.count()).select_from(Effect).where(*open_still, Effect.due_at > now()))
    given_up = db.session.scalar(select(func.count()).select_from(Effect).where(Effect.done_at.is_(None), Effect.given_up_at.is_not(None)))
    states = GaugeMetricFamily("refurb_effects", "What was promised and is not done: due now, later, or given up.", labels=["state"])
    for state, count in (("due", due), ("later", later), ("given_up", given_up)):
        states.add_metric([state], count or 0)
    yield states
    waiting, oldest = late_letters()
    age = (now() - oldest).total_seconds() if oldest else 0
    yield from _gauge("letters_waiting", "Letters that should have left by now.", waiting)
    yield from _gauge("letters_oldest_seconds", "How long the oldest of them has waited.", age)


def _of_keeping() -> Iterator[Metric]:
    """Of backups and rehearsals: the last success, and whether somebody has to look (failed, late, or none at all)."""
    well = GaugeMetricFamily("refurb_keeping_ok", "0 when backups, or their rehearsals, failed or are late.", labels=["kind"])
    success = GaugeMetricFamily("refurb_keeping_last_success_timestamp_seconds", "When the last one succeeded.", labels=["kind"])
    size = GaugeMetricFamily("refurb_keeping_bytes", "Bytes of the archive of the last success.", labels=["kind"])
    for kind in KeepingKind:
        standing = standing_of(kind)
        well.add_metric([kind.value], 0 if standing.is_wrong else 1)
        if standing.done is not None and standing.done.ended_at is not None:
            success.add_metric([kind.value], standing.done.ended_at.timestamp())
            size.add_metric([kind.value], standing.done.size or 0)
    yield from (well, success, size)
