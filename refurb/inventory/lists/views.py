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
from refurb.inventory.lists.actions.mending import explain_words, mend_row
from refurb.inventory.lists.columns import COLUMNS, DeclaredColumn, mapping_of
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import (
    Planned,
    RowFate,
    cells_of,
    declared_of,
    differences,
    donor_list,
    kind_words,
    lists_of,
    mended_row,
    plan_of,
    reading_of,
    reannounced,
    remembered,
    row_digest,
    row_start,
    touched,
)
from refurb.inventory.lists.rows import ListedMachine, Problem, ReadRow, stored_of
from refurb.inventory.lists.schemas import ListColumns, ListConfirmed, ListFile, ListRow, ListWords
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import fold
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.progress import go_on
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
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
WORDS_AT_ONCE = 30
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
    is_mended: bool


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
    form = Form(ListColumns, start={"default_kind": found.default_kind}, choices={"default_kind": _kinds_or(_("Ne rien supposer"))})
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
    words = kind_words(found, planned)
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
        columns=[COLUMNS[column] for column in columns_shown(found)],
        words=words[:WORDS_AT_ONCE],
        words_left=max(0, len(words) - WORDS_AT_ONCE),
        reannounced=reannounced(donation, planned),
        left_out=sorted(
            ((place, sentence(fault), str(place) in found.mended) for place, fault in reading_of(found).left_out),
            key=lambda each: not each[2],
        ),
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
    columns, shown_columns = mapping_of(found.columns), columns_shown(found)
    return [
        ListLine(
            each.row.number,
            times[each.row.number],
            DOUBTFUL if each.row.is_doubtful and each.fate in {RowFate.CREATE, RowFate.UPDATE} else FATES[each.fate],
            [_cell(found, each.row, column, _cell_of(cells[each.row.number], columns.get(column))) for column in shown_columns],
            _said(each.row.problems, None, set(DeclaredColumn) - set(shown_columns)),
            url_for("inventory.device", code=each.known_code) if each.known_code else None,
            str(each.row.number) in found.mended,
        )
        for each in shown
    ]


def columns_shown(found: DonorList) -> list[DeclaredColumn]:
    """The columns of the preview: those that the file tells, and those that a person told of some row."""
    told = {name for row in found.mended.values() for name in row}
    columns = mapping_of(found.columns)
    return [*columns, *(column for column in DeclaredColumn if column in told and column not in columns)]


def _cell_of(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _cell(found: DonorList, row: ReadRow, column: DeclaredColumn, typed: str) -> Cell:
    if column == DeclaredColumn.QUANTITY:
        said = mended_row(found, row.number).get(column, typed)
        return Cell(COLUMNS[column], said, "" if said == typed else typed, _said(row.problems, column))
    stored = _stored(row.machine, column)
    return Cell(COLUMNS[column], stored, "" if fold(stored) == fold(typed) else typed, _said(row.problems, column))


def _stored(machine: ListedMachine, column: DeclaredColumn) -> str:
    """What would be kept of a column, as it is shown everywhere."""
    kept = stored_of(machine, column)
    match column:
        case DeclaredColumn.KIND if kept:
            return str(DEVICE_KINDS[kept])
        case DeclaredColumn.RAM if kept:
            return memory(kept)
        case DeclaredColumn.STORAGE if kept:
            return size(kept * 10**9)
        case _:
            return kept or ""


def _said(problems: Sequence[Problem], *columns: Any) -> list[tuple[str, str]]:
    wanted = {each for column in columns for each in (column if isinstance(column, set) else {column})}
    return [(str(each.level), sentence(each.fault)) for each in problems if each.column in wanted]


@blueprint.route("/dons/<reference>/liste/<int:number>/lignes/<int:row>", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def list_row(actor: Actor, reference: str, number: int, row: int) -> Response:
    """One row as the file says it, and what is to be kept of it."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    cells = cells_of(found, row)
    if cells is None:
        raise NotFound
    planned = [each for each in plan_of(found) if each.row.number == row]
    form = Form(ListRow, start=_row_start(found, row), choices={"kind": _kinds_or(_("Comme dans le fichier"))})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            mend_row(actor, donation, found, row, touched(found, row, facts), request.form.get("shown"))
            is_mended = str(row) in found.mended
            done = _("Ligne %(row)s corrigée.", row=row) if is_mended else _("Ligne %(row)s : ce que dit le fichier.", row=row)
            return go("inventory.list_preview", done=done, reference=donation.reference, number=found.id)
        donation = donation_by_reference(actor, reference)
        found = donor_list(actor, donation, number)
    else:
        form.faults = {
            str(problem.column): [problem.fault] for each in planned[:1] for problem in each.row.problems if problem.column is not None
        }
    table = SheetTable.from_json(found.table or {})
    return page(
        "inventory/lists/list_row.html",
        form=form,
        status=form.status if request.method == "POST" else 200,
        donation=donation,
        found=found,
        row=row,
        shown=row_digest(found, row) if found.table else "",
        said=[(heading or _("Colonne %(number)s", number=at + 1), _cell_of(cells, at)) for at, heading in enumerate(table.headings)],
        problems=_said(planned[0].row.problems, None) if planned else [],
    )


def _row_start(found: DonorList, row: int) -> dict[str, Any]:
    return {str(column): text for column, text in row_start(found, row).items()}


def _kinds_or(nothing: str) -> list[tuple[str, Any]]:
    return [("", nothing), *((kind.value, word) for kind, word in DEVICE_KINDS.items())]


@blueprint.post("/dons/<reference>/liste/<int:number>/lignes/<int:row>/du-fichier")
@requires(P.DONATION_WRITE)
def list_row_as_sent(actor: Actor, reference: str, number: int, row: int) -> Response:
    """Take back what was written in place of a row's cells."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    with unit_of_work():
        mend_row(actor, donation, found, row, {})
        done = _("Ligne %(row)s : ce que dit le fichier.", row=row)
        return go("inventory.list_preview", done=done, reference=donation.reference, number=found.id)


@blueprint.post("/dons/<reference>/liste/<int:number>/mots")
@requires(P.DONATION_WRITE)
def list_words(actor: Actor, reference: str, number: int) -> Response:
    """What the donor's words mean."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    sent = zip(*(request.form.getlist(name) for name in ("word", "was", "kind")), strict=False)
    # What the page showed and nobody touched is not said: somebody else may have explained it meanwhile.
    told = {word: kind or None for word, was, kind in sent if kind != was}
    facts = load(ListWords, {"words": told})
    with unit_of_work():
        explain_words(actor, donation, found, **facts)
        return go("inventory.list_preview", done=_("Mots compris ainsi."), reference=donation.reference, number=found.id)


@blueprint.post("/dons/<reference>/liste/<int:number>/oublier")
@requires(P.DONATION_WRITE)
def list_drop(actor: Actor, reference: str, number: int) -> Response:
    """Forget a list that was not confirmed."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    with unit_of_work():
        drop_list(actor, found)
        return go("inventory.donation_list", done=_("Liste oubliée : rien n'a été importé."), reference=donation.reference)
