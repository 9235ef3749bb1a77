"""The night: what is past its term is forgotten, a batch at a time, each in a unit of its own, and what was done is kept as numbers.

Every night has one run, and a run no other memory than its rows: whatever interrupts it, the next step goes on where it was, and nothing
is done twice. Names are never in it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from traceback import extract_tb

from flask import current_app
from sqlalchemy import ForeignKey, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from refurb.kernel.deeds import workers
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import BUSY_TIMEOUT_MS, Base, db, insert_into
from refurb.kernel.deeds.erased_files import erase_files
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.terms import AT_ONCE, Term
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import Conflict

HOUR = 2
"""From this hour of the wall clock on, the night's run is due."""
SHRINKING_TIMES = 40
SHRINKING_PAUSE_SECONDS = 0.25
"""How often, and how far apart, SQLite is asked to empty its log while somebody reads what was there before."""


class CountsMoved(RuntimeError):
    """Forgetting changed a figure that is kept: the batch is undone, and somebody has to look."""


class RetentionRun(Base):
    """One night's run. `interruptions` is how often the process that was at it ended before the run did."""

    __tablename__ = "retention_runs"
    KIND = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    night: Mapped[date] = mapped_column(unique=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    asked_by: Mapped[int | None]
    """An account; None where the hour asked."""
    worker: Mapped[str] = mapped_column(String(32))
    interruptions: Mapped[int] = mapped_column(default=0)

    tallies: Mapped[list["RetentionTally"]] = relationship(back_populates="run", order_by="RetentionTally.place")

    @property
    def erased(self) -> int:
        """How much was forgotten, of every sort."""
        return sum(each.erased for each in self.tallies)

    @property
    def has_failed(self) -> bool:
        """Whether a sort could not be forgotten."""
        return any(each.fault for each in self.tallies)


class RetentionTally(Base):
    """What one night did about one term: how many there were, were erased, were past their term and held, and were left."""

    __tablename__ = "retention_tallies"

    run_id: Mapped[int] = mapped_column(ForeignKey("retention_runs.id"), primary_key=True)
    term: Mapped[str] = mapped_column(String(48), primary_key=True)
    place: Mapped[int]
    before: Mapped[int]
    erased: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    after: Mapped[int | None]
    done_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(80))
    """The class of an error: never a message, which could quote a name."""

    run: Mapped[RetentionRun] = relationship(back_populates="tallies")


@dataclass(frozen=True)
class Tonight:
    """What the next night would do about one term: `after` is what is left, `held` counted in."""

    term: Term
    before: int
    due: int
    held: int

    @property
    def after(self) -> int:
        """How many are left."""
        return self.before - self.due


def tonight(terms: Sequence[Term] | None = None) -> list[Tonight]:
    """What would be forgotten if the night were now, of every sort or of some: by the same questions that the run asks."""
    asked = wired().terms if terms is None else terms
    return [Tonight(each, each.count(), each.count_due(), each.count_held()) for each in asked]


def night_due() -> date | None:
    """The night whose hour has come, by its date."""
    here = local(now())
    return here.date() if here.hour >= HOUR else None


def run_of(night: date) -> RetentionRun | None:
    """The run of a night."""
    return db.session.scalar(select(RetentionRun).where(RetentionRun.night == night))


def last_runs(most: int = 10) -> Sequence[RetentionRun]:
    """The last runs, the newest first."""
    return db.session.scalars(select(RetentionRun).order_by(RetentionRun.night.desc()).limit(most)).all()


_SETTLED = "retention_settled"
"""The last night that this process saw ended: so that a worker does not ask each second."""


def run_night() -> bool:
    """Do the next piece of the night that is due; False where there is none."""
    night = night_due()
    if night is None or current_app.extensions.get(_SETTLED) == night:
        return False
    run = run_of(night)
    over = run is not None and run.ended_at is not None
    db.session.rollback()
    if over:
        current_app.extensions[_SETTLED] = night
        return False
    return go_on(night)


class NightIsOver(Conflict):
    """The run of this night has ended: there is one a night."""

    code = "retention.night_is_over"


def run_now(actor: Actor) -> RetentionRun:
    """Do the whole run of today at once, or what is left of it. Raises `NightIsOver`."""
    check(actor, Permission.PRIVACY_WRITE)
    night = local(now()).date()
    there = run_of(night)
    if there is not None and there.ended_at is not None:
        raise NightIsOver
    db.session.rollback()
    while go_on(night, actor.id):
        pass
    done = run_of(night)
    assert done is not None
    return done


def go_on(night: date, asked_by: int | None = None) -> bool:
    """Do the next piece of a night: a batch of one term, then the files; False once it has ended."""
    terms = wired().terms
    at: list[Term] = []
    try:
        with unit_of_work() as session:
            run = _held(session, night, asked_by)
            if run.ended_at is not None:
                return False
            done = {each.term for each in run.tallies if each.done_at is not None}
            at += [each for each in terms if each.key not in done][:1]
            for term in at:
                _forget_some(session, run, term, terms.index(term))
    except Exception as error:
        if not at:
            raise
        # Never its message, which could quote a name.
        place = extract_tb(error.__traceback__)[-1]
        log.error("retention_failed", term=at[0].key, fault=type(error).__name__, at=f"{Path(place.filename).name}:{place.lineno}")
        _note_fault(night, at[0], terms.index(at[0]), type(error).__name__)
    if at:
        return True
    if not wired().copying() and erase_files():
        return True
    _end(night, asked_by)
    return False


def _end(night: date, asked_by: int | None) -> None:
    with unit_of_work() as session:
        run = _held(session, night, asked_by)
        if run.ended_at is not None:  # By another worker, meanwhile.
            return
        run.ended_at = now()
        log.info("retention_done", night=str(night), erased=run.erased, failed=run.has_failed)
    for sweep in wired().sweeping:
        sweep()


@cache
def _me() -> str:
    return workers.new_name()


def _held(session: Session, night: date, asked_by: int | None) -> RetentionRun:
    """The run of a night, begun where it is not there, and held: two workers take turns."""
    there = select(RetentionRun).where(RetentionRun.night == night).with_for_update()
    run = session.scalar(there)
    if run is None:
        # Another may be beginning it at this moment: whoever comes second waits for the first, and goes on with that row.
        begun = {"night": night, "begun_at": now(), "asked_by": asked_by, "worker": _me(), "interruptions": 0}
        session.execute(insert_into(RetentionRun).values(begun).on_conflict_do_nothing())
        run = session.scalars(there).one()
    if run.worker != _me() and run.ended_at is None and workers.is_dead(run.worker):
        run.interruptions, run.worker = run.interruptions + 1, _me()
    return run


def _tally(session: Session, run: RetentionRun, term: Term, place: int) -> RetentionTally:
    tally = session.get(RetentionTally, (run.id, term.key))
    if tally is None:
        tally = RetentionTally(run_id=run.id, term=term.key, place=place, before=term.count(), erased=0, held=0)
        session.add(tally)
        session.flush()
    return tally


def _forget_some(session: Session, run: RetentionRun, term: Term, place: int) -> None:
    tally = _tally(session, run, term, place)
    counts = _counts(session)
    if term.aside is not None:
        term.aside()
    done = term.forget_some()
    if _counts(session) != counts:
        raise CountsMoved(term.key)
    tally.erased += done
    if done < AT_ONCE:
        tally.held, tally.after, tally.done_at = term.count_held(), term.count(), now()


def _note_fault(night: date, term: Term, place: int, fault: str) -> None:
    with unit_of_work() as session:
        tally = _tally(session, _held(session, night, None), term, place)
        tally.fault, tally.after, tally.done_at = fault[:80], term.count(), now()


def _counts(session: Session) -> Mapping[tuple[str, ...], int]:
    """The kept counts as this unit sees them: on SQLite all, since nobody else writes; on PostgreSQL what this unit itself added."""
    if db.engine.dialect.name == "sqlite":
        rows = session.execute(text("SELECT name, a, b, c, n FROM kept_counts WHERE n <> 0"))
    else:
        own = "xmin = pg_current_xact_id()::xid"
        rows = session.execute(text(f"SELECT name, a, b, c, sum(n) FROM count_changes WHERE {own} GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0"))  # noqa: S608 - no value of anybody's
    return {(name, a, b, c): int(n) for name, a, b, c, n in rows}


def shrink_traces() -> None:
    """On SQLite, have the log beside the file say nothing any more of what was erased; the file itself is overwritten as it goes.

    SQLite keeps everybody from writing while it waits for those who still read an older state. So it never waits here: it is asked again
    after a pause in which others write. Where somebody reads for longer than all the pauses, the next night does it.
    """
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=0")
        for _ in range(SHRINKING_TIMES):
            is_busy, *_pages = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return
            time.sleep(SHRINKING_PAUSE_SECONDS)
        log.info("retention_traces_left")
    finally:
        connection.cursor().execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.close()
