"""Looking up what was noted of a device at the bench (beside the history, where it can be erased), and in whose hands it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, bindparam, cast, literal, null, select, union_all

from refurb.accounts.models import Account
from refurb.inventory.bench.models import Holding
from refurb.inventory.bench.queries.work import InHand
from refurb.inventory.devices.queries.devices import Standing
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event, Note
from refurb.kernel.deeds.reads import Read

# The deeds beside which something is written for those at the bench.
WRITTEN = ("noted", "note_corrected", "handed_over_to")


@dataclass(frozen=True)
class BenchNote:
    """One note as it stands after its corrections, known by its position in the device's history; one that is not free came with a deed."""

    position: int
    text: str
    by: int | None
    who: str | None
    at: datetime
    is_free: bool
    corrected_at: datetime | None = None


def bench_notes(device: Device | Standing) -> list[BenchNote]:
    """The notes of a device, the newest first; an erased one is simply not there."""
    return _folded(_NOTES.all(device=device.id))


def last_notes(device_ids: Sequence[int]) -> dict[int, BenchNote]:
    """The newest note of each device that has one, in one query."""
    lines: dict[int, list[Any]] = {each: [] for each in device_ids}
    if lines:
        db.session.flush()
        for line in db.session.execute(_NOTES_OF_SEVERAL, {"devices": list(lines)}):
            lines[line.device].append(line)
    notes = {device_id: _folded(found) for device_id, found in lines.items()}
    return {device_id: found[0] for device_id, found in notes.items() if found}


def hand_and_notes(device: Device | Standing) -> tuple[InHand | None, list[BenchNote]]:
    """Who has a device in hand and what was noted of it, in one query: the page of a scan has few to spend."""
    lines = _HAND_AND_NOTES.all(device=device.id)
    held = next((InHand(line.by, line.who, line.at, line.text) for line in lines if line.move == "hand"), None)
    return held, _folded(line for line in lines if line.move != "hand")


# Of the tables rather than of the classes, and built once: every scan asks. A statement of tables does not flush by itself.
_event, _note, _account, _holding = Event.__table__, Note.__table__, Account.__table__, Holding.__table__


def _written(among: Callable[[Any], Any]) -> Any:
    return (
        select(
            _event.c.subject_id.label("device"),
            _event.c.position.label("position"),
            _event.c.move.label("move"),
            _event.c.at.label("at"),
            _event.c.actor_id.label("by"),
            _account.c.name.label("who"),
            _event.c.facts["of"].as_integer().label("of"),
            cast(_note.c.text, String(2000)).label("text"),
        )
        .select_from(_event.join(_note, _note.c.event_id == _event.c.id).outerjoin(_account, _account.c.id == _event.c.actor_id))
        .where(_event.c.subject_kind == Device.KIND, among(_event.c.subject_id), _event.c.move.in_(WRITTEN))
    )


def _held() -> Any:
    giver = _account.alias()
    return (
        select(
            _holding.c.device_id,
            literal(0),
            literal("hand"),
            _holding.c.since,
            _holding.c.account_id,
            _account.c.name,
            cast(null(), Integer),
            cast(giver.c.name, String(2000)),
        )
        .select_from(_holding.join(_account, _account.c.id == _holding.c.account_id).outerjoin(giver, giver.c.id == _holding.c.given_by))
        .where(_holding.c.device_id == bindparam("device", type_=Integer), _holding.c.until.is_(None))
    )


def _of_one(column: Any) -> Any:
    return column == bindparam("device", type_=Integer)


def _of_several(column: Any) -> Any:
    return column.in_(bindparam("devices", type_=Integer, expanding=True))


_NOTES = Read(_written(_of_one).order_by("position"))
_NOTES_OF_SEVERAL = _written(_of_several).order_by("position")
_HAND_AND_NOTES = Read(union_all(_written(_of_one), _held()).order_by("position"))


def _folded(lines: Iterable[Any]) -> list[BenchNote]:
    notes: dict[int, BenchNote] = {}
    for line in lines:
        if line.move != "note_corrected":
            notes[line.position] = BenchNote(line.position, line.text, line.by, line.who, line.at, line.move == "noted")
        elif line.of in notes:
            notes[line.of] = replace(notes[line.of], text=line.text, corrected_at=line.at)
    return list(reversed(notes.values()))
