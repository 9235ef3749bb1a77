"""Carry out a run that was asked for: make the backup, or restore one into a temporary place and verify all of it."""

from collections.abc import Callable

from flask import Flask

from refurb.keeping.actions import begin, end_badly, end_well
from refurb.keeping.backups import BackupOrder, forget_old, make_backup, settings_of_instance
from refurb.keeping.models import KeepingRun
from refurb.keeping.rehearsals import Rehearsed, rehearse
from refurb.keeping.restores import MakeApp
from refurb.keeping.words import KeepingKind
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal

MOST_FINDINGS = 20


def carry_out(run_id: int, make_app: MakeApp) -> None:
    """Carry out a run, and note how it ended; one that has begun or ended is left alone."""
    with unit_of_work():
        run = db.session.get(KeepingRun, run_id)
        if run is None or run.begun_at is not None or run.ended_at is not None:
            return
        begin(run)
        kind = run.kind
    try:
        _DEEDS[kind](run_id, make_app)
    except Refusal as refusal:
        _failed(run_id, refusal.code, refusal.facts)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is noted and told
        log.error("keeping_failed", exc_info=error)
        _failed(run_id, type(error).__name__, {})


def _failed(run_id: int, fault: str, facts: dict[str, object]) -> None:
    with unit_of_work():
        end_badly(db.session.get_one(KeepingRun, run_id), fault, facts=facts)


def _backup(run_id: int, _make_app: MakeApp) -> None:
    settings = settings_of_instance()
    files = "inside" if settings.backup_recipients else settings.backup_files
    made = make_backup(BackupOrder(settings.backups, files=files, recipients=settings.backup_recipients))
    with unit_of_work():
        end_well(db.session.get_one(KeepingRun, run_id), archive=made.name, size=made.stat().st_size)
    forget_old(settings.backups, settings.backup_keep)


def _rehearsal(run_id: int, make_app: MakeApp) -> None:
    tried: Rehearsed = rehearse(make_app)
    with unit_of_work():
        run = db.session.get_one(KeepingRun, run_id)
        if tried.findings:
            facts = {"findings": tried.findings[:MOST_FINDINGS], "count": len(tried.findings)}
            end_badly(run, "keeping.findings", archive=tried.archive, facts=facts)
        else:
            end_well(run, archive=tried.archive, size=tried.size, rows=tried.rows, files=tried.files, anew=tried.anew)


_DEEDS: dict[KeepingKind, Callable[[int, Callable[..., Flask]], None]] = {
    KeepingKind.BACKUP: _backup,
    KeepingKind.REHEARSAL: _rehearsal,
}
