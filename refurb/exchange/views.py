"""The pages by which tables come in: the kinds, the file, its columns, what would become of each row, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from refurb.exchange.actions import bring_in, drop_table, read_sent, receive_table, understand_table
from refurb.exchange.declared import KINDS
from refurb.exchange.headings import program_of
from refurb.exchange.kinds import RowKind
from refurb.exchange.models import ExchangeFile
from refurb.exchange.plan import PlannedRow, counts_of, hidden_rows, plan_rows
from refurb.exchange.queries import exchange_file, kind_named, last_files, names_persons, open_kinds, remembered_mapping
from refurb.exchange.schemas import ExchangeSent, NothingAsked
from refurb.exchange.words import FATE_LOOKS
from refurb.inventory.evidence.views.uploads import sent_file
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.progress import go_on
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import PER_PAGE, Page, page_number
from refurb.spreadsheets.table import SheetTable

blueprint = Blueprint("exchange", __name__)
P = Permission
AT_ONCE = 100
"""So many rows are stored while the browser waits; more are watched on the page of the work."""
_DOUBTFUL = Look(_l("Ajouté, à vérifier"), "triangle-alert", "wait")


@dataclass(frozen=True)
class PreviewedCell:
    """What a row says in a column, and what is wrong with it."""

    label: Any
    text: str
    faults: Sequence[str]


@dataclass(frozen=True)
class PreviewedRow:
    """One row of the preview; `url` leads to the record that is here already."""

    number: int
    look: Look
    cells: Sequence[PreviewedCell]
    faults: Sequence[str]
    url: str | None


@blueprint.get("/importer")
@requires(P.DIRECTORY_WRITE, P.ITEM_WRITE, P.BORROWER_WRITE)
def kinds(actor: Actor) -> Response:
    """What can be brought in, and what was."""
    return page(
        "exchange/kinds.html", kinds=open_kinds(actor), files=last_files(actor), titles={name: each.title for name, each in KINDS.items()}
    )


@blueprint.route("/importer/<name>", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE, P.ITEM_WRITE, P.BORROWER_WRITE)
def send(actor: Actor, name: str) -> Response:
    """The file of one kind."""
    row_kind = kind_named(actor, name)
    if names_persons(row_kind.kind):
        need_names()
    form = Form(ExchangeSent)
    if request.method == "POST":
        with form.catching():
            upload = sent_file("file")
            sent = read_sent(row_kind, upload.content, upload.filename)
            with unit_of_work():
                found = receive_table(actor, row_kind, sent)
                known = remembered_mapping(row_kind.kind, found.signature) is not None
                where = "exchange.preview" if known else "exchange.columns"
                return go(where, done=_("Colonnes reconnues comme la dernière fois.") if known else None, number=found.id)
    return page("exchange/send.html", form=form, row_kind=row_kind, labels=[each.label for each in _fields(row_kind).values()])


@blueprint.route("/importer/fichiers/<int:number>/colonnes", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE, P.ITEM_WRITE, P.BORROWER_WRITE)
def columns(actor: Actor, number: int) -> Response:
    """Which column tells what, with a few of its values."""
    found = exchange_file(actor, number)
    form = Form(NothingAsked)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            understand_table(actor, found, _sent_columns(request.form))
            return go("exchange.preview", number=found.id)
        found = exchange_file(actor, number)
    if found.table is None:
        return go("exchange.result", number=found.id)
    table, row_kind = SheetTable.from_json(found.table), KINDS[found.kind]
    told = _told_columns(found, table)
    shown = [
        (at, heading or _("Colonne %(number)s", number=at + 1), table.samples(at), told.get(at))
        for at, heading in enumerate(table.headings)
    ]
    return page(
        "exchange/columns.html",
        form=form,
        found=found,
        table=table,
        row_kind=row_kind,
        program=program_of(table.headings),
        known=[each for each in shown if each[3] is not None],
        others=[each for each in shown if each[3] is None],
        words={name: each.label for name, each in _fields(row_kind).items()},
    )


def _told_columns(found: ExchangeFile, table: SheetTable) -> dict[int, str]:
    """What each column tells: as it was sent just now, else as it is kept."""
    if request.method == "POST":
        return {at: name for at in range(len(table.headings)) if (name := request.form.get(f"column_{at}"))}
    return {int(at): name for name, at in found.columns.items()}


def _sent_columns(sent: MultiDict[str, str]) -> dict[str, int]:
    """The column chosen for each thing; `Invalid` where two were chosen for one."""
    chosen: dict[str, int] = {}
    for name, value in sent.items():
        at = name.removeprefix("column_")
        if not name.startswith("column_") or not at.isdecimal() or len(at) > 4 or not value:
            continue
        if value in chosen:
            raise Invalid({"columns": [Fault("list.column_twice")]})
        chosen[value] = int(at)
    return chosen


@blueprint.route("/importer/fichiers/<int:number>", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE, P.ITEM_WRITE, P.BORROWER_WRITE)
def preview(actor: Actor, number: int) -> Response:
    """What would become of each row, and the button that makes it so."""
    found = exchange_file(actor, number)
    row_kind = KINDS[found.kind]
    form = Form(row_kind.choices or NothingAsked)
    if request.method == "POST":
        with form.catching():
            with unit_of_work():
                work = bring_in(actor, found, result_url=url_for("exchange.result", number=found.id), **form.load())
                work_id, total = work.id, work.total
                on = go("progress.work", number=work_id)
            if total <= AT_ONCE:
                go_on(work_id=work_id)
            return on
        found = exchange_file(actor, number)
    if found.table is None or found.confirmed_at is not None:
        return go("exchange.result", number=found.id)
    return _previewed(found, row_kind, form)


def _previewed(found: ExchangeFile, row_kind: RowKind, form: Form) -> Response:
    table = SheetTable.from_json(found.table or {})
    planned = [*hidden_rows(table), *plan_rows(row_kind, table, found.columns)]
    troubled = [each for each in planned if each.faults]
    only = bool(troubled) and request.args.get("voir") != "toutes"
    shown = troubled if only else planned
    here = min(page_number(), max(1, -(-len(shown) // PER_PAGE)))
    counts = counts_of(planned)
    return page(
        "exchange/preview.html",
        form=form,
        found=found,
        row_kind=row_kind,
        counts=counts,
        doubtful=sum(1 for each in planned if each.is_doubtful),
        taken=counts["create"] + counts["complete"],
        total=len(planned),
        troubled=len(troubled),
        only=only,
        program=program_of(table.headings),
        heads=[_fields(row_kind)[name].label for name in found.columns],
        lines=Page([_line(row_kind, found, table, each) for each in shown[(here - 1) * PER_PAGE : here * PER_PAGE]], here, len(shown)),
    )


def _line(row_kind: RowKind, found: ExchangeFile, table: SheetTable, planned: PlannedRow) -> PreviewedRow:
    cells = dict(table.rows).get(planned.number, ())
    fields = _fields(row_kind)
    said = {name: [sentence(each) for each in faults] for name, faults in planned.faults.items()}
    return PreviewedRow(
        planned.number,
        _DOUBTFUL if planned.is_doubtful else FATE_LOOKS[planned.fate],
        [PreviewedCell(fields[name].label, cells[at] if at < len(cells) else "", said.get(name, ())) for name, at in found.columns.items()],
        [each for name, faults in said.items() if name not in found.columns for each in faults],
        url_for(planned.here.endpoint, _external=False, **planned.here.where) if planned.here else None,
    )


@dataclass(frozen=True)
class _Labelled:
    label: Any


def _fields(row_kind: RowKind) -> dict[str, _Labelled]:
    """The columns of a kind by their names, in its order."""
    declared = row_kind.schema().fields
    return {name: _Labelled(declared[name].metadata["label"]) for name in row_kind.headings}


@blueprint.get("/importer/fichiers/<int:number>/resultat")
@requires(P.DIRECTORY_WRITE, P.ITEM_WRITE, P.BORROWER_WRITE)
def result(actor: Actor, number: int) -> Response:
    """What became of a table, and why rows of it were left out."""
    found = exchange_file(actor, number)
    row_kind = KINDS[found.kind]
    labels = {name: str(each.label) for name, each in _fields(row_kind).items()}
    left = [
        (row, labels.get(name, ""), sentence(Fault(code, **facts)))
        for row, name, code, facts in sorted(found.left, key=lambda each: each[0])
    ]
    return page("exchange/result.html", found=found, row_kind=row_kind, left=left, rows_left=len({row for row, *_rest in left}))


@blueprint.post("/importer/fichiers/<int:number>/oublier")
@requires(P.DIRECTORY_WRITE, P.ITEM_WRITE, P.BORROWER_WRITE)
def drop(actor: Actor, number: int) -> Response:
    """Forget a table that was not brought in."""
    found = exchange_file(actor, number)
    with unit_of_work():
        drop_table(actor, found)
        return go("exchange.kinds", done=_("Fichier oublié : rien n'a été importé."))
