"""Reading what the erasing tools print: each drive's line matched by serial, accepted as proof or refused with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.actions.former_holders import stop_former_holders
from refurb.inventory.evidence.impact import BELOW
from refurb.inventory.evidence.queries.evidence import drives_named, holders_of, waiting_for
from refurb.inventory.evidence.todays_rules import rules_today
from refurb.inventory.evidence.verdicts import SERIAL_TWICE, WITHDRAWN, counts, erasure_row, judge, tell_again, twins_of, withdrawn_by
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.erasure.hdparm import without_passwords
from refurb.inventory.readers.errors import AMBIGUOUS, Unreadable
from refurb.inventory.readers.facts import ErasureReportFacts
from refurb.inventory.readers.serials import kept_drive_serial
from refurb.inventory.words.devices import PAST_THE_GATE, DeviceState, FlagKind
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _


@dataclass(frozen=True)
class ErasureReading:
    """A report on record, and whether it was there already: then nothing was changed."""

    report: ErasureReport
    known: bool


@dataclass(frozen=True)
class ErasureFile:
    """A file of an eraser as it is kept, and what it says, or why it says nothing."""

    filename: str
    content: bytes
    read: ErasureReportFacts | Fault


def erasure_file(content: bytes, filename: str) -> ErasureFile:
    """What a file says, before the unit of work that keeps it: a certificate of many drives takes seconds."""
    content = without_passwords(content)
    try:
        return ErasureFile(filename, content, read_erasure(content, filename))
    except Unreadable as unreadable:
        return ErasureFile(filename, content, Fault(unreadable.code, **unreadable.facts))


def read_erasure_report(actor: Actor, content: bytes, filename: str) -> ErasureReading:
    """Read one file, and keep it; see `keep_erasure_report`."""
    return keep_erasure_report(actor, erasure_file(content, filename))


def keep_erasure_report(actor: Actor, file: ErasureFile) -> ErasureReading:
    """Keep the file for ever, once, and judge each erasure in it.

    Whatever it says is kept: accepted as proof, refused with its reason, or waiting for its drive to appear. A file that is known is
    kept once, for the drives that it names; what it did not prove is judged again, since what was known of the drive may have changed.
    Raises `Invalid` with the fault of the file under `file`.
    """
    check(actor, Permission.DEVICE_ERASE)
    digest = files.digest_of(file.content)
    known = db.session.scalar(select(ErasureReport).where(ErasureReport.file == digest))
    if known is not None:
        _judge_anew(actor, known, file.read)
        return ErasureReading(known, known=True)
    if isinstance(file.read, Fault):
        raise Invalid({"file": [file.read]})
    read = file.read
    drives = drives_held({serial for facts in read.erasures if (serial := kept_drive_serial(facts.serial))})
    report = ErasureReport(
        tool=read.tool,
        tool_version=read.tool_version and read.tool_version[:64],
        file=digest,
        filename=file.filename[:200],
        size=len(file.content),
        received_at=now(),
        actor_id=actor.id,
        judged_by=rules_today(),
    )
    rows = [erasure_row(report, facts) for facts in read.erasures]
    db.session.add_all([report, *rows])
    db.session.flush()
    files.keep(file.content)
    _judge_all(actor, rows, drives)
    return ErasureReading(report, known=False)


def judge_waiting(actor: Actor, drives: Sequence[Drive]) -> None:
    """Judge what waited for drives that have appeared; the caller holds the lock of their device."""
    known = {drive.serial: drive for drive in drives if drive.serial}
    if known:
        _judge_all(actor, waiting_for(known), known)


def drives_held(serials: set[str]) -> dict[str, Drive]:
    """The drives with these serials. Whoever is deciding about a device of theirs is waited for.

    The order of the ids keeps two of us from waiting for each other.
    """
    for device in db.session.scalars(select(Device).where(Device.id.in_(holders_of(serials))).order_by(Device.id)).all():
        lock(device)
    return drives_named(serials)


def _judge_anew(actor: Actor, report: ErasureReport, read: ErasureReportFacts | Fault) -> None:
    """Judge again what a report on record did not prove; what was voided by a return, or waits for a person, stays so.

    The file was read again: an older release of ours may have understood it otherwise.
    """
    again = [
        each
        for each in report.erasures
        if each.serial
        and each.voided_at is None
        and each.status in {ErasureStatus.REFUSED, ErasureStatus.UNMATCHED}
        and each.statement is None  # The file of a statement is no log: people decide upon it.
    ]
    found = () if isinstance(read, Fault) else read.erasures
    if len(found) == len(report.erasures):
        for row, facts in zip(report.erasures, found, strict=True):
            if row in again:
                tell_again(row, facts)
    drives = drives_held({each.serial for each in again if each.serial})
    before = {each.id: (each.status, each.reason) for each in again}
    _judge_all(actor, again, drives, before)


def _judge_all(
    actor: Actor, rows: Iterable[Erasure], drives: dict[str, Drive], before: dict[int, tuple[ErasureStatus, str | None]] | None = None
) -> None:
    """Judge each row whose drive is known; what is as it was `before` leaves no event.

    Where a serial names two things, it names neither: such a row stays without a drive. A failure among them is held against the one
    that bears the number all the same, since it may be the one that failed.
    """
    for row in rows:
        drive = drives.get(row.serial or "")
        if drive is None:
            continue
        if row.doubt in AMBIGUOUS and row.drive_id is None:
            withdraw(actor, withdrawn_by(row, drive), drive)
            continue
        judge(row, drive)
        if before is None or before[row.id] != (row.status, row.reason):
            tell_verdict(actor, row, drive)
        withdraw(actor, withdrawn_by(row, drive), drive)
        if row.reason == SERIAL_TWICE:
            withdraw(actor, twins_of(row, drive), drive, SERIAL_TWICE)


def tell_verdict(actor: Actor, row: Erasure, drive: Drive) -> None:
    """Write in the history of the device that holds the drive, or held it last, what became of an erasure."""
    if not drive.stays:
        return
    record(
        drive.stays[-1].device,
        "erasure_accepted" if row.status == ErasureStatus.ACCEPTED else "erasure_refused",
        actor,
        drive=drive.id,
        serial=drive.serial,
        erasure=row.id,
        report=row.report_id,
        reason=row.reason,
    )


def withdraw(actor: Actor, proofs: Sequence[Erasure], drive: Drive, reason: str = WITHDRAWN) -> None:
    """Let proofs count no more; a device that passed the gate with this drive inside is stopped.

    The reason: a later run says otherwise, another drive bears the same number, or whatever today's rules object to what was accepted.

    A ready one goes back to the bench, as the wall behind the gate asks; one that is promised or out is flagged: it cannot be handed over.
    So does one that held the drive before: `stop_former_holders`.
    """
    if not proofs:
        return
    settled = drive.destroyed_at is not None or any(counts(each) and each not in proofs for each in drive.erasures)
    inside = None if settled else next((stay.device for stay in drive.stays if stay.until is None), None)
    if inside is not None:
        stop(inside, _why_stopped(reason))
    event = {WITHDRAWN: "proof_withdrawn", SERIAL_TWICE: "proof_doubted", BELOW: "proof_below"}.get(reason, "proof_judged_again")
    for proof in proofs:
        proof.status, proof.reason = ErasureStatus.REFUSED, reason
        if reason == SERIAL_TWICE:
            proof.doubt = SERIAL_TWICE
        if drive.stays:
            why_so = {} if event != "proof_judged_again" else {"reason": reason}
            record(drive.stays[-1].device, event, actor, drive=drive.id, serial=drive.serial, erasure=proof.id, **why_so)
    db.session.flush()
    stop_former_holders(drive)


def stop(device: Device, why: str) -> None:
    """Send a ready machine back to the bench; flag one that is promised or out, for somebody to look at. Others are stopped already."""
    if device.state == DeviceState.READY:
        device_machine.fire(device, "back_to_bench", SERVICE, reason=why)
    elif device.state in PAST_THE_GATE and FlagKind.SECOND_LOOK not in {each.kind for each in raised_flags(device)}:
        raise_flag(SERVICE, device, FlagKind.SECOND_LOOK, why)


def _why_stopped(reason: str) -> str:
    if reason == WITHDRAWN:
        return _("Un effacement plus récent d'un de ses supports a échoué.")
    if reason == SERIAL_TWICE:
        return _("Deux supports portent le numéro de série d'un des siens : sa preuve ne compte plus.")
    if reason == BELOW:
        return _("Les données de ce don demandent un effacement plus fort que celui d'un de ses supports.")
    return _("La preuve d'un de ses supports, acceptée avant, ne l'est plus par les règles d'aujourd'hui.")
