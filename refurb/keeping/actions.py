"""Ask for a backup or a rehearsal, note that it began, note how it ended."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from refurb.accounts.queries import people_who_may
from refurb.keeping.models import KeepingRun
from refurb.keeping.queries import KeepingStanding, is_due, open_run, standing_of
from refurb.keeping.words import KeepingKind, KeepingOutcome
from refurb.kernel.deeds import workers
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now

CARRY_OUT = "carry_out_keeping"
MAIL_FAILED = "mail_keeping_failed"
INTERRUPTED = "keeping.interrupted"
NEVER_BEGUN = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
"""So long may a run of another machine take, whose process nobody can ask about."""


def ask_for(actor: Actor, kind: KeepingKind) -> KeepingRun:
    """Have the worker make a backup, or try to restore one; the run that is open already, if there is one."""
    check(actor, Permission.ACCOUNT_ADMIN)
    settle_dead()
    found = open_run(kind)
    if found is not None:
        return found
    run = KeepingRun(kind=kind, asked_at=now(), asked_by=actor.id, facts={})
    db.session.add(run)
    record(run, "asked", actor, kind=kind)
    plan(CARRY_OUT, run_id=run.id)
    return run


def plan_due() -> int:
    """Ask for what is due; how many. Runs within a unit of work, every hour."""
    settle_dead()
    due = [kind for kind in KeepingKind if is_due(standing_of(kind))]
    for kind in due:
        ask_for(SERVICE, kind)
    return len(due)


def begin(run: KeepingRun) -> None:
    """Note that this process has begun."""
    lock(run)
    run.begun_at, run.worker = now(), workers.new_name()


def end_well(run: KeepingRun, *, archive: str, size: int | None, **facts: Any) -> None:
    """Note that it succeeded: the name of the archive, and its bytes."""
    lock(run)
    run.archive, run.size, run.facts = archive, size, facts
    _end(run, KeepingOutcome.DONE)


def end_badly(run: KeepingRun, fault: str, *, archive: str | None = None, facts: Mapping[str, Any] | None = None) -> None:
    """Note that it failed, and have those told who administer, at the first failure after a success."""
    lock(run)
    before = standing_of(run.kind)
    run.fault, run.archive, run.facts = fault[:80], archive, dict(facts or {})
    _end(run, KeepingOutcome.FAILED)
    _tell(run, before)


def note_backup(actor: Actor, archive: str, size: int) -> KeepingRun:
    """Note a backup that was made at a terminal."""
    check(actor, Permission.ACCOUNT_ADMIN)
    run = KeepingRun(kind=KeepingKind.BACKUP, asked_at=now(), asked_by=actor.id, begun_at=now(), facts={}, ended_at=now(), archive=archive)
    run.outcome = KeepingOutcome.DONE
    db.session.add(run)
    end_well(run, archive=archive, size=size)
    return run


def note_restored(actor: Actor, archive: str, size: int, made_at: str) -> None:
    """Note that all this comes from an archive: the backup that was being made when its picture was taken did succeed."""
    check(actor, Permission.ACCOUNT_ADMIN)
    run = open_run(KeepingKind.BACKUP)
    if run is None:
        run = note_backup(actor, archive, size)
    else:
        end_well(run, archive=archive, size=size)
    record(run, "restored", actor, archive=archive, made_at=made_at)


def _end(run: KeepingRun, outcome: KeepingOutcome) -> None:
    run.outcome, run.ended_at = outcome, now()
    record(run, outcome.value, SERVICE, kind=run.kind, archive=run.archive, fault=run.fault)


def _tell(run: KeepingRun, before: KeepingStanding) -> None:
    if before.has_failed and not before.is_late:
        return
    for person in people_who_may(Permission.ACCOUNT_ADMIN):
        plan(MAIL_FAILED, run_id=run.id, account_id=person.id)


def settle_dead() -> None:
    """Note of runs whose process is over that they were interrupted."""
    for run in db.session.scalars(select(KeepingRun).where(KeepingRun.ended_at.is_(None))).all():
        if run.begun_at is None:
            is_over = run.asked_at < now() - NEVER_BEGUN
        else:
            is_over = run.begun_at < now() - LONGEST or (run.worker is not None and workers.is_dead(run.worker))
        if is_over:
            end_badly(run, INTERRUPTED)
