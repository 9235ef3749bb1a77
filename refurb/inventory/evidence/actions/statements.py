"""What a technician states of an erasure that no tool has logged, and what a second person does with it: confirm, or decline."""

import json
from datetime import datetime
from typing import Any

from flask_babel import force_locale

from refurb.inventory.evidence.actions.drives import DriveDestroyed, arrival_of
from refurb.inventory.evidence.actions.erasures import tell_verdict
from refurb.inventory.evidence.erasure_rules import wrong_times
from refurb.inventory.evidence.impact import falls_short, needed_for
from refurb.inventory.evidence.verdicts import WITHDRAWN, contradicted, objection_to_times
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport, ErasureStatement
from refurb.inventory.words.devices import SOLDERED
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.erasures import ErasureStatus
from refurb.inventory.words.techniques import RESETS, TECHNIQUE_LABELS, Technique, level_of
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission, Role, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import plain, record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Forbidden, Invalid, Refusal

TOOL = "declaration"
"""What the report of a statement names as its tool: the file kept is what was stated, as canonical JSON."""
TO_CONFIRM = "erasure.to_confirm"
DECLINED = "erasure.declined"
# Words are kept as the papers say them, whatever the language of the screen.
_LANGUAGE = "fr"


class SecondPersonNeeded(Refusal):
    """Whoever stated something does not confirm it too."""

    code = "statement.second_person"


class NotAPerson(Forbidden):
    """A token or the service itself states nothing and confirms nothing: only somebody who has signed in does."""

    code = "statement.not_a_person"


class AlreadyDecided(Conflict):
    """Somebody has confirmed or declined it already."""

    code = "statement.already_decided"


class StatementVoid(Conflict):
    """The device came back since: what was stated before no longer counts."""

    code = "statement.void"


class StatementWaits(Conflict):
    """The memory of this device was stated as reset already, and waits for its confirmation."""

    code = "statement.waits"


class NotSoldered(Conflict):
    """The device holds drives, which are erased one by one; only a tablet's or a telephone's memory is reset as a whole."""

    code = "statement.not_soldered"


class TooWeak(Refusal):
    """The donor's data ask for more than what was stated."""

    code = "impact.too_weak"


def state_erasure(
    actor: Actor,
    drive: Drive,
    *,
    technique: Technique,
    tool: str,
    verification: str,
    ended_at: datetime,
    started_at: datetime | None = None,
    tool_version: str | None = None,
    medium: Medium | None = None,
    photo: bytes | None = None,
) -> ErasureStatement:
    """State that a drive was erased, how, with what, when and how it was verified; it proves nothing before a second person confirms it.

    The level follows from the technique and the medium: the drive's own where it is on record, else the one that is told. Raises `Invalid`
    where the technique does not apply to the medium, or the times cannot be.
    """
    by = person(actor, Permission.DEVICE_ERASE)
    _hold(drive)
    if drive.destroyed_at is not None:
        raise DriveDestroyed(serial=drive.serial)
    if drive.medium == Medium.UNKNOWN and medium is not None:
        drive.medium = medium
    level = _level(technique, drive.medium)
    _refuse_times(objection_to_times(drive, started_at, ended_at))
    if falls_short(drive, level, verification):
        raise Invalid({"technique": [Fault("impact.too_weak")]})
    told: dict[str, Any] = {"technique": technique, "medium": drive.medium, "level": level, "tool": tool, "tool_version": tool_version}
    told |= {"verification": verification, "started_at": started_at, "ended_at": ended_at}
    report = _report(by, {"drive": drive.id, "serial": drive.serial, **told})
    with force_locale(_LANGUAGE):
        method = str(TECHNIQUE_LABELS[technique])[:80]
    erasure = Erasure(
        report=report,
        drive=drive,
        serial=drive.serial,
        model=drive.model,
        size_bytes=drive.size_bytes,
        medium=drive.medium,
        method=method,
        level=level,
        verification=verification,
        started_at=started_at,
        ended_at=ended_at,
        outcome="success",
        status=ErasureStatus.PENDING,
        reason=TO_CONFIRM,
    )
    db.session.add(erasure)
    statement = ErasureStatement(erasure=erasure, **told, **_entered(by, photo))
    db.session.add(statement)
    record(drive, "erasure_stated", actor, statement=_numbered(statement), technique=technique, level=level)
    return statement


def state_memory_reset(
    actor: Actor,
    device: Device,
    *,
    technique: Technique,
    tool: str,
    verification: str,
    ended_at: datetime,
    started_at: datetime | None = None,
    tool_version: str | None = None,
    photo: bytes | None = None,
) -> ErasureStatement:
    """State that the soldered memory of a tablet or a telephone was reset; the gate stays closed until a second person confirms it."""
    by = person(actor, Permission.DEVICE_ERASE)
    lock(device)
    if device.kind not in SOLDERED:
        raise NotSoldered
    if device.without_drive_since is not None or _open_reset(device) is not None:
        raise StatementWaits
    if technique not in RESETS:
        raise Invalid({"technique": [Fault("statement.technique_not_for_medium")]})
    _refuse_times(next(wrong_times(started_at, ended_at, (None, arrival_of(device), now())), None))
    level, needed = _level(technique, Medium.EMMC), needed_for(device.donation)
    if needed is not None and not needed.is_met_by(level, verification):
        raise Invalid({"technique": [Fault("impact.too_weak")]})
    told: dict[str, Any] = {"technique": technique, "medium": Medium.EMMC, "level": level, "tool": tool}
    told |= {"tool_version": tool_version, "verification": verification, "started_at": started_at, "ended_at": ended_at}
    statement = ErasureStatement(device=device, **told, **_entered(by, photo))
    db.session.add(statement)
    record(device, "memory_reset_stated", actor, statement=_numbered(statement), technique=technique, level=told["level"])
    return statement


def confirm_statement(actor: Actor, statement: ErasureStatement) -> None:
    """Agree, as the second person, with what was stated: it counts from here on."""
    by = _second(actor, statement)
    statement.confirmed_at, statement.confirmed_by = now(), by
    db.session.flush()  # Before what it proves: the wall behind it asks for the confirmation.
    if statement.device is not None:
        needed = needed_for(statement.device.donation)
        if needed is not None and not needed.is_met_by(statement.level, statement.verification):
            raise TooWeak
        statement.device.without_drive_since = now()
        record(statement.device, "no_drive_declared", actor, statement=statement.id)
        return
    erasure = statement.erasure
    assert erasure is not None
    drive = erasure.drive
    assert drive is not None
    if falls_short(drive, erasure.level, erasure.verification):
        raise TooWeak
    refused = contradicted(erasure, drive)
    erasure.status = ErasureStatus.REFUSED if refused else ErasureStatus.ACCEPTED
    erasure.reason = WITHDRAWN if refused else None
    record(drive, "erasure_confirmed", actor, statement=statement.id)
    tell_verdict(actor, erasure, drive)


def decline_statement(actor: Actor, statement: ErasureStatement, *, reason: str) -> None:
    """Do not agree: what was stated stays on record and never counts. Whoever stated it may withdraw it so too."""
    check(actor, Permission.DEVICE_APPROVE)
    by = person(actor, Permission.DEVICE_APPROVE)
    _hold_statement(statement)
    if statement.confirmed_at is not None or statement.declined_at is not None:
        raise AlreadyDecided
    statement.declined_at, statement.declined_by = now(), by
    if statement.erasure is not None:
        statement.erasure.status, statement.erasure.reason = ErasureStatus.REFUSED, DECLINED
    subject = statement.device or (statement.erasure and statement.erasure.drive)
    write_beside(record(subject, "statement_declined", actor, statement=statement.id), {"reason": reason})


def person(actor: Actor, permission: Permission) -> int:
    """The account of an actor who may do this and is somebody: two machines do not make two people, nor does one with another's key."""
    check(actor, permission)
    if actor.id is None or Role.STATION in actor.roles or actor.by_token:
        raise NotAPerson(permission=permission.value)
    return actor.id


def _second(actor: Actor, statement: ErasureStatement) -> int:
    by = person(actor, Permission.DEVICE_APPROVE)
    _hold_statement(statement)
    if statement.confirmed_at is not None or statement.declined_at is not None:
        raise AlreadyDecided
    if statement.entered_by == by:
        raise SecondPersonNeeded
    if statement.voided_at is not None or (statement.erasure is not None and statement.erasure.voided_at is not None):
        raise StatementVoid
    drive = statement.erasure.drive if statement.erasure else None
    if drive is not None and drive.destroyed_at is not None:
        raise DriveDestroyed(serial=drive.serial)
    return by


def _hold_statement(statement: ErasureStatement) -> None:
    if statement.device is not None:
        lock(statement.device)
    elif statement.erasure is not None and statement.erasure.drive is not None:
        _hold(statement.erasure.drive)
    lock(statement)
    if statement.erasure is not None:
        lock(statement.erasure)


def _hold(drive: Drive) -> None:
    """Hold the device that a drive is in, or was in last, then the drive: whoever decides about one of them waits."""
    if drive.stays:
        lock(drive.stays[-1].device)
    lock(drive)


def _level(technique: Technique, medium: Medium) -> str:
    level = level_of(technique, medium)
    if level is None:
        raise Invalid({"technique": [Fault("statement.technique_not_for_medium")]})
    return level


def _refuse_times(reason: str | None) -> None:
    if reason is not None:
        raise Invalid({"ended_at": [Fault(reason)]})


def _report(by: int, told: dict[str, Any]) -> ErasureReport:
    content = json.dumps(plain({**told, "stated_by": by, "stated_at": now()}), sort_keys=True, ensure_ascii=False).encode()
    return ErasureReport(
        tool=TOOL,
        file=files.keep(content),
        filename=f"declaration-support-{told['drive']}.json",
        size=len(content),
        received_at=now(),
        actor_id=by,
    )


def _entered(by: int, photo: bytes | None) -> dict[str, Any]:
    return {"entered_by": by, "entered_at": now(), "photo": files.keep(photo) if photo else None}


def _numbered(statement: ErasureStatement) -> int:
    db.session.flush()
    return statement.id


def _open_reset(device: Device) -> ErasureStatement | None:
    return (
        db.session.query(ErasureStatement)
        .filter(
            ErasureStatement.device_id == device.id,
            ErasureStatement.confirmed_at.is_(None),
            ErasureStatement.declined_at.is_(None),
            ErasureStatement.voided_at.is_(None),
        )
        .first()
    )
