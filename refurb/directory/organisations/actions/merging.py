"""Two records of one organisation become one: what referred to the one that goes refers to the one that stands."""

from typing import Any

from sqlalchemy import Table, UniqueConstraint, delete, exists, update

from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.organisations import write_words
from refurb.directory.organisations.rules import are_one
from refurb.directory.words import Nature
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now

_FILLED = ("siren", "siret", "rna", "typology", "in_qpv", "email", "phone")
_WHERE = ("address", "postcode", "place", "commune_code")


def merge_organisations(actor: Actor, gone: Organisation, into: Organisation) -> None:
    """Merge a record into another of the same organisation, which keeps what it says and takes over what it did not know.

    Everything that refers to the one refers to the other from now on, in one deed: donations, referrals, accounts (whose holders then see
    the referrals of both), borrowers, contacts, conventions. The merged one is still found by its reference, and leads on.
    """
    check(actor, Permission.DIRECTORY_WRITE)
    for each in sorted({gone, into}, key=lambda one: one.id):  # Always in one order, so that two merges never wait for each other.
        lock(each)
    are_one(gone, into)
    for follow in wired().merged.get(Organisation.KIND, ()):
        follow(gone, into)
    moved = _refer_to(into, gone)
    taken = _fill(into, gone)
    gone.archived_at, gone.siren, gone.rna, gone.merged_into_id = gone.archived_at or now(), None, None, into.id
    db.session.flush()
    for name, value in taken.items():
        setattr(into, name, value)
    write_words(into)
    record(gone, "merged", actor, into=into.id, reference=into.reference)
    record(into, "absorbed", actor, merged=gone.id, reference=gone.reference, moved=moved, took=sorted(taken))


def referring() -> list[tuple[Table, Any]]:
    """Every column of every table that names an organisation, whichever package keeps it; records merged before are among them."""
    found = ((table, column) for table in Base.metadata.sorted_tables for column in table.columns)
    return [(table, column) for table, column in found if any(key.target_fullname == "organisations.id" for key in column.foreign_keys)]


def _refer_to(into: Organisation, gone: Organisation) -> dict[str, int]:
    """Have everything that named the one name the other; how many rows of each table did."""
    moved: dict[str, int] = {}
    for table, column in referring():
        _drop_said_twice(table, column, into.id, gone.id)
        done: Any = db.session.execute(update(table).where(column == gone.id).values({column.name: into.id}))
        if done.rowcount:
            moved[table.name] = moved.get(table.name, 0) + done.rowcount
    db.session.expire_all()
    return moved


def _drop_said_twice(table: Table, column: Any, into: int, gone: int) -> None:
    """Where a row may stand once for each organisation, what is said of both is said once: a role that somebody holds in both."""
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and column in rule.columns.values() and len(rule.columns) > 1:
            twin = table.alias()
            same = [twin.c[each.name] == each for each in rule.columns if each is not column]
            db.session.execute(delete(table).where(column == gone, exists().where(twin.c[column.name] == into, *same)))


def _fill(into: Organisation, gone: Organisation) -> dict[str, Any]:
    """What the one knows and the other does not: single facts, the address as a whole, what it is to us."""
    taken = {name: getattr(gone, name) for name in _FILLED if getattr(into, name) is None and getattr(gone, name) is not None}
    if into.siren and "siret" in taken and not taken["siret"].startswith(into.siren):
        del taken["siret"]
    if not any(getattr(into, name) for name in _WHERE):
        taken |= {name: getattr(gone, name) for name in _WHERE if getattr(gone, name)}
    flags = (*(each.flag for each in Nature), "is_public_body")
    return taken | {flag: True for flag in flags if getattr(gone, flag) and not getattr(into, flag)}
