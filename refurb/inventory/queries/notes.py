"""Looking up what was noted of a device at the bench (beside the history, where it can be erased), and in whose hands it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, cast, literal, null, select, union_all
from sqlalchemy.orm import aliased

from refurb.accounts.models import Account
from refurb.inventory.models import Device, Holding
from refurb.inventory.queries.devices import Standing
from refurb.inventory.queries.work import InHand
from refurb.kernel.database import db
from refurb.kernel.history import Event, Note

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
    return _folded(db.session.execute(_written([device.id]).order_by("position")).all())


def last_notes(device_ids: Sequence[int]) -> dict[int, BenchNote]:
    """The newest note of each device that has one, in one query."""
    lines: dict[int, list[Any]] = {each: [] for each in device_ids}
    if lines:
        for line in db.session.execute(_written(list(lines)).order_by("position")):
            lines[line.device].append(line)
    notes = {device_id: _folded(found) for device_id, found in lines.items()}
    return {device_id: found[0] for device_id, found in notes.items() if found}


def hand_and_notes(device: Device | Standing) -> tuple[InHand | None, list[BenchNote]]:
    """Who has a device in hand and what was noted of it, in one query: the page of a scan has few to spend."""
    giver = aliased(Account)
    hand = (
        select(
            Holding.device_id,
            literal(0),
            literal("hand"),
            Holding.since,
            Holding.account_id,
            Account.name,
            cast(null(), Integer),
            cast(giver.name, String(2000)),
        )
        .join(Account, Account.id == Holding.account_id)
        .outerjoin(giver, giver.id == Holding.given_by)
        .where(Holding.device_id == device.id, Holding.until.is_(None))
    )
    lines = db.session.execute(union_all(_written([device.id]), hand).order_by("position")).all()
    held = next((InHand(line.by, line.who, line.at, line.text) for line in lines if line.move == "hand"), None)
    return held, _folded(line for line in lines if line.move != "hand")


def _written(device_ids: Sequence[int]) -> Any:
    return (
        select(
            Event.subject_id.label("device"),
            Event.position.label("position"),
            Event.move.label("move"),
            Event.at.label("at"),
            Event.actor_id.label("by"),
            Account.name.label("who"),
            Event.facts["of"].as_integer().label("of"),
            cast(Note.text, String(2000)).label("text"),
        )
        .join(Note, Note.event_id == Event.id)
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(Event.subject_kind == Device.KIND, Event.subject_id.in_(device_ids), Event.move.in_(WRITTEN))
    )


def _folded(lines: Iterable[Any]) -> list[BenchNote]:
    notes: dict[int, BenchNote] = {}
    for line in lines:
        if line.move != "note_corrected":
            notes[line.position] = BenchNote(line.position, line.text, line.by, line.who, line.at, line.move == "noted")
        elif line.of in notes:
            notes[line.of] = replace(notes[line.of], text=line.text, corrected_at=line.at)
    return list(reversed(notes.values()))
