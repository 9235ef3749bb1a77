"""From a report's words to rows and back: how a drive is recognised, and whether an erasure on record proves it clean."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from refurb.inventory.evidence.erasure_rules import acceptance, level_reached, says_otherwise, wrong_times
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport
from refurb.inventory.readers.erasure.stated import without_stated_end
from refurb.inventory.readers.facts import DriveFacts, ErasureFacts, HardwareFacts
from refurb.inventory.readers.serials import kept_drive_serial
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds import files
from refurb.kernel.deeds.history import last_time
from refurb.kernel.speech.clock import from_wall, now
from refurb.kernel.speech.errors import Fault

NOT_MATCHED = "erasure.unmatched"
NO_SERIAL = "erasure.no_serial"
BEFORE_RETURN = "erasure.too_old"
WITHDRAWN = "erasure.withdrawn"
SAID_BEFORE = "erasure.said_before"

# What the column holds; a log can claim any number of them.
MOST_ERRORS = 2**31 - 1

# Devices in these states are out of our hands: a drive that was in one and is seen here again may have been used since.
GONE = frozenset({DeviceState.WASTE, DeviceState.LOST, DeviceState.REFUSED})


def facts_again(kept: dict[str, Any]) -> HardwareFacts:
    """What an earlier report said of the machine and its drives, as it was kept."""
    return HardwareFacts(
        tool=kept["tool"],
        manufacturer=kept.get("manufacturer"),
        model=kept.get("model"),
        serial=kept.get("serial"),
        drives=tuple(DriveFacts(**drive) for drive in kept.get("drives", ())),
    )


def erasure_row(report: ErasureReport, facts: ErasureFacts) -> Erasure:
    """One drive's line of a report, not yet matched; a clock without a zone is read as the territory's."""
    serial = kept_drive_serial(facts.serial)
    return Erasure(
        report=report,
        serial=serial,
        model=facts.model and facts.model[:160],
        size_bytes=facts.size_bytes,
        medium=Medium(facts.medium),
        method=facts.method and facts.method[:80],
        level=facts.level,
        rounds=facts.rounds,
        verification=facts.verification,
        started_at=_instant(facts.started_at),
        ended_at=_instant(facts.ended_at),
        outcome=facts.outcome,
        errors=min(facts.errors, MOST_ERRORS),
        bytes_erased=facts.bytes_erased,
        hidden_sectors=facts.hidden_sectors,
        # A serial that the tool hid or did not find will never match.
        status=ErasureStatus.UNMATCHED if serial else ErasureStatus.REFUSED,
        reason=NOT_MATCHED if serial else NO_SERIAL,
    )


def judge(erasure: Erasure, drive: Drive) -> None:
    """Match an erasure to its drive, and accept it as proof or say why not."""
    facts = _facts_of(erasure)
    medium = drive.medium if drive.medium != Medium.UNKNOWN else erasure.medium
    arrived, back = _here_since(drive), _back_since(drive)
    accepted, reason = acceptance(facts, medium.value, drive_size_bytes=drive.size_bytes, not_before=arrived, back_since=back, now=now())
    if accepted and _was_voided(drive, erasure):
        accepted, reason = False, BEFORE_RETURN
    if accepted and _was_said_before(drive, erasure):
        accepted, reason = False, SAID_BEFORE
    if accepted and contradicted(erasure, drive):
        accepted, reason = False, WITHDRAWN
    erasure.drive = drive
    erasure.level = level_reached(facts, medium.value)
    erasure.status = ErasureStatus.ACCEPTED if accepted else ErasureStatus.REFUSED
    erasure.reason = reason


def contradicted(erasure: Erasure, drive: Drive) -> bool:
    """Whether a later run of the same drive failed, was stopped or met errors: the newer evidence is the one that counts."""
    return any(
        each is not erasure and each.drive is drive and each.voided_at is None and _says_otherwise(each) and not _before(each, erasure)
        for each in drive.erasures
    )


def withdrawn_by(erasure: Erasure, drive: Drive) -> list[Erasure]:
    """The proofs of a drive that this run, later than they are, leaves worth nothing."""
    if not _says_otherwise(erasure):
        return []
    return [each for each in drive.erasures if each is not erasure and counts(each) and not _before(erasure, each)]


def counts(erasure: Erasure) -> bool:
    """Whether an erasure is a proof today."""
    return erasure.status == ErasureStatus.ACCEPTED and erasure.voided_at is None


def objection_to_times(drive: Drive, started_at: datetime | None, ended_at: datetime) -> str | None:
    """What is wrong with when somebody says that a drive was erased; None when nothing is."""
    return next(wrong_times(started_at, ended_at, (_here_since(drive), _back_since(drive), now())), None)


def objection_to(erasure: Erasure) -> Fault | None:
    """Why an erasure does not count, as its sentence is found; None when nothing was objected."""
    return Fault(erasure.reason, serial=erasure.serial) if erasure.reason else None


def _instant(wall: datetime | None) -> datetime | None:
    if wall is None or wall.tzinfo is not None:
        return wall and wall.astimezone(UTC)
    return from_wall(wall)


def _facts_of(erasure: Erasure) -> ErasureFacts:
    names = ("serial", "model", "size_bytes", "method", "level", "rounds", "verification", "started_at", "ended_at", "outcome", "errors")
    told: dict[str, Any] = {name: getattr(erasure, name) for name in (*names, "bytes_erased", "hidden_sectors")}
    return ErasureFacts(**told, medium=erasure.medium.value, tool=erasure.report.tool, tool_version=erasure.report.tool_version)


def _says_otherwise(erasure: Erasure) -> bool:
    return erasure.status == ErasureStatus.REFUSED and says_otherwise(_facts_of(erasure))


def _before(one: Erasure, other: Erasure) -> bool:
    """Whether one run was over before the other; one that tells no time is as late as its report, or as its place in a report of both."""
    if one.report is other.report and None in {_told_at(one), _told_at(other)}:
        return one.report.erasures.index(one) < one.report.erasures.index(other)
    return (_told_at(one) or one.report.received_at) < (_told_at(other) or other.report.received_at)


def _told_at(erasure: Erasure) -> datetime | None:
    return erasure.ended_at or erasure.started_at


def _here_since(drive: Drive) -> datetime | None:
    """When the drive first came to us: with a device, or when somebody entered it by hand; None when neither is on record."""
    entered = last_time(drive, {"drive_entered"})
    return min([*(stay.since for stay in drive.stays), *([entered] if entered is not None else [])], default=None)


def _back_since(drive: Drive) -> datetime | None:
    """The drive's latest return from outside, which voided what was proven before; None when it never left."""
    returns = [each.voided_at for each in drive.erasures if each.voided_at is not None]
    again = [stay.since for before, stay in pairwise(drive.stays) if before.device.state in GONE]
    return max([*again, *returns], default=None)


def _was_said_before(drive: Drive, erasure: Erasure) -> bool:
    """Whether a tool that writes no date said the very same before the drive left our hands: its words do not show a wipe since.

    When it ended is what one person says; that it was wiped again is then stated, and confirmed by a second one.
    """
    voided = {each.report.file for each in drive.erasures if each.voided_at is not None and each.report.tool == erasure.report.tool}
    if not voided or voided == {erasure.report.file}:
        return False
    words = files.fetch(erasure.report.file)
    told = without_stated_end(words)
    return told != words and any(without_stated_end(files.fetch(each)) == told for each in voided)


def _was_voided(drive: Drive, erasure: Erasure) -> bool:
    """Whether a proof as recent as this one was voided by a return: the same run, handed in again in another file."""
    proofs = [each for each in drive.erasures if each.voided_at is not None and each.status == ErasureStatus.ACCEPTED]
    return any(each.ended_at is not None and erasure.ended_at is not None and erasure.ended_at <= each.ended_at for each in proofs)
