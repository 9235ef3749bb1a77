"""The pages of activity sheets: read by everybody, shared by those who lend and by partners."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.queries import organisations
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.folding import slug
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import find_actor, public, requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pdfs import pdf_response, sent_pdf
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import products
from refurb.lending.sheets.actions import correct_sheet, share_sheet, withdraw_sheet
from refurb.lending.sheets.models import ActivitySheet
from refurb.lending.sheets.queries import activity_sheets, sheet_by_id
from refurb.lending.sheets.rules import check_change, may_change, may_share, sharing_organisations
from refurb.lending.sheets.schemas import SheetFacts
from refurb.lending.sheets.words import LICENCES

P = Permission
KEPT_SECONDS = 3600


@blueprint.get("/fiches")
@public
def sheet_list() -> Response:
    """Every sheet that is shared."""
    actor = find_actor()
    return page("lending/sheets/sheets.html", sheets=activity_sheets(), licences=LICENCES, may_share=actor is not None and may_share(actor))


@blueprint.get("/fiches/<int:number>")
@public
def sheet(number: int) -> Response:
    """One sheet: its text, or the way to its PDF."""
    found, actor = sheet_by_id(number), find_actor()
    paragraphs = [each.strip() for each in (found.text or "").split("\n\n") if each.strip()]
    return page(
        "lending/sheets/sheet.html", sheet=found, paragraphs=paragraphs, licence=LICENCES[found.licence],
        may_change=actor is not None and may_change(actor, found),
    )  # fmt: skip


@blueprint.get("/fiches/<int:number>/fiche.pdf")
@public
def sheet_file(number: int) -> Response:
    """The PDF, to be kept and opened elsewhere."""
    found = sheet_by_id(number)
    if found.file is None:
        raise NotFound
    return pdf_response(found.file, f"{slug(found.title)}.pdf", cached=f"public, max-age={KEPT_SECONDS}")


def _choices(actor: Actor) -> dict[str, list[tuple[str, Any]]]:
    own = sharing_organisations(actor)
    everywhere = actor.everywhere(P.ITEM_WRITE)
    offered = [(str(each.id), each.name) for each in organisations(partner=True) if everywhere or each.id in own]
    return {
        "organisation_id": [("", _("Nous")), *offered] if everywhere else offered,
        "products": [(str(each.id), each.name) for each in products()],
    }


@blueprint.route("/fiches/nouvelle", methods=["GET", "POST"])
@requires(P.ITEM_WRITE, P.RESERVATION_WRITE)
def share_sheet_page(actor: Actor) -> Response:
    """Share one."""
    form = Form(SheetFacts, start={"products": [number_asked("produit")] if number_asked("produit") else []}, choices=_choices(actor))
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            facts.pop("file")
            pdf = sent_pdf()
            with unit_of_work():
                made = share_sheet(actor, pdf, **facts)
                return go("lending.sheet", done=_("La fiche est partagée."), number=made.id)
        form.choices = _choices(actor)
    return page("lending/sheets/sheet_edit.html", form=form, sheet=None)


def _told(found: ActivitySheet) -> dict[str, Any]:
    names = ("title", "public", "minutes", "author", "licence", "organisation_id", "text")
    return {name: getattr(found, name) for name in names} | {"products": [each.id for each in found.products]}


@blueprint.route("/fiches/<int:number>/corriger", methods=["GET", "POST"])
@requires(P.ITEM_WRITE, P.RESERVATION_WRITE)
def correct_sheet_page(actor: Actor, number: int) -> Response:
    """Write one anew."""
    found = sheet_by_id(number)
    check_change(actor, found)
    form = Form(SheetFacts, start=_told(found), choices=_choices(actor))
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            facts.pop("file")
            pdf = sent_pdf()
            with unit_of_work():
                correct_sheet(actor, found, pdf, **facts)
                return go("lending.sheet", done=_("La fiche est corrigée."), number=number)
        form.choices = _choices(actor)
    return page("lending/sheets/sheet_edit.html", form=form, sheet=sheet_by_id(number))


@blueprint.post("/fiches/<int:number>/retirer")
@requires(P.ITEM_WRITE, P.RESERVATION_WRITE)
def withdraw_sheet_page(actor: Actor, number: int) -> Response:
    """Take one out of the catalogue."""
    with unit_of_work():
        withdraw_sheet(actor, sheet_by_id(number))
        return go("lending.sheet_list", done=_("La fiche est retirée du catalogue."))
