"""From a report's words to rows and back: how a drive is recognised, and whether an erasure on record proves it clean."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from refurb.inventory.evidence.erasure_rules import CLOCK_DRIFT, acceptance, level_reached, says_otherwise, wrong_times
from refurb.inventory.evidence.impact import BELOW, falls_short
from refurb.inventory.models.evidence import Drive, Erasure, ErasureReport
from refurb.inventory.readers import identity
from refurb.inventory.readers.erasure.stated import without_stated_end
from refurb.inventory.readers.errors import AMBIGUOUS
from refurb.inventory.readers.facts import DriveFacts, ErasureFacts, HardwareFacts
from refurb.inventory.readers.serials import kept_drive_serial
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds import files
from refurb.kernel.deeds.history import last_time
from refurb.kernel.speech.clock import from_wall, now
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import day

NOT_MATCHED = "erasure.unmatched"
NO_SERIAL = "erasure.no_serial"
BEFORE_RETURN = "erasure.too_old"
WITHDRAWN = "erasure.withdrawn"
SAID_BEFORE = "erasure.said_before"
SERIAL_TWICE = "erasure.serial_twice"
MODEL_OF_BRIDGE = "erasure.model_of_bridge"
IN_FUTURE = "erasure.in_future"
NO_END = "erasure.no_end"
READ_OTHERWISE = "erasure.read_otherwise"

NAMES_NONE = frozenset({NO_SERIAL, *AMBIGUOUS})
"""Why evidence is of no drive that could be told: somebody looks at it."""

# What two tools that tell of one run may differ by, each with its own rounding.
_SAME_RUN = timedelta(seconds=2)

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
    unnamed = facts.doubt if facts.doubt in AMBIGUOUS else None if serial else NO_SERIAL
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
        doubt=facts.doubt,
        # A serial that the tool hid or did not find, or that names two things, will never match by itself.
        status=ErasureStatus.REFUSED if unnamed else ErasureStatus.UNMATCHED,
        reason=unnamed or NOT_MATCHED,
    )


def tell_again(erasure: Erasure, facts: ErasureFacts) -> None:
    """Say of a row what its file is understood to say today, where that decides whether it proves anything."""
    erasure.outcome, erasure.errors, erasure.verification = facts.outcome, min(facts.errors, MOST_ERRORS), facts.verification
    # That another run was going on under the same number is known from both, not from the file.
    erasure.doubt = facts.doubt or (SERIAL_TWICE if erasure.doubt == SERIAL_TWICE else None)


def judge(erasure: Erasure, drive: Drive, *, undated: bool = False) -> None:
    """Match an erasure to its drive, and accept it as proof or say why not; `undated` when its clock was found to be wrong."""
    facts = _facts_of(erasure)
    medium = _medium_of(erasure, drive)
    accepted, reason = _acceptance(facts, erasure, drive)
    if accepted and _was_voided(drive, erasure):
        accepted, reason = False, BEFORE_RETURN
    if accepted and _was_said_before(drive, erasure):
        accepted, reason = False, SAID_BEFORE
    if accepted and contradicted(erasure, drive, undated=undated):
        accepted, reason = False, WITHDRAWN
    if accepted and twins_of(erasure, drive):
        accepted, reason, erasure.doubt = False, SERIAL_TWICE, SERIAL_TWICE
    if accepted and _is_seen_through_a_bridge(erasure, drive):
        accepted, reason = False, MODEL_OF_BRIDGE
    reached = level_reached(facts, medium.value)
    if accepted and falls_short(drive, reached, facts.verification):
        accepted, reason = False, BELOW
    erasure.drive = drive
    erasure.level = reached
    erasure.status = ErasureStatus.ACCEPTED if accepted else ErasureStatus.REFUSED
    erasure.reason = reason


def _medium_of(erasure: Erasure, drive: Drive) -> Medium:
    return drive.medium if drive.medium != Medium.UNKNOWN else erasure.medium


def _acceptance(facts: ErasureFacts, erasure: Erasure, drive: Drive) -> tuple[bool, str | None]:
    medium, arrived, back = _medium_of(erasure, drive), _here_since(drive), _back_since(drive)
    return acceptance(facts, medium.value, drive_size_bytes=drive.size_bytes, not_before=arrived, back_since=back, now=now())


def objection_today(proof: Erasure, facts: ErasureFacts | None, drive: Drive) -> str | None:
    """What today's readers and rules object to a proof that counts; None where they would accept it again.

    `facts` are what its file is understood to say today, None where it says nothing of this drive. When it took place was settled when
    it was accepted; a file in which no time is found any more has none.
    """
    if facts is None:
        return READ_OTHERWISE
    told = replace(
        facts,
        serial=facts.serial and proof.serial,
        started_at=proof.started_at if facts.started_at else None,
        ended_at=proof.ended_at if facts.ended_at else None,
    )
    _accepted, reason = _acceptance(told, proof, drive)
    if reason is None and contradicted(proof, drive):
        return WITHDRAWN
    if reason is None and twins_of(proof, drive):
        return SERIAL_TWICE
    if reason is None and _is_seen_through_a_bridge(proof, drive):
        return MODEL_OF_BRIDGE
    return BELOW if reason is None and falls_short(drive, proof.level, told.verification) else reason


def contradicted(erasure: Erasure, drive: Drive, *, undated: bool = False) -> bool:
    """Whether a later run of the same drive failed, was stopped or met errors: the newer evidence is the one that counts."""
    return any(
        each is not erasure
        and each.drive is drive
        and each.voided_at is None
        and _says_otherwise(each)
        and _may_be_later(each, erasure, drive, undated=undated)
        for each in drive.erasures
    )


def withdrawn_by(erasure: Erasure, drive: Drive) -> list[Erasure]:
    """The proofs of a drive that this run, later than they are, leaves worth nothing."""
    if not _says_otherwise(erasure):
        return []
    return [each for each in drive.erasures if each is not erasure and counts(each) and _may_be_later(erasure, each, drive)]


def is_same_moment(one: datetime | None, other: datetime | None) -> bool:
    """Whether two times are one, each rounded by its own tool; a time that is missing is told from none."""
    return one is None or other is None or abs(one - other) <= _SAME_RUN


def twins_of(erasure: Erasure, drive: Drive) -> list[Erasure]:
    """The proofs of a drive whose run was going on while this one was, and is another: two drives bear its serial number."""
    if erasure.status == ErasureStatus.PENDING or erasure.statement is not None or erasure.outcome != "success":
        return []
    others = (each for each in drive.erasures if each is not erasure and each.statement is None)
    return [each for each in others if counts(each) and _at_one_time(each, erasure)]


def _at_one_time(one: Erasure, other: Erasure) -> bool:
    if not (one.started_at and one.ended_at and other.started_at and other.ended_at):
        return False
    if abs(one.started_at - other.started_at) <= _SAME_RUN and abs(one.ended_at - other.ended_at) <= _SAME_RUN:
        return False  # The log and the certificate of one run.
    return one.started_at < other.ended_at and other.started_at < one.ended_at


def _is_seen_through_a_bridge(erasure: Erasure, drive: Drive) -> bool:
    """Whether a dock stood where an NVMe drive was expected: the number that the eraser read may be the dock's."""
    through = identity.is_bridge_model(erasure.model) and erasure.medium != Medium.NVME
    return through and drive.medium == Medium.NVME and erasure.statement is None


def counts(erasure: Erasure) -> bool:
    """Whether an erasure is a proof today."""
    return erasure.status == ErasureStatus.ACCEPTED and erasure.voided_at is None


def objection_to_times(drive: Drive, started_at: datetime | None, ended_at: datetime) -> str | None:
    """What is wrong with when somebody says that a drive was erased; None when nothing is."""
    return next(wrong_times(started_at, ended_at, (_here_since(drive), _back_since(drive), now())), None)


def objection_to(erasure: Erasure) -> Fault | None:
    """Why an erasure does not count, as its sentence is found; None when nothing was objected."""
    if erasure.reason is None:
        return None
    if may_be_the_clock(erasure) and erasure.drive is not None and erasure.ended_at is not None:
        if _jumped(erasure) and erasure.started_at is not None:
            return Fault("erasure.clock_jumped", started=day(erasure.started_at), ended=day(erasure.ended_at))
        arrived = max(filter(None, (_here_since(erasure.drive), _back_since(erasure.drive))), default=None)
        if erasure.reason == IN_FUTURE or arrived is None:
            return Fault("erasure.clock_ahead", ended=day(erasure.ended_at), received=day(erasure.report.received_at))
        return Fault("erasure.clock_behind", ended=day(erasure.ended_at), arrived=day(arrived))
    return Fault(erasure.reason, serial=erasure.serial or "?", model=erasure.model or "?")


def may_be_the_clock(erasure: Erasure) -> bool:
    """Whether all that is objected to a log is when it says it was written, so that a wrong clock would explain it."""
    of_a_tool = erasure.statement is None and erasure.ended_at is not None and erasure.clock is None
    return (
        of_a_tool
        and erasure.status == ErasureStatus.REFUSED
        and erasure.voided_at is None
        and erasure.drive is not None
        and (erasure.reason in {BEFORE_RETURN, IN_FUTURE} or _jumped(erasure))
        and erasure.outcome == "success"
        and not _was_plausible(erasure, erasure.drive)
    )


def _was_plausible(erasure: Erasure, drive: Drive) -> bool:
    """Whether a log ends while the drive was here before its latest return: nothing tells that the clock was wrong."""
    back, arrived, ended = _back_since(drive), _here_since(drive), erasure.ended_at
    return back is not None and ended is not None and ended < back and (arrived is None or ended >= arrived - CLOCK_DRIFT)


def _jumped(erasure: Erasure) -> bool:
    """Whether the clock was put back while the log was written: its lines are in order, their times are not."""
    times = erasure.started_at, erasure.ended_at
    return erasure.reason == NO_END and None not in times and times[1] < times[0]  # type: ignore[operator]  # none is None


def _instant(wall: datetime | None) -> datetime | None:
    if wall is None or wall.tzinfo is not None:
        return wall and wall.astimezone(UTC)
    return from_wall(wall)


def _facts_of(erasure: Erasure) -> ErasureFacts:
    names = ("serial", "model", "size_bytes", "method", "level", "rounds", "verification", "started_at", "ended_at", "outcome", "errors")
    told: dict[str, Any] = {name: getattr(erasure, name) for name in (*names, "bytes_erased", "hidden_sectors", "doubt")}
    return ErasureFacts(**told, medium=erasure.medium.value, tool=erasure.report.tool, tool_version=erasure.report.tool_version)


def _says_otherwise(erasure: Erasure) -> bool:
    return erasure.status == ErasureStatus.REFUSED and says_otherwise(_facts_of(erasure))


def _may_be_later(failure: Erasure, proof: Erasure, drive: Drive, *, undated: bool = False) -> bool:
    """Whether a failure is not known to be older; what a wrong clock dated may be older than anything that another report tells."""
    if (undated or proof.clock is not None) and failure.report is not proof.report:
        return True
    return not _before(failure, proof, drive)


def _before(one: Erasure, other: Erasure, drive: Drive) -> bool:
    """Whether one run was over before the other.

    One that tells no time, or one that cannot be, is as late as its report, or as its place in a report of both.
    """
    first, second = _told_at(one, drive), _told_at(other, drive)
    if one.report is other.report and None in {first, second}:
        return one.report.erasures.index(one) < one.report.erasures.index(other)
    return (first or one.report.received_at) < (second or other.report.received_at)


def _told_at(erasure: Erasure, drive: Drive) -> datetime | None:
    """When a run was over, by its own clock; None where that clock was wrong."""
    told = erasure.ended_at or erasure.started_at
    return None if told is not None and any(wrong_times(None, told, (_here_since(drive), None, now()))) else told


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
