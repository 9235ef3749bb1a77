"""Reading what the erasing tools print: each drive's line matched by serial, accepted as proof or refused with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from refurb.inventory.judging import drive_serial, erasure_row, judge
from refurb.inventory.models import Device, Drive, Erasure, ErasureReport
from refurb.inventory.queries.evidence import drives_named, holders_of, waiting_for
from refurb.inventory.readers import ErasureReportFacts, Unreadable, read_erasure
from refurb.inventory.words import ErasureStatus
from refurb.kernel import files
from refurb.kernel.access import Actor, Permission, check
from refurb.kernel.clock import now
from refurb.kernel.database import db
from refurb.kernel.errors import Fault, Invalid
from refurb.kernel.history import record
from refurb.kernel.unit_of_work import lock


@dataclass(frozen=True)
class ErasureReading:
    """A report on record, and whether it was there already: then nothing was changed."""

    report: ErasureReport
    known: bool


def read_erasure_report(actor: Actor, content: bytes, filename: str) -> ErasureReading:
    """Keep the file for ever, once, and judge each erasure in it.

    Whatever it says is kept: accepted as proof, refused with its reason, or waiting for its drive to appear. Raises `Invalid` with the
    fault of the file under `file`.
    """
    check(actor, Permission.DEVICE_ERASE)
    digest = files.digest_of(content)
    known = db.session.scalar(select(ErasureReport).where(ErasureReport.file == digest))
    if known is not None:
        return ErasureReading(known, known=True)
    told = _read(content, filename)
    serials = {serial for facts in told.erasures if (serial := drive_serial(facts.serial))}
    # Whoever is deciding about one of these devices is waited for; the order of the ids keeps two of us from waiting for each other.
    for device in db.session.scalars(select(Device).where(Device.id.in_(holders_of(serials))).order_by(Device.id)).all():
        lock(device)
    drives = drives_named(serials)
    report = ErasureReport(
        tool=told.tool,
        tool_version=told.tool_version and told.tool_version[:64],
        file=digest,
        filename=filename[:200],
        size=len(content),
        received_at=now(),
        actor_id=actor.id,
    )
    rows = [erasure_row(report, facts) for facts in told.erasures]
    db.session.add_all([report, *rows])
    db.session.flush()
    _judge_all(actor, rows, drives)
    files.keep(content)
    return ErasureReading(report, known=False)


def judge_waiting(actor: Actor, drives: Sequence[Drive]) -> None:
    """Judge what waited for drives that have appeared; the caller holds the lock of their device."""
    known = {drive.serial: drive for drive in drives if drive.serial}
    if known:
        _judge_all(actor, waiting_for(known), known)


def _read(content: bytes, filename: str) -> ErasureReportFacts:
    try:
        return read_erasure(content, filename)
    except Unreadable as unreadable:
        raise Invalid({"file": [Fault(unreadable.code, **unreadable.facts)]}) from unreadable


def _judge_all(actor: Actor, rows: Iterable[Erasure], drives: dict[str, Drive]) -> None:
    for row in rows:
        drive = drives.get(row.serial or "")
        if drive is None:
            continue
        judge(row, drive)
        accepted = row.status == ErasureStatus.ACCEPTED
        record(
            drive.stays[-1].device,
            "erasure_accepted" if accepted else "erasure_refused",
            actor,
            drive=drive.id,
            serial=drive.serial,
            erasure=row.id,
            report=row.report_id,
            reason=row.reason,
        )
