"""Looking up what waits for a person: statements and destructions to confirm, evidence without its drive, and which drive it may be of."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.inventory.evidence.verdicts import NAMES_NONE
from refurb.inventory.models.evidence import Destruction, Drive, Erasure, ErasureStatement, Rejudgement
from refurb.inventory.readers.serials import may_be_one_drive
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.search import Page, paged

MOST_LIKELY = 8
MOST_SHOWN = 50
_LOOKED_AT = 200

_WAITING = or_(
    Erasure.status == ErasureStatus.UNMATCHED,
    and_(Erasure.status == ErasureStatus.REFUSED, Erasure.drive_id.is_(None), Erasure.reason.in_(NAMES_NONE)),
)
_STATED_OPEN = (
    ErasureStatement.confirmed_at.is_(None),
    ErasureStatement.declined_at.is_(None),
    ErasureStatement.voided_at.is_(None),
)
# Of a proof that no longer counts for another reason, nobody need decide anything.
_REJUDGED_OPEN = (Rejudgement.decided_at.is_(None), Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None))
_DESTRUCTION_OPEN = (Destruction.confirmed_at.is_(None), Destruction.declined_at.is_(None))


def statements_waiting() -> Sequence[ErasureStatement]:
    """What was stated and waits for a second person, the oldest first."""
    found = db.session.scalars(
        select(ErasureStatement)
        .outerjoin(ErasureStatement.erasure)
        .options(contains_eager(ErasureStatement.erasure).joinedload(Erasure.drive), joinedload(ErasureStatement.device))
        .where(*_STATED_OPEN, Erasure.voided_at.is_(None))
        .order_by(ErasureStatement.id)
    )
    return found.all()


def destructions_waiting() -> Sequence[Destruction]:
    """What was declared destroyed and waits for its witness, the oldest first."""
    return db.session.scalars(
        select(Destruction).options(joinedload(Destruction.drive)).where(*_DESTRUCTION_OPEN).order_by(Destruction.id)
    ).all()


def rejudgements_waiting(drive: Drive | None = None) -> Sequence[Rejudgement]:
    """The proofs that today's rules would refuse, and that a person has not decided upon, the oldest first; of one drive, or of all."""
    found = select(Rejudgement).join(Rejudgement.erasure).options(contains_eager(Rejudgement.erasure).joinedload(Erasure.report))
    of_it = [] if drive is None else [Rejudgement.drive_id == drive.id]
    return db.session.scalars(
        found.options(joinedload(Rejudgement.drive)).where(*_REJUDGED_OPEN, *of_it).order_by(Rejudgement.id).limit(MOST_SHOWN)
    ).all()


def rejudgement_of(actor: Actor, number: int) -> Rejudgement:
    """One of them, decided or not; `NotFound` for a stranger."""
    found = db.session.get(Rejudgement, number) if actor.may(Permission.DEVICE_READ) else None
    if found is None:
        raise NotFound
    return found


def evidence_waiting(number: int) -> Page:
    """One page of the evidence that no drive of ours bears the serial of, or that names none; the newest first."""
    return paged(
        select(Erasure).join(Erasure.report).options(contains_eager(Erasure.report)).where(_WAITING).order_by(Erasure.id.desc()), number
    )


def unmatched_count(actor: Actor) -> int:
    """How much of all this waits."""
    del actor
    counts = (
        select(func.count()).select_from(Erasure).where(_WAITING).scalar_subquery(),
        select(func.count())
        .select_from(ErasureStatement)
        .outerjoin(ErasureStatement.erasure)
        .where(*_STATED_OPEN, Erasure.voided_at.is_(None))
        .scalar_subquery(),
        select(func.count()).select_from(Destruction).where(*_DESTRUCTION_OPEN).scalar_subquery(),
        select(func.count()).select_from(Rejudgement).join(Rejudgement.erasure).where(*_REJUDGED_OPEN).scalar_subquery(),
    )
    return sum(db.session.execute(select(*counts)).one())


def open_reset(device_id: int) -> ErasureStatement | None:
    """What was stated of the soldered memory of a device, and waits for a second person."""
    return db.session.scalar(select(ErasureStatement).where(*_STATED_OPEN, ErasureStatement.device_id == device_id))


def statement_of(actor: Actor, number: int) -> ErasureStatement:
    """One statement; `NotFound` for a stranger."""
    found = db.session.get(ErasureStatement, number) if actor.may(Permission.DEVICE_READ) else None
    if found is None:
        raise NotFound
    return found


def destruction_of(actor: Actor, number: int) -> Destruction:
    """One destruction; `NotFound` for a stranger."""
    found = db.session.get(Destruction, number) if actor.may(Permission.DEVICE_READ) else None
    if found is None:
        raise NotFound
    return found


def erasure_of(actor: Actor, number: int) -> Erasure:
    """One line of a report; `NotFound` for a stranger."""
    found = db.session.get(Erasure, number) if actor.may(Permission.DEVICE_READ) else None
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Likely:
    """A drive that evidence may be of; `may` says whether it can be attached to it."""

    drive: Drive
    may: bool


def likely_drives(erasure: Erasure) -> list[Likely]:
    """The drives that some evidence may be of, those whose serial number agrees first, then those of the same size and model."""
    stem = (erasure.serial or "")[-6:]
    alike = [Drive.serial.contains(stem, autoescape=True)] if len(stem) == 6 else []
    if erasure.serial:
        alike.append(Drive.serial.startswith(erasure.serial[:4], autoescape=True))
    if erasure.size_bytes:
        alike.append(Drive.size_bytes == erasure.size_bytes)
    if not alike:
        return []
    candidates = db.session.scalars(
        select(Drive).where(Drive.destroyed_at.is_(None), or_(*alike)).order_by(Drive.id.desc()).limit(_LOOKED_AT)
    ).all()
    found = [
        Likely(each, erasure.serial is not None and (each.serial is None or may_be_one_drive(erasure.serial, each.serial)))
        for each in candidates
    ]
    return sorted(found, key=lambda each: (not _agrees(erasure, each.drive), not each.may, not _same_model(erasure, each.drive)))[
        :MOST_LIKELY
    ]


def _agrees(erasure: Erasure, drive: Drive) -> bool:
    return may_be_one_drive(erasure.serial, drive.serial)


def _same_model(erasure: Erasure, drive: Drive) -> bool:
    one, other = (erasure.model or "").casefold(), (drive.model or "").casefold()
    return bool(one and other) and (one.startswith(other) or other.startswith(one))
