"""Two records of one organisation become one: what referred to the one that goes refers to the one that stands."""

from typing import Any

from sqlalchemy import ColumnElement, String, Table, UniqueConstraint, cast, delete, exists, false, func, insert, literal, select, update

from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.organisations import write_words
from refurb.directory.organisations.models import Merger, MergerRow
from refurb.directory.organisations.rules import are_one
from refurb.directory.words import Nature
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now

_FILLED = ("siren", "siret", "rna", "typology", "in_qpv", "email", "phone")
WHERE = ("address", "postcode", "place", "commune_code")
_LASTING = ("reference", "code", "account_id", "role", "ceremony_id", "committee_id", "made_by")
"""Columns that a row keeps as long as it is that row, whatever table it stands in."""


def merge_organisations(actor: Actor, gone: Organisation, into: Organisation) -> None:
    """Merge a record into another of the same organisation, which keeps what it says and takes over what it did not know.

    Everything that refers to the one refers to the other from now on, in one deed: donations, referrals, accounts (whose holders then see
    the referrals of both), borrowers, contacts, conventions. The merged one is still found by its reference, and leads on.
    """
    check(actor, Permission.DIRECTORY_WRITE)
    for each in sorted({gone, into}, key=lambda one: one.id):  # Always in one order, so that two merges never wait for each other.
        lock(each)
    are_one(gone, into)
    merger = Merger(
        gone_id=gone.id, into_id=into.id, merged_at=now(), archived_at=gone.archived_at, siren=gone.siren, rna=gone.rna, taken=[]
    )
    db.session.add(merger)
    db.session.flush()
    for follow in wired().merged.get(Organisation.KIND, ()):
        table, column, numbers = follow(gone, into)
        told = {"merger_id": merger.id, "table_name": table, "column_name": column, "mark": "", "is_twin": False}
        db.session.add_all(MergerRow(**told, row_id=number) for number in numbers)
    moved = _refer_to(into, gone, merger)
    taken = _fill(into, gone)
    merger.taken = sorted(taken)
    gone.archived_at, gone.siren, gone.rna, gone.merged_into_id = gone.archived_at or now(), None, None, into.id
    db.session.flush()
    for name, value in taken.items():
        setattr(into, name, value)
    write_words(into)
    record(gone, "merged", actor, into=into.id, reference=into.reference)
    record(into, "absorbed", actor, merged=gone.id, reference=gone.reference, moved=moved, took=sorted(taken))


def referring() -> list[tuple[Table, Any]]:
    """Every column of every table that names an organisation, whichever package keeps it; records merged before are among them.

    What was merged into what stays as it was written.
    """
    tables = (table for table in Base.metadata.sorted_tables if table is not Merger.__table__)
    found = ((table, column) for table in tables for column in table.columns)
    return [(table, column) for table, column in found if any(key.target_fullname == "organisations.id" for key in column.foreign_keys)]


def mark_of(table: Table) -> ColumnElement[str]:
    """What tells a row of a table from another one that has its number later, in SQL."""
    mark: ColumnElement[str] = literal("")
    for name in _LASTING:
        if name in table.columns:
            mark = mark + func.coalesce(cast(table.c[name], String), "") + "|"
    return mark


def twins(table: Table, column: Any, number: int) -> ColumnElement[bool]:
    """Whether what a row says of its organisation is said of this one too, where a row may stand once for each of them."""
    said: ColumnElement[bool] = false()
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and column in rule.columns.values() and len(rule.columns) > 1:
            twin = table.alias()
            said = said | exists().where(
                twin.c[column.name] == number, *(twin.c[each.name] == each for each in rule.columns if each is not column)
            )
    return said


def _refer_to(into: Organisation, gone: Organisation, merger: Merger) -> dict[str, int]:
    """Have everything that named the one name the other, and keep which rows did; how many of each table there were."""
    moved: dict[str, int] = {}
    for table, column in referring():
        _keep(merger, table, column, twins(table, column, gone.id), of=into.id, is_twin=True)
        db.session.execute(delete(table).where(column == gone.id, twins(table, column, into.id)))
        _keep(merger, table, column, None, of=gone.id)
        done: Any = db.session.execute(update(table).where(column == gone.id).values({column.name: into.id}))
        if done.rowcount:
            moved[table.name] = moved.get(table.name, 0) + done.rowcount
    db.session.expire_all()
    return moved


def _keep(merger: Merger, table: Table, column: Any, which: ColumnElement[bool] | None, *, of: int, is_twin: bool = False) -> None:
    """Keep the numbers of the rows that name an organisation, in one statement."""
    told: list[Any] = [literal(merger.id), literal(table.name), literal(column.name), table.c.id, mark_of(table), literal(is_twin)]
    rows = select(*told).where(column == of)
    names = ["merger_id", "table_name", "column_name", "row_id", "mark", "is_twin"]
    db.session.execute(insert(MergerRow).from_select(names, rows if which is None else rows.where(which)))


def _fill(into: Organisation, gone: Organisation) -> dict[str, Any]:
    """What the one knows and the other does not: single facts, the address as a whole, what it is to us."""
    taken = {name: getattr(gone, name) for name in _FILLED if getattr(into, name) is None and getattr(gone, name) is not None}
    if into.siren and "siret" in taken and not taken["siret"].startswith(into.siren):
        del taken["siret"]
    if not any(getattr(into, name) for name in WHERE):
        taken |= {name: getattr(gone, name) for name in WHERE if getattr(gone, name)}
    flags = (*(each.flag for each in Nature), "is_public_body")
    return taken | {flag: True for flag in flags if getattr(gone, flag) and not getattr(into, flag)}
