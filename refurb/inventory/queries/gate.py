"""All that the rules ask about one device, read at once: its drives, its answers, its flags."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, bindparam, case, cast, literal, or_, select, union_all

from refurb.inventory.models import CheckResult, Drive, DriveStay, Erasure, Flag
from refurb.inventory.words import ErasureStatus, FlagKind
from refurb.kernel.database import db


@dataclass(frozen=True, slots=True)
class Gate:
    """What opens or closes the moves of a device beside its own row.

    `unproven` holds the serials (None where unknown) of the drives it ever held that are neither destroyed nor erased with a proof that
    counts, `drives` how many it ever held, `answers` whether the latest answer to each question passed, `flags` what is raised.
    """

    drives: int
    unproven: tuple[str | None, ...]
    answers: dict[str, bool]
    flags: tuple[FlagKind, ...]


def _word(column: Any) -> Any:
    # A union has one type per column: enumerations go through as their plain word.
    return cast(column, String(120))


def _statement() -> Any:
    """Lines of four: what it is about, its place, its word, whether it is good."""
    device = bindparam("device", type_=Integer)
    # Of the tables rather than of the classes: rows without objects need none of the mapper's work.
    drive, stay, erasure, check, flag = (each.__table__.c for each in (Drive, DriveStay, Erasure, CheckResult, Flag))
    proven = (
        select(erasure.id)
        .where(erasure.drive_id == drive.id, erasure.status == ErasureStatus.ACCEPTED, erasure.voided_at.is_(None))
        .exists()
    )
    drives = select(
        literal("drive").label("about"),
        drive.id.label("place"),
        _word(drive.serial).label("word"),
        case((or_(drive.destroyed_at.is_not(None), proven), 1), else_=0).label("good"),
    ).where(drive.id.in_(select(stay.drive_id).where(stay.device_id == device)))
    answers = select(literal("answer"), check.id, _word(check.question), cast(check.passed, Integer)).where(
        check.device_id == device, check.voided_at.is_(None)
    )
    flags = select(literal("flag"), flag.id, _word(flag.kind), literal(0)).where(flag.device_id == device, flag.lifted_at.is_(None))
    return union_all(drives, answers, flags).order_by("place")


_GATE = _statement()


def read_gate(device_id: int) -> Gate:
    """The gate of a device, in one query."""
    db.session.flush()  # A statement of tables does not do so by itself; a deed may have answered a question just before.
    lines = db.session.execute(_GATE, {"device": device_id}).all()
    drives = [line for line in lines if line.about == "drive"]
    return Gate(
        drives=len(drives),
        unproven=tuple(line.word for line in drives if not line.good),
        answers={line.word: bool(line.good) for line in lines if line.about == "answer"},
        flags=tuple(FlagKind(line.word) for line in lines if line.about == "flag"),
    )
