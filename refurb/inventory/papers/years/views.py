"""The pages of donors' years: who gave, what was issued, what a public donor tells of its stock."""

from collections.abc import Iterator
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.models import Organisation
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import in_force, papers_about
from refurb.documents.words import PAPER_ICONS, PAPER_KINDS, paper_look
from refurb.inventory.blueprint import blueprint
from refurb.inventory.models.devices import Device
from refurb.inventory.papers.gifts import gifts_of
from refurb.inventory.papers.years.actions import devices_of_year, issue_yearly, note_stock, refuse_yearly, stock_told
from refurb.inventory.papers.years.pdf import FATES_SAID, months_said, serials_in
from refurb.inventory.papers.years.queries import SCREENS, YEARLY, YearRecord, donors_of, giving_years, record_of
from refurb.inventory.papers.years.schemas import Stock
from refurb.inventory.words.donations import LEGAL_ORIGINS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _l, _p
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
PATHS = {"bilan": PaperKind.BILAN, "reemploi": PaperKind.REUSE, "reen": PaperKind.REEN}


def donor_numbered(number: int) -> Organisation:
    """A donor by number; raises `NotFound`."""
    found = db.session.get(Organisation, number)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/dons/annees")
@requires(P.DONATION_READ)
def giving_latest(_actor: Actor) -> Response:
    """The donors of the latest year in which anything came."""
    return _year_page((giving_years() or [today().year])[0])


@blueprint.get("/dons/annees/<int:year>")
@requires(P.DONATION_READ)
def giving_year(_actor: Actor, year: int) -> Response:
    """The donors of a year, and which of its papers each has."""
    return _year_page(year)


def _year_page(year: int) -> Response:
    donors = donors_of(year)
    return page("inventory/papers/years/year.html", year=year, years=giving_years(), donors=donors, kinds=YEARLY, words=PAPER_KINDS)


def _closed(kind: PaperKind, known: YearRecord) -> str:
    try:
        refuse_yearly(kind, known)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


def year_papers(known: YearRecord) -> list[Paper]:
    """The papers of the year, newest first."""
    return papers_about(known.year) if known.is_kept else []


@blueprint.get("/dons/annees/<int:year>/<int:number>")
@requires(P.DONATION_READ)
def donor_year(_actor: Actor, year: int, number: int) -> Response:
    """What one donor gave in a year, and the papers about it."""
    known = record_of(donor_numbered(number), year)
    papers = year_papers(known)
    buttons = [(path, kind, in_force(papers, kind), _closed(kind, known)) for path, kind in PATHS.items() if _concerns(kind, known)]
    return page(
        "inventory/papers/years/donor_year.html", known=known, donor=known.year.donor, year=year, papers=papers, buttons=buttons,
        icons=PAPER_ICONS, words=PAPER_KINDS, look_of=paper_look, fates=FATES_SAID, months_said=months_said,
        gifts=gifts_of(known.donations),
    )  # fmt: skip


def _concerns(kind: PaperKind, known: YearRecord) -> bool:
    return kind is not PaperKind.REEN or known.year.donor.is_public_body


@blueprint.post("/dons/annees/<int:year>/<int:number>/documents/<path>")
@requires(P.PAPER_ISSUE)
def donor_year_issue(actor: Actor, year: int, number: int, path: str) -> Response:
    """Issue one of the papers of a donor's year."""
    if path not in PATHS:
        raise NotFound
    with unit_of_work():
        paper = issue_yearly(actor, donor_numbered(number), year, PATHS[path])
        done = _("%(reference)s est établi.", reference=paper.reference)
        return go("inventory.donor_year", done=done, year=year, number=number)


@blueprint.route("/dons/annees/<int:year>/<int:number>/stock", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donor_year_stock(actor: Actor, year: int, number: int) -> Response:
    """Note what a public donor tells of its stock."""
    known = record_of(donor_numbered(number), year)
    form = Form(Stock, start=stock_told(known.year))
    if request.method == "POST":
        with form.catching(), unit_of_work():
            note_stock(actor, donor_numbered(number), year, **form.load())
            return go("inventory.donor_year", done=_("Ce que dit le donateur est noté."), year=year, number=number)
        known = record_of(donor_numbered(number), year)
    return page("inventory/papers/years/stock.html", form=form, donor=known.year.donor, year=year)


def _left_to_donor(_row: Any) -> None:
    return None


_COLUMNS = (
    SheetColumn("SIREN", lambda row: row[0].year.donor.siren, 12),
    SheetColumn(_l("Année"), lambda row: row[0].year.year, 8),
    SheetColumn("categorie_R543_172", lambda row: 2 if row[1].kind in SCREENS else 6, 8),
    SheetColumn("date_acquisition", _left_to_donor, 14),
    SheetColumn("date_reforme", _left_to_donor, 14),
    SheetColumn("age_annees", _left_to_donor, 10),
    SheetColumn("exclu", lambda _row: _p("spreadsheet", "non"), 8),
    SheetColumn("voie", lambda row: LEGAL_ORIGINS[row[2].legal_origin], 32),
    SheetColumn("date_orientation", lambda row: row[2].received_on, 14),
    SheetColumn("preuve_reemploi", lambda row: row[3] if row[1].serial in row[4] else None, 16),
    SheetColumn("n_serie", lambda row: row[1].serial, 20),
)
"""Those of the export for public donors (décret 2023-266): what only the donor knows, when it bought and wrote off, is left to fill in."""


def reen_rows(known: YearRecord) -> Iterator[tuple[YearRecord, Device, Any, str | None, frozenset[str]]]:
    """A row for each machine that was received and kept, by serial; the proof stands beside those whose serials it lists itself."""
    proof = in_force(year_papers(known), PaperKind.REUSE)
    reused = serials_in(proof) if proof else frozenset()
    donations = {each.id: each for each in known.donations}
    for device in devices_of_year(known):
        yield known, device, donations[device.donation_id], proof.reference if proof else None, reused


def reen_file(known: YearRecord) -> SheetFile:
    """The table of a public donor's year."""
    return SheetFile.of(f"reen-{known.year.year}", _COLUMNS, reen_rows(known))


@exported(blueprint, "/dons/annees/<int:year>/<int:number>/reen", P.DONATION_READ)
def donor_year_file(_actor: Actor, year: int, number: int) -> SheetFile:
    """The machines of a public donor's year, one a row."""
    return reen_file(record_of(donor_numbered(number), year))
