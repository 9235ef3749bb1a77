"""What happened, for ever: one event per deed, append-only, each subject's events chained by hash. Ids and facts, never names."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, bindparam, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from refurb.kernel.deeds.access import Actor, check_place, title_of
from refurb.kernel.deeds.database import Base, String, db
from refurb.kernel.deeds.personal import hides_notes
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.clock import now

GENESIS = "0" * 64


class Event(Base):
    """One thing that was done to one subject."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    position: Mapped[int]
    move: Mapped[str] = mapped_column(String(48))
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    # « Au titre de » : the role by which the actor was allowed it. None: the service, or written before roles were several.
    as_role: Mapped[str | None] = mapped_column(String(24))
    facts: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class Note(Base):
    """What somebody wrote freely with a deed. Not part of the event, so that it can be erased: the event cannot."""

    __tablename__ = "event_notes"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    name: Mapped[str] = mapped_column(String(48))
    text: Mapped[str] = mapped_column(String(2000))


def kind_of(subject: Any) -> str:
    """The word by which history, codes, papers and effects call a kind of subject: its table's name in the singular."""
    kind: str = type(subject).KIND
    return kind


def plain(value: Any) -> Any:
    """A value as JSON keeps it: words for enums, ISO 8601 for dates, text for exact numbers."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value


def digest_of_event(happened: Any) -> str:
    """The SHA-256 of an event (or a row with its columns): of all that it says and of the one before it."""
    content = [
        happened.previous,
        happened.subject_kind,
        happened.subject_id,
        happened.position,
        happened.move,
        happened.at.isoformat(timespec="microseconds"),
        happened.actor_id,
        happened.facts,
    ]
    if happened.as_role is not None:  # What was written without one keeps the digest that it was written with.
        content.append(happened.as_role)
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


# Every deed asks for the end of a chain, while others wait for their turn to write.
_EVENT = Event.__table__.c
_OF_SUBJECT = (_EVENT.subject_kind == bindparam("kind"), _EVENT.subject_id == bindparam("id"))
_END = Read(select(_EVENT.position, _EVENT.digest).where(*_OF_SUBJECT).order_by(_EVENT.position.desc()).limit(1))
_BEGINNING = Read(select(_EVENT.actor_id).where(*_OF_SUBJECT, _EVENT.position == 1))
_LAST_TIME = (
    select(Event.at).where(*_OF_SUBJECT, Event.move.in_(bindparam("moves", expanding=True))).order_by(Event.position.desc()).limit(1)
)


def record(subject: Any, move: str, actor: Actor, /, **facts: Any) -> Event:
    """Write one event at the end of the subject's chain, with what the unit writes next. The caller holds the subject's lock.

    Raises `Elsewhere` where the actor's role is for one site, and the subject at another.
    """
    check_place(actor, subject)
    db.session.flush()
    position, previous = _END.one_or_none(kind=kind_of(subject), id=subject.id) or (0, GENESIS)
    happened = Event(
        subject_kind=kind_of(subject),
        subject_id=subject.id,
        position=position + 1,
        move=move,
        at=now(),
        actor_id=actor.id,
        as_role=plain(title_of(actor, subject)),
        facts=plain(facts),
        previous=previous,
    )
    happened.digest = digest_of_event(happened)
    db.session.add(happened)
    return happened


def record_each(happenings: Sequence[tuple[Any, Mapping[str, Any]]], move: str, actor: Actor) -> None:
    """Write one event for each of many subjects of one kind, with its own facts, in two statements rather than in two for each.

    The caller holds the locks of those that others know of. Raises `Elsewhere`, as `record` does.
    """
    if not happenings:
        return
    for subject, _facts in happenings:
        check_place(actor, subject)
    db.session.flush()
    kind, ids = kind_of(happenings[0][0]), [subject.id for subject, _ in happenings]
    chains = db.session.execute(
        select(Event.subject_id, Event.position, Event.digest)
        .where(Event.subject_kind == kind, Event.subject_id.in_(ids))
        .order_by(Event.position)
    )
    ends = {subject_id: (position, digest) for subject_id, position, digest in chains}
    instant, title = now(), plain(title_of(actor, happenings[0][0]))
    for subject, facts in happenings:
        position, previous = ends.get(subject.id, (0, GENESIS))
        happened = Event(
            subject_kind=kind,
            subject_id=subject.id,
            position=position + 1,
            move=move,
            at=instant,
            actor_id=actor.id,
            as_role=title,
            facts=plain(dict(facts)),
            previous=previous,
        )
        happened.digest = digest_of_event(happened)
        db.session.add(happened)
    db.session.flush()


def write_beside(happened: Event, texts: Mapping[str, str]) -> None:
    """Keep what somebody wrote freely beside the event of the deed."""
    if not texts:
        return
    db.session.flush()  # So that the event has its number.
    db.session.add_all(Note(event_id=happened.id, name=name, text=text) for name, text in texts.items())


def notes_of(events: Sequence[Event]) -> dict[int, dict[str, str]]:
    """What was written beside some events, by the event's id; an erased note is simply not there, nor one that is closed to who speaks."""
    found: dict[int, dict[str, str]] = {each.id: {} for each in events}
    shown = [each.id for each in events if not hides_notes(each.subject_kind)]
    for note in db.session.scalars(select(Note).where(Note.event_id.in_(shown))) if shown else ():
        found[note.event_id][note.name] = note.text
    return found


def erase_notes(kind: str, ids: Collection[int]) -> None:
    """Erase what was written freely beside the events of some subjects, at its term; the events stay."""
    if ids:
        events = select(Event.id).where(Event.subject_kind == kind, Event.subject_id.in_(ids))
        db.session.execute(delete(Note).where(Note.event_id.in_(events)))


def seen_since(kind: str, number: Any, instant: datetime) -> ColumnElement[bool]:
    """Whether something happened to the subject of this kind with this number since an instant."""
    return exists().where(Event.subject_kind == kind, Event.subject_id == number, Event.at >= instant)


def last_event(subject: Any) -> Event | None:
    """The newest event of a subject."""
    found = events_of(subject, most=1)
    return found[0] if found else None


def moved_since(subject: Any, position: int) -> bool:
    """Whether a subject was moved after this event of it; events that are no moves of a life cycle do not say from where to where."""
    later = select(Event.facts).where(Event.subject_kind == kind_of(subject), Event.subject_id == subject.id, Event.position > position)
    return any({"from", "to"} <= facts.keys() for facts in db.session.scalars(later))


def moves_made(subject: Any) -> int:
    """How often a subject was moved since its beginning."""
    every = select(Event.facts).where(Event.subject_kind == kind_of(subject), Event.subject_id == subject.id)
    return sum({"from", "to"} <= facts.keys() for facts in db.session.scalars(every))


def last_time(subject: Any, moves: Collection[str]) -> datetime | None:
    """When one of these moves last happened to a subject; None when none ever did."""
    return db.session.scalar(_LAST_TIME, {"kind": kind_of(subject), "id": subject.id, "moves": list(moves)})


def begun_by(subject: Any) -> int | None:
    """The account by which a subject's history was opened; None for the service."""
    return _BEGINNING.scalar(kind=kind_of(subject), id=subject.id)  # type: ignore[no-any-return]  # a column of whole numbers


def begun_each(kind: str, numbers: Sequence[int]) -> dict[int, int | None]:
    """The same of many subjects of a kind, in one question."""
    first = select(Event.subject_id, Event.actor_id).where(Event.subject_kind == kind, Event.subject_id.in_(numbers), Event.position == 1)
    return {row.subject_id: row.actor_id for row in db.session.execute(first)}


def events_of(subject: Any, most: int | None = None) -> list[Event]:
    """The events of a subject, newest first."""
    query = (
        select(Event)
        .where(Event.subject_kind == kind_of(subject), Event.subject_id == subject.id)
        .order_by(Event.position.desc())
        .limit(most)
    )
    return list(db.session.scalars(query))


def is_whole(events: list[Event]) -> bool:
    """Whether all the events of one subject, newest first, form the chain they were written as."""
    previous = GENESIS
    for position, happened in enumerate(reversed(events), start=1):
        if (happened.previous, happened.position, happened.digest) != (previous, position, digest_of_event(happened)):
            return False
        previous = happened.digest
    return True


@dataclass(frozen=True)
class BrokenLink:
    """The first event of a chain that does not fit the one before it."""

    subject_kind: str
    subject_id: int
    position: int


def broken_links(session: Session) -> Iterator[BrokenLink]:
    """Walk every chain; yield the first broken link of each one that is broken."""
    query = select(Event).order_by(Event.subject_kind, Event.subject_id, Event.position).execution_options(yield_per=1000)
    chain: tuple[str, int] | None = None
    previous, position, broken = GENESIS, 0, False
    for happened in session.scalars(query):
        if (happened.subject_kind, happened.subject_id) != chain:
            chain = (happened.subject_kind, happened.subject_id)
            previous, position, broken = GENESIS, 0, False
        fits = happened.previous == previous and happened.position == position + 1 and happened.digest == digest_of_event(happened)
        if not fits and not broken:
            broken = True
            yield BrokenLink(happened.subject_kind, happened.subject_id, happened.position)
        previous, position = happened.digest, happened.position


# The history refuses to be rewritten, whoever holds the pen. Kept here, and run by the migration, on both databases.
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    ),
    "postgresql": (
        (
            "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()",
        "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()",
    ),
}
