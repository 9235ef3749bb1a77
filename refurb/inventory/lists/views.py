"""The pages of a donor's list: the file, its columns, what would become of each row, and what was declared against what is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.evidence.views.uploads import sent_file
from refurb.inventory.lists.actions.lists import (
    ARRIVED,
    OVER,
    confirm_list,
    drop_list,
    read_list,
    receive_list,
    refuse_over,
    understand_columns,
)
from refurb.inventory.lists.columns import COLUMNS, DeclaredColumn, mapping_of
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import (
    Planned,
    RowFate,
    declared_of,
    differences,
    donor_list,
    lists_of,
    plan_of,
    reading_of,
    reannounced,
    remembered,
)
from refurb.inventory.lists.rows import ListedMachine, Problem, ReadRow
from refurb.inventory.lists.schemas import ListColumns, ListConfirmed, ListFile
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import fold
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.progress import go_on
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _l, memory, size
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import PER_PAGE, Page, page_number
from refurb.spreadsheets.grid import SheetLeft
from refurb.spreadsheets.table import SheetTable

P = Permission
# So many rows are written while the browser waits; more are watched on the page of the work.
AT_ONCE = 100
FATES = {
    RowFate.CREATE: Look(_l("Sera ajoutée"), "circle-plus", "ok"),
    RowFate.UPDATE: Look(_l("Sera mise à jour"), "refresh-cw", "work"),
    RowFate.SAME: Look(_l("Déjà déclarée, inchangée"), "circle-check", "todo"),
    RowFate.LEAVE: Look(_l("Laissée de côté"), "octagon-x", "stop"),
}
SHEETS_LEFT = {
    SheetLeft.HIDDEN: _l("masquée dans le classeur"),
    SheetLeft.EMPTY: _l("vide"),
    SheetLeft.OTHER: _l("une autre feuille est lue"),
}
DOUBTFUL = Look(_l("Ajoutée, à vérifier"), "triangle-alert", "wait")


@dataclass(frozen=True)
class Cell:
    """One cell of the preview: what its column tells, what would be kept of it, what the file says where that differs, what is wrong."""

    label: Any
    stored: str
    typed: str
    problems: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ListLine:
    """One row of the preview; `url` leads to the machine that we know already."""

    number: int
    times: int
    look: Look
    cells: Sequence[Cell]
    problems: Sequence[tuple[str, str]]
    url: str | None


@blueprint.route("/dons/<reference>/liste", methods=["GET", "POST"])
@requires(P.DONATION_READ)
def donation_list(actor: Actor, reference: str) -> Response:
    """What was declared against what is here, and the file that declares more."""
    found = donation_by_reference(actor, reference)
    form = Form(ListFile)
    if request.method == "POST":
        with form.catching():
            refuse_over(found)
            upload = sent_file("file")
            sent = read_list(upload.content, upload.filename)
            with unit_of_work():
                made = receive_list(actor, found, sent)
                known = remembered(found.donor_id, made.signature) is not None
                done = _("Colonnes reconnues comme la dernière fois.") if known else None
                where = "inventory.list_preview" if known else "inventory.list_columns"
                return go(where, done=done, reference=found.reference, number=made.id)
        found = donation_by_reference(actor, reference)
    return page(
        "inventory/lists/list.html",
        form=form,
        donation=found,
        lists=lists_of(found),
        gaps=differences(found),
        declared=declared_of(found)[: PER_PAGE * 4],
        kinds=DEVICE_KINDS,
        takes=found.state not in OVER,
    )


@blueprint.route("/dons/<reference>/liste/<int:number>/colonnes", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def list_columns(actor: Actor, reference: str, number: int) -> Response:
    """Which column tells what, with a few of its values."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    kinds = [("", _("Ne rien supposer")), *((kind.value, word) for kind, word in DEVICE_KINDS.items())]
    form = Form(ListColumns, start={"default_kind": found.default_kind}, choices={"default_kind": kinds})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = load(ListColumns, {"columns": _sent_columns(request.form), "default_kind": request.form.get("default_kind", "")})
            understand_columns(actor, donation, found, **facts)
            return go("inventory.list_preview", reference=donation.reference, number=found.id)
        donation = donation_by_reference(actor, reference)
        found = donor_list(actor, donation, number)
    if found.table is None:
        return go("inventory.donation_list", reference=donation.reference)
    table = SheetTable.from_json(found.table)
    told = {at: name for name, at in mapping_of(found.columns).items()}
    if request.method == "POST":
        told = {
            at: DeclaredColumn(name)
            for at in range(len(table.headings))
            if (name := request.form.get(f"column_{at}")) in set(DeclaredColumn)
        }
    columns = [
        (at, heading or _("Colonne %(number)s", number=at + 1), table.samples(at), told.get(at))
        for at, heading in enumerate(table.headings)
    ]
    known = [each for each in columns if each[3] is not None]
    return page(
        "inventory/lists/list_columns.html",
        form=form,
        donation=donation,
        found=found,
        table=table,
        known=known,
        others=[each for each in columns if each[3] is None],
        words=COLUMNS,
    )


def _sent_columns(sent: MultiDict[str, str]) -> dict[str, int]:
    """The column chosen for each thing that a list can tell; `Invalid` where two were chosen for one."""
    columns: dict[str, int] = {}
    for name, value in sent.items():
        at = name.removeprefix("column_")
        if not name.startswith("column_") or not at.isdecimal() or len(at) > 4 or not value:
            continue
        if value in columns:
            raise Invalid({"columns": [Fault("list.column_twice")]})
        columns[value] = int(at)
    return columns


@blueprint.route("/dons/<reference>/liste/<int:number>", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def list_preview(actor: Actor, reference: str, number: int) -> Response:
    """What would become of each row, and the button that makes it so."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    arrived = donation.state in ARRIVED
    form = Form(ListConfirmed, start={"create_devices": arrived})
    if request.method == "POST":
        with form.catching():
            result = url_for("inventory.donation_list", reference=donation.reference)
            with unit_of_work():
                work = confirm_list(actor, donation, found, result_url=result, **form.load())
                work_id, total = work.id, work.total
                on = go("progress.work", number=work_id)
            if total <= AT_ONCE:
                go_on(work_id=work_id)
            return on
        donation = donation_by_reference(actor, reference)
        found = donor_list(actor, donation, number)
    if found.table is None:
        return go("inventory.donation_list", reference=donation.reference)
    planned = plan_of(found)
    troubled = [each for each in planned if each.row.problems and each.row.copy == 1]
    only = bool(troubled) and request.args.get("voir") != "toutes"
    shown = troubled if only else [each for each in planned if each.row.copy == 1]
    here = min(page_number(), max(1, -(-len(shown) // PER_PAGE)))
    return page(
        "inventory/lists/list_preview.html",
        form=form,
        donation=donation,
        found=found,
        number=found.id,
        counts=counts_of(planned),
        total=len(planned),
        troubled=len(troubled),
        only=only,
        lines=Page(_lines(found, shown[(here - 1) * PER_PAGE : here * PER_PAGE], planned), here, len(shown)),
        columns=[COLUMNS[column] for column in mapping_of(found.columns)],
        reannounced=reannounced(donation, planned),
        left_out=[(place, sentence(fault)) for place, fault in reading_of(found).left_out],
        sheets=[each for each in SheetTable.from_json(found.table).sheets if each[1] and each[2]],
        sheets_left=SHEETS_LEFT,
        kinds=DEVICE_KINDS,
        fields=[name for name in ("create_devices", "without_doubtful", "drop_missing") if _is_asked(name, donation, planned)],
    )


def _is_asked(name: str, donation: Donation, planned: Sequence[Planned]) -> bool:
    if name == "create_devices":
        return donation.state in ARRIVED
    if name == "without_doubtful":
        return any(each.row.is_doubtful for each in planned)
    mentioned = {each.item.id for each in planned if each.item is not None}
    return any(item.id not in mentioned for item in differences(donation).missing)


def counts_of(planned: Sequence[Planned]) -> dict[str, int]:
    """How many machines of a list have which fate, the doubtful ones counted besides."""
    counts = {str(fate): sum(1 for each in planned if each.fate == fate) for fate in RowFate}
    return {**counts, "doubtful": sum(1 for each in planned if each.fate != RowFate.LEAVE and each.row.is_doubtful)}


def _lines(found: DonorList, shown: Sequence[Planned], planned: Sequence[Planned]) -> list[ListLine]:
    table = SheetTable.from_json(found.table or {})
    cells = dict(table.rows)
    times: dict[int, int] = {}
    for each in planned:
        times[each.row.number] = times.get(each.row.number, 0) + 1
    columns = mapping_of(found.columns)
    return [
        ListLine(
            each.row.number,
            times[each.row.number],
            DOUBTFUL if each.row.is_doubtful and each.fate in {RowFate.CREATE, RowFate.UPDATE} else FATES[each.fate],
            [_cell(each.row, column, cells[each.row.number][at]) for column, at in columns.items()],
            _said(each.row.problems, None, set(DeclaredColumn) - set(columns)),
            url_for("inventory.device", code=each.known_code) if each.known_code else None,
        )
        for each in shown
    ]


def _cell(row: ReadRow, column: DeclaredColumn, typed: str) -> Cell:
    if column == DeclaredColumn.QUANTITY:
        return Cell(COLUMNS[column], typed, "", _said(row.problems, column))
    stored = _stored(row.machine, column)
    return Cell(COLUMNS[column], stored, "" if fold(stored) == fold(typed) else typed, _said(row.problems, column))


def _stored(machine: ListedMachine, column: DeclaredColumn) -> str:
    """What would be kept of a column, as it is shown everywhere."""
    match column:
        case DeclaredColumn.KIND:
            return str(DEVICE_KINDS[machine.kind]) if machine.kind else ""
        case DeclaredColumn.RAM:
            return memory(machine.ram_mb) if machine.ram_mb else ""
        case DeclaredColumn.STORAGE:
            return size(machine.storage_gb * 10**9) if machine.storage_gb else ""
        case _:
            return getattr(machine, column.value) or ""


def _said(problems: Sequence[Problem], *columns: Any) -> list[tuple[str, str]]:
    wanted = {each for column in columns for each in (column if isinstance(column, set) else {column})}
    return [(str(each.level), sentence(each.fault)) for each in problems if each.column in wanted]


@blueprint.post("/dons/<reference>/liste/<int:number>/oublier")
@requires(P.DONATION_WRITE)
def list_drop(actor: Actor, reference: str, number: int) -> Response:
    """Forget a list that was not confirmed."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    with unit_of_work():
        drop_list(actor, found)
        return go("inventory.donation_list", done=_("Liste oubliée : rien n'a été importé."), reference=donation.reference)
