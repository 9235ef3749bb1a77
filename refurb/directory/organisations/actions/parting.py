"""A merger undone: what it moved goes back where it still is, and what changed since stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, func, insert, literal, select, update

from refurb.directory.actions import refuse_taken
from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.merging import WHERE, mark_of, referring, twins
from refurb.directory.organisations.actions.organisations import write_words
from refurb.directory.organisations.models import Merger, MergerRow
from refurb.directory.organisations.queries import merger_of, standing_record
from refurb.directory.organisations.rules import KeptIsArchived, MergedFurther, MergedUnkept, NotMerged
from refurb.directory.words import Nature
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now

_TOGETHER = (frozenset(WHERE), frozenset({"siren", "siret"}))
"""Columns that say one thing: taken back together, or not at all."""
_BY_WORK = {
    Nature.DONOR.flag: ("donations",),
    Nature.PARTNER.flag: ("referrals", "role_grants"),
    Nature.BORROWER.flag: ("borrowers",),
}
"""What shows that an organisation is something to us by itself: it stays so, where any of it is left."""


@dataclass(frozen=True)
class Share:
    """Of one kind of thing: how many go back, how many of those that went along are elsewhere by now, how many stay with the one kept."""

    table: str
    back: int
    elsewhere: int
    staying: int


@dataclass(frozen=True)
class Parting:
    """What a merger that is undone now would do."""

    gone: Organisation
    into: Organisation
    shares: tuple[Share, ...]
    taken_back: tuple[str, ...]
    corrected: tuple[str, ...]

    @property
    def back(self) -> dict[str, int]:
        """How many rows of each table go back."""
        return {each.table: each.back for each in self.shares if each.back}

    @property
    def elsewhere(self) -> dict[str, int]:
        """How many rows of each table went along, and are elsewhere by now."""
        return {each.table: each.elsewhere for each in self.shares if each.elsewhere}


def parting_of(actor: Actor, gone: Organisation) -> Parting:
    """What would go back to a record that was merged, and what would stay; raises what stands in the way."""
    check(actor, Permission.DIRECTORY_WRITE)
    return _look(_undoable(gone))


def part_organisations(actor: Actor, gone: Organisation) -> Parting:
    """Undo a merger: what it moved goes back as far as it is where the merger put it; what changed since, and what came since, stays."""
    check(actor, Permission.DIRECTORY_WRITE)
    for each in sorted({gone, standing_record(gone)}, key=lambda one: one.id):
        lock(each)
    merger = _undoable(gone)
    found, into = _look(merger), merger.into
    gone.merged_into_id, gone.archived_at, merger.parted_at = None, merger.archived_at, now()
    for name in found.taken_back:
        setattr(into, name, False if name in _flags() else None)
    db.session.flush()
    gone.siren, gone.rna = merger.siren, merger.rna
    db.session.flush()
    for table, column in referring():
        _put_back(merger, table, column)
    for _name, follow, numbers in _said_elsewhere(merger):
        follow(gone, into, numbers, only_count=False)
    db.session.expire_all()
    write_words(gone)
    write_words(into)
    record(gone, "parted", actor, of=into.id, reference=into.reference, moved=found.back, elsewhere=found.elsewhere)
    record(into, "released", actor, parted=gone.id, reference=gone.reference, moved=found.back, gave=sorted(found.taken_back))
    return found


def _undoable(gone: Organisation) -> Merger:
    if gone.merged_into_id is None:
        raise NotMerged(name=gone.name)
    merger, stands = merger_of(gone), standing_record(gone)
    if merger is None:
        raise MergedUnkept(name=gone.name)
    if merger.into_id != stands.id:
        raise MergedFurther(name=merger.into.name, kept=merger.into.reference, reference=stands.reference)
    if stands.archived_at is not None:
        raise KeptIsArchived(name=stands.name, reference=stands.reference)
    back = _to_take_back(merger)[0]
    refuse_taken(merger.siren, None, stands.id if "siren" in back else None)
    refuse_taken(None, merger.rna, stands.id if "rna" in back else None)
    return merger


def _flags() -> set[str]:
    return {*(each.flag for each in Nature), "is_public_body"}


def _was(merger: Merger, name: str) -> Any:
    """What the one that went says: it is corrected by nobody while it is merged, and its numbers are kept beside."""
    return getattr(merger if name in {"siren", "rna"} else merger.gone, name)


def _to_take_back(merger: Merger) -> tuple[list[str], list[str]]:
    """Of what the one kept took over: what it says unchanged, and what was corrected since."""
    into, taken = merger.into, list(merger.taken)
    changed = {name for name in taken if getattr(into, name) != _was(merger, name)}
    for together in _TOGETHER:
        if changed & together:
            changed |= together & set(taken)
    return [name for name in taken if name not in changed], [name for name in taken if name in changed]


def _look(merger: Merger) -> Parting:
    shares: dict[str, list[int]] = {}
    for table, column in referring():
        kept = select(func.count()).select_from(MergerRow).where(*_of(merger, table, column))
        went = db.session.scalar(kept) or 0
        back = _count(table, _there(merger, table, column, is_twin=False))
        doubled = _count(table, _there(merger, table, column, is_twin=True))
        held = _count(table, column == merger.into_id) - (table is Organisation.__table__)  # The one that goes names it too.
        _add(shares, table.name, back + doubled, went - back - doubled, held - back)
    for name, follow, numbers in _said_elsewhere(merger):
        back = follow(merger.gone, merger.into, numbers, only_count=True)
        _add(shares, name, back, len(numbers) - back, 0)
    told = tuple(Share(name, *numbers) for name, numbers in shares.items() if any(numbers))
    back_again, corrected = _to_take_back(merger)
    left = {each.table for each in told if each.staying}
    keeps = {flag for flag, tables in _BY_WORK.items() if left.intersection(tables)}
    return Parting(merger.gone, merger.into, told, tuple(each for each in back_again if each not in keeps), tuple(corrected))


def _add(shares: dict[str, list[int]], name: str, *numbers: int) -> None:
    shares[name] = [one + other for one, other in zip(shares.get(name, [0, 0, 0]), numbers, strict=True)]


def _count(table: Table, which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(which)) or 0


def _of(merger: Merger, table: Table, column: Any) -> tuple[ColumnElement[bool], ...]:
    return (MergerRow.merger_id == merger.id, MergerRow.table_name == table.name, MergerRow.column_name == column.name)


def _there(merger: Merger, table: Table, column: Any, *, is_twin: bool) -> ColumnElement[bool]:
    """The rows that a merger kept, where they are still what they were and where it put them."""
    same = (MergerRow.row_id == table.c.id, MergerRow.mark == mark_of(table), MergerRow.is_twin.is_(is_twin))
    kept = exists().where(*_of(merger, table, column), *same)
    return and_(column == merger.into_id, kept, ~twins(table, column, merger.gone_id))


def _put_back(merger: Merger, table: Table, column: Any) -> None:
    """Have the rows name the record again that they named; what both records said is said of both again."""
    others = [each for each in table.columns if not each.primary_key and each is not column]
    again = select(literal(merger.gone_id), *others).where(_there(merger, table, column, is_twin=True))
    db.session.execute(insert(table).from_select([column.name, *(each.name for each in others)], again, include_defaults=False))
    moved = update(table).where(_there(merger, table, column, is_twin=False))
    db.session.execute(moved.values({column.name: merger.gone_id}))


def _said_elsewhere(merger: Merger) -> Iterator[tuple[str, Any, list[int]]]:
    """What packages above say of the two in their own way, with the rows that the merger kept of it."""
    for name, follow in wired().parted.items():
        kept = select(MergerRow.row_id).where(MergerRow.merger_id == merger.id, MergerRow.table_name == name)
        yield name, follow, list(db.session.scalars(kept))
