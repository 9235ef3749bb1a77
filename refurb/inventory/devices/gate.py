"""All that the rules ask about a device, read at once: its drives, its answers, its flags."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, case, cast, literal, not_, or_, select, union_all

from refurb.inventory.checklists.questions import Presence
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Flag
from refurb.inventory.models.evidence import Destruction, Drive, DriveStay, Erasure, HardwareReport
from refurb.inventory.words.devices import FlagKind
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read


@dataclass(frozen=True, slots=True)
class Gate:
    """What opens or closes the moves of a device beside its own row.

    `unproven` holds the serials (None where unknown) of the drives it ever held that are neither destroyed nor erased with a proof that
    counts, `failed` those of them whose wipe failed, after their ids, unless somebody has declared them destroyed; `drives` how many it
    ever held, `answers` whether the latest answer to each question passed, `flags` what is raised.
    Of the answers, `said` is what was said, `confirmed` the questions that a second person has confirmed; `shown` is what reports saw.
    """

    drives: int
    unproven: tuple[str | None, ...]
    answers: dict[str, bool]
    flags: tuple[FlagKind, ...]
    said: dict[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()
    shown: frozenset[Presence] = frozenset()
    failed: tuple[tuple[int, str | None], ...] = ()


def _word(column: Any) -> Any:
    # A union has one type per column: enumerations go through as their plain word.
    return cast(column, String(120))


def _statement(among: Callable[[Any], Any]) -> Any:
    """All that a gate is made of, as lines of one shape, in one query; `among` says of which devices.

    about   place       word            good                       device  said        second
    drive   the drive   its serial      erased with proof, or      its id  ""          1 when its wipe failed
                                        destroyed
    answer  the answer  the question    it passes                  its id  the answer  1 when another person confirmed it
    flag    the flag    its kind        0: a raised flag is bad    its id  ""          0
    shown   the report  screen|battery  1: a report saw one        its id  ""          0

    Example, a laptop with one clean drive, whose battery was found to fail:
    ("drive", 7, "VS0001", 1, 3, "", 0), ("answer", 12, "battery", 0, 3, "no", 0), ("shown", 4, "battery", 1, 3, "", 0).

    A drive counts that the device ever held, not only those in it now. One query rather than five, because this is read at every scan;
    a union, because the five have nothing to join on. The same rule as a wall: `models/walls.py`, trigger `devices_ready_gate`.
    """
    # Of the tables rather than of the classes: rows without objects need none of the mapper's work.
    drive, stay, erasure, check, flag = (each.__table__.c for each in (Drive, DriveStay, Erasure, CheckResult, Flag))
    proven = (
        select(erasure.id)
        .where(erasure.drive_id == drive.id, erasure.status == ErasureStatus.ACCEPTED, erasure.voided_at.is_(None))
        .exists()
    )
    told_failed = (
        select(erasure.id)
        .where(
            erasure.drive_id == drive.id,
            erasure.status == ErasureStatus.REFUSED,
            erasure.voided_at.is_(None),
            or_(erasure.outcome.in_(("failed", "aborted")), erasure.errors > 0),
        )
        .exists()
    )
    broken = Destruction.__table__.c
    declared = select(broken.id).where(broken.drive_id == drive.id, broken.declined_at.is_(None)).exists()
    held = select(stay.device_id, stay.drive_id).where(among(stay.device_id)).distinct().subquery()
    drives = select(
        literal("drive").label("about"),
        drive.id.label("place"),
        _word(drive.serial).label("word"),
        case((or_(drive.destroyed_at.is_not(None), proven), 1), else_=0).label("good"),
        held.c.device_id.label("device"),
        _word(literal("")).label("said"),
        case((and_(told_failed, not_(declared)), 1), else_=0).label("second"),
    ).where(drive.id == held.c.drive_id)
    answers = select(
        literal("answer"),
        check.id,
        _word(check.question),
        cast(check.passed, Integer),
        check.device_id,
        check.answer,
        case((check.confirmed_by.is_not(None), 1), else_=0),
    ).where(among(check.device_id), check.voided_at.is_(None))
    flags = select(literal("flag"), flag.id, _word(flag.kind), literal(0), flag.device_id, _word(literal("")), literal(0)).where(
        among(flag.device_id), flag.lifted_at.is_(None)
    )
    return union_all(drives, answers, flags, *_shown(among)).order_by("place")


def _shown(among: Callable[[Any], Any]) -> list[Any]:
    """What the hardware reports of the devices saw, and on which a question may depend."""
    report = HardwareReport.__table__.c
    seen = {
        Presence.SCREEN: report.facts["chassis"].as_string() == "all_in_one",
        Presence.BATTERY: report.facts["battery"].as_string().is_not(None),
    }
    return [
        select(literal("shown"), report.id, _word(literal(each.value)), literal(1), report.device_id, _word(literal("")), literal(0)).where(
            among(report.device_id), met
        )
        for each, met in seen.items()
    ]


_GATE = Read(_statement(lambda column: column == bindparam("device", type_=Integer)))
_GATES = _statement(lambda column: column.in_(bindparam("devices", type_=Integer, expanding=True)))


def read_gate(device_id: int) -> Gate:
    """The gate of a device, in one query."""
    return _gate(_GATE.all(device=device_id))


def read_gates(device_ids: Sequence[int]) -> dict[int, Gate]:
    """The gates of several devices, in one query."""
    lines: dict[int, list[Any]] = {each: [] for each in device_ids}
    if lines:
        db.session.flush()  # A statement of tables does not do so by itself; a deed may have answered a question just before.
        for line in db.session.execute(_GATES, {"devices": list(lines)}):
            lines[line.device].append(line)
    return {device_id: _gate(found) for device_id, found in lines.items()}


def _gate(lines: Sequence[Any]) -> Gate:
    drives = [line for line in lines if line.about == "drive"]
    answers = {line.word: line for line in lines if line.about == "answer"}
    return Gate(
        drives=len(drives),
        unproven=tuple(line.word for line in drives if not line.good),
        answers={question: bool(line.good) for question, line in answers.items()},
        flags=tuple(FlagKind(line.word) for line in lines if line.about == "flag"),
        said={question: line.said for question, line in answers.items()},
        confirmed=frozenset(question for question, line in answers.items() if line.second),
        shown=frozenset(Presence(line.word) for line in lines if line.about == "shown"),
        failed=tuple((line.place, line.word) for line in drives if line.second and not line.good),
    )
