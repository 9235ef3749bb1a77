"""Voiding the answers of a checklist that a change of the machine puts in question."""

from sqlalchemy import select

from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.speech.clock import now


def reopen_checks(actor: Actor, device: Device, cause: str) -> int:
    """Void the answers that a changed part (its `PartKind`) or drive (`questions.DRIVE`) concerns; returns how many there were.

    The caller holds the device's lock, and has said in the history what changed.
    """
    concerned = [each.key for each in checklist_of(device.kind).concerned_by(cause)]
    given = (CheckResult.device_id == device.id, CheckResult.voided_at.is_(None), CheckResult.question.in_(concerned))
    answers = db.session.scalars(select(CheckResult).where(*given)).all()
    for each in answers:
        each.voided_at = now()
    if answers:
        record(device, "checks_reopened", actor, count=len(answers), cause=cause)
    return len(answers)
