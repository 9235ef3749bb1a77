"""Judging again what an older release accepted: in the workshop the proof counts no more; what has left waits for a person to decide."""

from sqlalchemy import select

from refurb.inventory.evidence.actions.erasures import drives_held, withdraw
from refurb.inventory.evidence.actions.former_holders import lock_holders
from refurb.inventory.evidence.actions.statements import AlreadyDecided, person
from refurb.inventory.evidence.impact import BELOW, falls_short
from refurb.inventory.evidence.verdicts import counts, objection_today, tell_again, withdrawn_by
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport, Rejudgement
from refurb.inventory.readers.facts import ErasureFacts, ErasureReportFacts
from refurb.inventory.readers.serials import kept_drive_serial
from refurb.inventory.words.devices import AT_BENCH, DeviceState
from refurb.inventory.words.erasures import ProofFate
from refurb.kernel.deeds.access import SERVICE, Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault

WITHIN_REACH = frozenset({*AT_BENCH, DeviceState.READY, DeviceState.RESERVED, DeviceState.PARTS})
"""Where a machine is still in the workshop: its drive is wiped again, and nobody need decide anything."""


def judge_again(report: ErasureReport, read: ErasureReportFacts | Fault) -> None:
    """Hold each proof of a report that counts against today's readers and rules; what they accept, and what counts no more, stays as it is.

    A proof that would be refused today counts no more where its drive is in the workshop. Of a machine that was given, lent, lost or
    scrapped it stays as it was accepted, and is entered among what waits for a person, once for each reason.
    """
    proofs = [each for each in report.erasures if each.statement is None and counts(each)]
    drives_held({each.drive.serial for each in proofs if each.drive is not None and each.drive.serial})
    told = _told_of(report, read)
    for proof in proofs:
        if proof.drive is None or not counts(proof):
            continue
        reason = objection_today(proof, told.get(proof.id), proof.drive)
        if reason is None:
            continue
        if _is_within_reach(proof.drive):
            withdraw(SERVICE, [proof], proof.drive, reason)
            _say_what_is_read(proof, told.get(proof.id), proof.drive)
        else:
            _ask(proof, proof.drive, reason)


def let_go_of_weak_proofs(drive: Drive) -> None:
    """Let the proofs of a drive that are less than its donors ask for now count no more; out of the workshop, a person decides."""
    weak = [each for each in drive.erasures if counts(each) and falls_short(drive, each.level, each.verification)]
    if not weak:
        return
    if _is_within_reach(drive):
        withdraw(SERVICE, weak, drive, BELOW)
    elif drive.destroyed_at is None:
        for proof in weak:
            _ask(proof, drive, BELOW)


def decide_rejudgement(actor: Actor, found: Rejudgement, *, fate: ProofFate, reason: str) -> None:
    """Say, as a person, whether a proof that today's rules would refuse counts all the same. Raises `AlreadyDecided`, `NotAPerson`."""
    by = person(actor, Permission.DEVICE_APPROVE)
    proof, drive = found.erasure, found.drive
    lock_holders(drive)
    lock(drive)
    lock(found)
    if found.decided_at is not None or not counts(proof):
        raise AlreadyDecided
    found.decided_at, found.decided_by, found.fate = now(), by, fate
    move = "proof_kept" if fate is ProofFate.KEPT else "proof_dropped"
    write_beside(record(drive, move, actor, erasure=proof.id, objection=found.reason), {"reason": reason})
    if fate is ProofFate.DROPPED:
        withdraw(actor, [proof], drive, found.reason)


def _told_of(report: ErasureReport, read: ErasureReportFacts | Fault) -> dict[int, ErasureFacts]:
    """What the file says today of each line on record: in its place, or by serial where it has other lines than it had."""
    if isinstance(read, Fault):
        return {}
    if len(read.erasures) == len(report.erasures):
        return {row.id: facts for row, facts in zip(report.erasures, read.erasures, strict=True)}
    by_serial = {kept_drive_serial(facts.serial): facts for facts in read.erasures}
    return {row.id: by_serial[row.serial] for row in report.erasures if row.serial and row.serial in by_serial}


def _is_within_reach(drive: Drive) -> bool:
    inside = next((stay.device for stay in drive.stays if stay.until is None), None)
    return drive.destroyed_at is None and (inside is None or inside.state in WITHIN_REACH)


def _say_what_is_read(proof: Erasure, facts: ErasureFacts | None, drive: Drive) -> None:
    """The line says from now on what its file is understood to say; a failure among it is held against other proofs, too."""
    if facts is None:
        return
    tell_again(proof, facts)
    withdraw(SERVICE, withdrawn_by(proof, drive), drive)


def _ask(proof: Erasure, drive: Drive, reason: str) -> None:
    known = select(Rejudgement.id).where(Rejudgement.erasure_id == proof.id, Rejudgement.reason == reason)
    if db.session.scalar(known) is not None:
        return
    db.session.add(Rejudgement(erasure=proof, drive=drive, reason=reason, found_at=now()))
    device: Device | None = drive.stays[-1].device if drive.stays else None
    if device is not None:
        record(device, "proof_in_question", SERVICE, drive=drive.id, serial=drive.serial, erasure=proof.id, reason=reason)
