"""Whether the service is well: the database, the storage of files, the worker, the letters that should have left."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import probe
from refurb.kernel.deeds.heartbeat import Heartbeat, last_beat
from refurb.kernel.deeds.letters import late_letters
from refurb.kernel.deeds.mail import mail_server
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal

WORKER_LATE: Final = timedelta(minutes=10)
"""Twenty letters to a mail server that does not answer take seven."""
LETTERS_LATE: Final = timedelta(hours=1)
SPARE: Final = 64 * 1024 * 1024
"""Free bytes below which a disk counts as full."""
ASKED_AGAIN_AFTER: Final = 5.0
"""Seconds: whoever asks more often is told the same, so that nobody makes work by asking."""

BELIEVED_FOR: Final = 30.0
"""Seconds: while somebody still looks, an answer older than this says nothing any more, and what is needed counts as away."""
LOOKED_FOR_AT_MOST: Final = 5.0
"""Seconds that others wait for whoever looks first; load balancers give up after ten."""

_looking: Final = threading.Lock()

DATABASE, STORAGE, WORKER, LETTERS = "database", "storage", "worker", "letters"
NEEDED: Final = frozenset({DATABASE, STORAGE})
"""What a node cannot answer without."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: whether it is well, and what else can be said to anybody; ages in seconds, sizes in bytes."""

    ok: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ServiceHealth:
    """How the service is, by what was looked at."""

    checks: Mapping[str, Check]

    @property
    def is_ready(self) -> bool:
        """Whether this node can answer."""
        return all(self.checks[name].ok for name in NEEDED)

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be looked after."""
        return all(each.ok for each in self.checks.values())

    @property
    def word(self) -> str:
        """`ok`, `degraded` where the service answers and something else is wrong, or `down`."""
        return "ok" if self.is_well else "degraded" if self.is_ready else "down"


HANGING: Final = ServiceHealth({name: Check(ok=False) for name in (DATABASE, STORAGE, WORKER, LETTERS)})
"""Somebody looks, and finds no end."""


def health() -> ServiceHealth:
    """How the service is just now, or was a moment ago.

    One thread looks at a time, and the others are told what was known: where the storage hangs, they do not hang with it, and once
    that is too old they are told that the node is down.
    """
    asked, known = _known()
    age = time.monotonic() - asked
    if known is not None and age < (BELIEVED_FOR if _looking.locked() else ASKED_AGAIN_AFTER):
        return known
    if not _looking.acquire(timeout=0 if known else LOOKED_FOR_AT_MOST):
        return known if known is not None and age < BELIEVED_FOR else HANGING
    try:
        asked, known = _known()
        if known is None or time.monotonic() >= asked + ASKED_AGAIN_AFTER:
            known = look()
            current_app.extensions["health"] = (time.monotonic(), known)
    finally:
        _looking.release()
    return known


def _known() -> tuple[float, ServiceHealth | None]:
    """When somebody looked last, by the clock of this process, and what was found."""
    found: tuple[float, ServiceHealth | None] = current_app.extensions.get("health", (0.0, None))
    return found


def look() -> ServiceHealth:
    """How the service is just now. Where the database does not answer, nobody asks it the rest."""
    checks = {DATABASE: _checked(_database), STORAGE: _checked(_storage)}
    is_up = checks[DATABASE].ok
    checks |= {name: _checked(ask) if is_up else Check(ok=False) for name, ask in ((WORKER, _worker), (LETTERS, _letters))}
    return ServiceHealth(checks)


def _checked(ask: Callable[[], Check]) -> Check:
    try:
        return ask()
    except (SQLAlchemyError, OSError, Refusal):
        return Check(ok=False)
    finally:
        db.session.rollback()


def _database() -> Check:
    """A table of ours is there: SQLite would answer from an empty file, too."""
    return Check(db.session.scalar(select(func.count()).select_from(Heartbeat)) == 1)


def _storage() -> Check:
    free = probe()
    return Check(free is None or free >= SPARE)


def _worker() -> Check:
    last = last_beat()
    age = None if last is None else int((now() - last).total_seconds())
    return Check(age is not None and age <= WORKER_LATE.total_seconds(), {"age_seconds": age})


def _letters() -> Check:
    """Where there is no mail server letters wait, and that is as it should be."""
    count, oldest = late_letters()
    age = 0 if oldest is None else int((now() - oldest).total_seconds())
    has_server = mail_server() is not None
    return Check(not has_server or age <= LETTERS_LATE.total_seconds(), {"waiting": count, "oldest_seconds": age, "server": has_server})
