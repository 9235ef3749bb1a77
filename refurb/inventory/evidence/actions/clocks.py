"""Accepting a log whose machine had a wrong clock: a second person, who did not send it, vouches that it tells of a wipe here."""

from datetime import timedelta

from refurb.inventory.evidence.actions.erasures import tell_verdict
from refurb.inventory.evidence.actions.statements import SecondPersonNeeded, person
from refurb.inventory.evidence.verdicts import is_same_moment, judge, may_be_the_clock, objection_to
from refurb.inventory.models.evidence import ClockAcceptance, Drive, Erasure
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Refusal


class NotTheClock(Conflict):
    """Something else than its date is objected to this evidence, or nothing is."""

    code = "clock.not_the_reason"


class StillRefused(Refusal):
    """With its date put right, the log is refused all the same: `fault` says why."""

    code = "clock.still_refused"


class ToldBefore(Conflict):
    """The same run, to a few seconds, was on record before the drive left our hands: it is no wipe since."""

    code = "erasure.said_before"


def accept_clock(actor: Actor, erasure: Erasure, *, reason: str) -> ClockAcceptance:
    """Accept a log for its drive although it is dated before the arrival, or in the future, since the clock of its machine was wrong.

    The log's own order of events stays: all its times are moved together, so that its last one is the arrival of the file, and the drive
    is then judged as ever. Raises `SecondPersonNeeded` for whoever sent the file, `NotTheClock` where something else is wrong with it.
    """
    by = person(actor, Permission.DEVICE_APPROVE)
    drive = erasure.drive
    if drive is not None:
        if drive.stays:
            lock(drive.stays[-1].device)
        lock(drive)
    lock(erasure)
    if drive is None or drive.destroyed_at is not None or not may_be_the_clock(erasure) or erasure.ended_at is None:
        raise NotTheClock
    sender = erasure.report.actor_id
    if sender is None or sender == by:
        raise SecondPersonNeeded
    if _was_told_before(erasure, drive):
        raise ToldBefore
    started, ended, moved = erasure.started_at, erasure.ended_at, _moved_by(erasure)
    # Put back half-way, the clock tells nothing of when it began.
    began = started if started is not None and started <= ended else None
    erasure.started_at, erasure.ended_at = began and began + moved, ended + moved
    judge(erasure, drive)
    if erasure.status != ErasureStatus.ACCEPTED:
        raise StillRefused(fault=objection_to(erasure))
    accepted = ClockAcceptance(
        erasure=erasure, told_started_at=started, told_ended_at=ended, sent_by=sender, accepted_by=by, accepted_at=now()
    )
    db.session.add(accepted)
    db.session.flush()
    told = {"erasure": erasure.id, "serial": drive.serial, "told": accepted.told_ended_at, "ended": erasure.ended_at}
    write_beside(record(drive, "clock_accepted", actor, **told), {"reason": reason})
    tell_verdict(actor, erasure, drive)
    return accepted


def _moved_by(erasure: Erasure) -> timedelta:
    """By how much the clock is put right: the last moment that the file tells of becomes the one at which it came to us."""
    told = [(each.clock.told_ended_at if each.clock else each.ended_at) for each in erasure.report.erasures]
    return erasure.report.received_at - max(each for each in told if each is not None)


def _was_told_before(erasure: Erasure, drive: Drive) -> bool:
    """Whether a return voided this run; one that tells no start is known by its end alone."""
    voided = [each for each in drive.erasures if each is not erasure and each.voided_at is not None]
    told = [(each.clock.told_started_at, each.clock.told_ended_at) if each.clock else (each.started_at, each.ended_at) for each in voided]
    return any(
        ended is not None and is_same_moment(ended, erasure.ended_at) and is_same_moment(started, erasure.started_at)
        for started, ended in told
    )
