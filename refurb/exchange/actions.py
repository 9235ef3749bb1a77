"""Receive a table, understand its columns, bring its rows in: each row is stored, known, or left out with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import null, select, update
from sqlalchemy.orm import undefer

from refurb.accounts.queries import actor_behind
from refurb.exchange.declared import KINDS
from refurb.exchange.headings import meanings
from refurb.exchange.kinds import RowKind
from refurb.exchange.models import ExchangeFile, ExchangeMapping
from refurb.exchange.plan import PlannedRow, hidden_rows, left_of, plan_rows
from refurb.exchange.queries import remembered_mapping
from refurb.exchange.words import ExchangeFate
from refurb.inventory.lists.columns import heading_signature
from refurb.kernel.deeds.access import Actor, check, check_site
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.progress import Work, WorkState, begin, long_work
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound, Refusal
from refurb.kernel.speech.words import _, _l, _n
from refurb.spreadsheets.table import SheetTable, read_table

ROWS_AT_ONCE = 200
KEPT_FOR = timedelta(days=30)
"""A table that nobody brings in names people who have nothing to do here."""


class BroughtInAlready(Conflict):
    """The table was brought in already: a corrected one is sent as a new file."""

    code = "exchange.confirmed"


class NothingToBringIn(Refusal):
    """Every row of the table is here already, or left out."""

    code = "exchange.nothing"


@dataclass(frozen=True)
class SentTable:
    """A file, and the table in it."""

    filename: str
    table: SheetTable


def read_sent(row_kind: RowKind, content: bytes, filename: str) -> SentTable:
    """The table in a file: read before the unit of work that receives it. Raises `ListUnreadable`."""
    return SentTable(filename, read_table(content, lambda row: len(meanings(row_kind.headings, row))))


def receive_table(actor: Actor, row_kind: RowKind, sent: SentTable) -> ExchangeFile:
    """Keep a table that waits; its columns as the last one with these headings was understood, else guessed. Nothing is stored yet."""
    check(actor, row_kind.permission)
    table = sent.table
    signature = heading_signature(table.headings)
    known = remembered_mapping(row_kind.kind, signature)
    found = ExchangeFile(
        kind=row_kind.kind,
        filename=sent.filename[:200],
        signature=signature,
        table=table.to_json(),
        columns=dict(known.columns) if known else meanings(row_kind.headings, table.headings),
        rows=len(table.rows) + len(table.hidden),
        received_at=now(),
        actor_id=actor.id,
        left=[],
    )
    db.session.add(found)
    db.session.flush()
    record(found, "received", actor, rows=found.rows, kind=row_kind.kind)
    return found


def understand_table(actor: Actor, found: ExchangeFile, columns: Mapping[str, int]) -> None:
    """Say which column tells what; remembered for the next table with the same headings."""
    row_kind = KINDS[found.kind]
    check(actor, row_kind.permission)
    lock(found)
    table = table_of(found)
    if set(columns) - set(row_kind.headings) or any(not 0 <= at < len(table.headings) for at in columns.values()):
        raise Invalid({"columns": [Fault("field.choice")]})
    if len(set(columns.values())) < len(columns):
        raise Invalid({"columns": [Fault("list.column_twice")]})
    refuse_nameless(row_kind, columns)
    found.columns = dict(columns)
    known = remembered_mapping(found.kind, found.signature)
    if known is None:
        known = ExchangeMapping(kind=found.kind, signature=found.signature)
        db.session.add(known)
    known.columns = dict(columns)
    record(found, "understood", actor, columns=sorted(columns))


def refuse_nameless(row_kind: RowKind, columns: Mapping[str, int]) -> None:
    """Refuse columns by which no row can be told."""
    if not any(needed <= set(columns) for needed in row_kind.one_of):
        raise Invalid({"columns": [Fault("exchange.no_name")]})


def bring_in(actor: Actor, found: ExchangeFile, *, result_url: str, **choices: Any) -> Work:
    """Promise the import of a table; the work stores its rows a few hundred at a time, and can be watched.

    The rows are stored as by whoever asks: `Elsewhere` where they are to stand at a site that no role of theirs reaches.
    """
    row_kind = KINDS[found.kind]
    check(actor, row_kind.permission)
    check_site(actor, choices.get("site_id"))
    lock(found)
    table = table_of(found)
    refuse_nameless(row_kind, found.columns)
    planned = plan_rows(row_kind, table, found.columns)
    if not any(each.fate in {ExchangeFate.CREATE, ExchangeFate.COMPLETE} for each in planned):
        raise NothingToBringIn
    work = begin("exchange", actor, len(table.rows), result_url, file_id=found.id, choices=choices)
    found.work_id, found.confirmed_at, found.left = work.id, now(), list(left_of(hidden_rows(table)))
    record(found, "confirmed", actor, rows=found.rows)
    return work


def drop_table(actor: Actor, found: ExchangeFile) -> None:
    """Forget a table that was not brought in, and all that it said."""
    check(actor, KINDS[found.kind].permission)
    lock(found)
    table_of(found)
    found.table, found.filename, found.columns = null(), "", {}
    record(found, "dropped", actor)


def table_of(found: ExchangeFile) -> SheetTable:
    """The table that waits; `BroughtInAlready` once it was brought in. One whose import stopped half-way waits again."""
    if not waits(found):
        raise BroughtInAlready
    return SheetTable.from_json(found.table or {})


def waits(found: ExchangeFile) -> bool:
    """Whether a table can be brought in: nobody has, or the import stopped half-way."""
    work = db.session.get(Work, found.work_id) if found.work_id is not None else None
    return found.table is not None and (work is None or work.state is WorkState.STOPPED)


def outcome_of_exchange(work: Work) -> str:
    """What became of the rows so far."""
    counted = work.outcome.get
    parts = [_n("%(num)s ligne ajoutée", "%(num)s lignes ajoutées", counted("create", 0))]
    if counted("complete"):
        parts.append(_n("%(num)s complétée", "%(num)s complétées", counted("complete", 0)))
    if counted("known"):
        parts.append(_n("%(num)s déjà là", "%(num)s déjà là", counted("known", 0)))
    if counted("leave"):
        parts.append(_n("%(num)s laissée de côté", "%(num)s laissées de côté", counted("leave", 0)))
    return _("%(all)s.", all=", ".join(parts))


@long_work("exchange", _l("Import d'un tableau"), outcome=outcome_of_exchange)
def bring_in_rows(work: Work) -> int:
    """The next rows of a table; the last ones forget it."""
    found = db.session.scalar(select(ExchangeFile).options(undefer(ExchangeFile.table)).where(ExchangeFile.id == work.facts["file_id"]))
    if found is None or found.table is None:
        raise NotFound
    row_kind, table, actor = KINDS[found.kind], SheetTable.from_json(found.table), actor_behind(work)
    turn = plan_rows(row_kind, table, found.columns, work.done, work.done + ROWS_AT_ONCE)
    done = [_brought_in(actor, row_kind, each, work.facts["choices"]) for each in turn]
    counted = {fate.value: sum(1 for each in done if each.fate is fate) for fate in ExchangeFate}
    if work.done == 0:
        counted[ExchangeFate.LEAVE.value] += len(table.hidden)
    work.outcome = {name: work.outcome.get(name, 0) + count for name, count in counted.items()}
    found.left = [*found.left, *left_of(done)]
    if work.done + len(turn) >= work.total:
        found.table = null()
        record(found, "brought_in", actor, rows=found.rows, **work.outcome)
    return len(turn)


def _brought_in(actor: Actor, row_kind: RowKind, planned: PlannedRow, choices: Mapping[str, Any]) -> PlannedRow:
    """Store one row, by itself: what refuses it leaves it out with the reason, and no part of it is written."""
    try:
        with db.session.begin_nested():
            if planned.fate is ExchangeFate.CREATE:
                row_kind.store(actor, planned.facts, choices)
            elif planned.fate is ExchangeFate.COMPLETE and row_kind.complete and planned.here:
                row_kind.complete(actor, planned.here.id, planned.facts)
            db.session.flush()
    except Invalid as invalid:
        return PlannedRow(planned.number, planned.facts, ExchangeFate.LEAVE, invalid.fields)
    except Refusal as refusal:
        return PlannedRow(planned.number, planned.facts, ExchangeFate.LEAVE, {"": [Fault(refusal.code, **refusal.facts)]})
    return planned


def _empty_tables(numbers: Sequence[int]) -> None:
    db.session.execute(update(ExchangeFile).where(ExchangeFile.id.in_(numbers)).values(table=null(), left=[], filename=""))


# A month after they came: the tables that nobody brought in, and why rows of the others were left out.
forget_tables = Term(
    key="exchange.tables",
    who=_l("Personne nommée dans un tableau importé, ou déposé sans suite"),
    what=_l("ce qui reste du fichier"),
    remains=_l("La date et le nombre de lignes"),
    lasts=KEPT_FOR,
    model=ExchangeFile,
    past=lambda: ExchangeFile.received_at < now() - KEPT_FOR,
    rest=lambda: ExchangeFile.table.is_not(None) | (ExchangeFile.filename != ""),
    forget=_empty_tables,
    hourly=True,
)
