"""Where backups and rehearsals stand: the last that succeeded, what is wrong, what lies in the folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from refurb.keeping.backups import NAMED, archives_in, label_of, settings_of_instance
from refurb.keeping.models import KeepingRun
from refurb.keeping.words import KeepingKind, KeepingOutcome
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import NotFound

TOO_OLD = timedelta(days=8)
"""A week, and a day for whoever is closed on Sundays."""
REHEARSED_EVERY = timedelta(days=7)


@dataclass(frozen=True)
class KeepingStanding:
    """Where one kind of run stands: the last success, the last that ended, and the one that is open; each may not be."""

    kind: KeepingKind
    done: KeepingRun | None
    ended: KeepingRun | None
    open: KeepingRun | None
    since: datetime | None
    """When the instance began: its first event."""

    @property
    def has_failed(self) -> bool:
        """Whether the last one that ended failed."""
        return self.ended is not None and self.ended.outcome is KeepingOutcome.FAILED

    @property
    def is_late(self) -> bool:
        """Whether the last success, or the beginning where there is none, lies more than eight days back."""
        last = self.done.ended_at if self.done else self.since
        return last is not None and last < now() - TOO_OLD

    @property
    def is_wrong(self) -> bool:
        """Whether somebody has to look: failed, late, or no backup at all on the day after the first."""
        none = self.kind is KeepingKind.BACKUP and self.done is None and self.since is not None and self.since < now() - timedelta(days=1)
        return self.has_failed or self.is_late or none

    @property
    def tone(self) -> str:
        """ok, stop, or wait for what has not been yet, or is being done."""
        if self.is_wrong and (self.has_failed or self.open is None):
            return "stop"
        return "ok" if self.done and not self.is_late else "wait"


def standing_of(kind: KeepingKind) -> KeepingStanding:
    """Where a kind of run stands."""
    over = KeepingRun.kind == kind, KeepingRun.ended_at.is_not(None)
    ended = select(KeepingRun).where(*over).order_by(KeepingRun.ended_at.desc(), KeepingRun.id.desc()).limit(1)
    return KeepingStanding(
        kind,
        db.session.scalar(ended.where(KeepingRun.outcome == KeepingOutcome.DONE)),
        db.session.scalar(ended),
        open_run(kind),
        db.session.scalar(select(Event.at).order_by(Event.id).limit(1)),
    )


def open_run(kind: KeepingKind) -> KeepingRun | None:
    """The run of a kind that has not ended."""
    return db.session.scalar(select(KeepingRun).where(KeepingRun.kind == kind, KeepingRun.ended_at.is_(None)))


def is_copying() -> bool:
    """Whether a backup is being made."""
    return open_run(KeepingKind.BACKUP) is not None


def last_runs(most: int = 12) -> Sequence[KeepingRun]:
    """The newest runs of all kinds."""
    return db.session.scalars(select(KeepingRun).order_by(KeepingRun.id.desc()).limit(most)).all()


def hour_passed() -> datetime:
    """The last instant at which a day's backup was due, by the territory's clock."""
    there = local(now())
    due = there.replace(hour=settings_of_instance().backup_hour, minute=0, second=0, microsecond=0)
    return due if due <= there else due - timedelta(days=1)


def is_due(standing: KeepingStanding) -> bool:
    """Whether the worker should ask for a run now: a backup each day, a rehearsal a week after the last that was tried.

    On its first day an instance waits for the night. What failed is tried again the next day, not every hour.
    """
    tried = standing.ended.asked_at if standing.ended else standing.since
    if standing.open is not None or tried is None:
        return False
    if standing.kind is KeepingKind.BACKUP:
        return tried < hour_passed()
    again = timedelta(days=1) if standing.has_failed else REHEARSED_EVERY
    return tried < now() - again


@dataclass(frozen=True)
class KeptArchive:
    """An archive in the folder, as the list shows it: sizes in bytes, `revision` where it is the copy before a migration."""

    name: str
    at: datetime
    size: int
    files: int
    is_sealed: bool
    revision: str = ""
    rows: int = 0
    where: str = "inside"


def kept_archives() -> list[KeptArchive]:
    """The whole archives of the folder, the newest first."""
    return [_kept(each) for each in archives_in(settings_of_instance().backups)]


def _kept(place: Path) -> KeptArchive:
    try:
        label = json.loads(label_of(place).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        label = {}
    named = NAMED.fullmatch(place.name)
    revision = named["why"].removeprefix("upgrade-") if named and named["why"] != "refurb" else ""
    return KeptArchive(
        place.name, _instant(place), place.stat().st_size, len(label.get("held", ())), place.suffix == ".age", revision,
        sum(label.get("rows", {}).values()), label.get("files", "inside"),
    )  # fmt: skip


def _instant(place: Path) -> datetime:
    return datetime.strptime(place.name.rpartition("-")[2].partition(".")[0], "%Y%m%dT%H%M%S%z")


def find_archive(name: str) -> Path:
    """An archive of the folder by its name. Raises `NotFound` for anything else."""
    place = settings_of_instance().backups / name
    if not NAMED.fullmatch(name) or not place.is_file():
        raise NotFound
    return place
