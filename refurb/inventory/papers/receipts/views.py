"""The pages of tax receipts: a gift's value and its receipt, the register of a year, and that it is declared."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.fiscal.queries import fiscal_basis
from refurb.documents.actions import content_of
from refurb.documents.models import PaperKind
from refurb.documents.samples import undrawn
from refurb.documents.wording import twin
from refurb.documents.words import paper_look
from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import NothingChanged
from refurb.inventory.papers.receipts.actions import (
    article_for,
    is_unchanged,
    issue_receipt,
    note_declared,
    receipt_draft,
    refuse_receipt,
    value_gift,
)
from refurb.inventory.papers.receipts.models import GiftValuation
from refurb.inventory.papers.receipts.queries import (
    ReceiptLine,
    declaration_of,
    due_on,
    is_forgotten,
    live_receipt,
    receipt_years,
    receipts_of,
    register_of,
    total_of,
    valuation_of,
)
from refurb.inventory.papers.receipts.schemas import CompanyValue, PersonValue
from refurb.inventory.papers.receipts.words import METHODS_SAID, Article, ValuedBy
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _l, _lp, _p
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pdfs import paper_response, sent_paper
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


@blueprint.get("/dons/<reference>/recu-fiscal")
@requires(P.DONATION_WRITE)
def donation_receipt(actor: Actor, reference: str) -> Response:
    """Whether a gift may have a receipt, what it is worth and who says so, and the receipt as it would be given."""
    donation = donation_by_reference(actor, reference)
    standing, valuation = live_receipt(donation), valuation_of(donation)
    replaces = standing.paper if standing else None
    closed, shown = _why_not(refuse_receipt, donation), None
    if not closed:
        is_same = standing is not None and is_unchanged(actor, donation, standing.paper)
        draft = receipt_draft(actor, donation, replaces.replaces if replaces and is_same else replaces)
        content = content_of(PaperKind.TAX, draft, f"{PaperKind.TAX.value}-{today().year}-····", today())
        shown = twin(replace(content, blocks=tuple(map(undrawn, content.blocks)))) | {"issued": _("Aperçu, sans valeur")}
        if standing and is_same:
            closed = sentence(NothingChanged(reference=standing.paper.reference))
    return page(
        "inventory/papers/receipts/receipt.html", donation=donation, valuation=valuation, closed=closed, twin=shown, replaces=replaces,
        no_value=_why_not(article_for, donation), basis=fiscal_basis(), receipts=receipts_of(donation), look_of=paper_look,
        euros=euros_said, methods=METHODS_SAID, who=wired().name_of(valuation.noted_by) if valuation else None,
    )  # fmt: skip


def _why_not(refuse: Callable[[Donation], object], donation: Donation) -> str:
    try:
        refuse(donation)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


@blueprint.post("/dons/<reference>/recu-fiscal")
@requires(P.PAPER_ISSUE)
def donation_receipt_issue(actor: Actor, reference: str) -> Response:
    """Issue the receipt of a gift."""
    with unit_of_work():
        paper = issue_receipt(actor, donation_by_reference(actor, reference))
        return go("inventory.donation_receipt", done=_("%(reference)s est établi.", reference=paper.reference), reference=reference)


@blueprint.route("/dons/<reference>/recu-fiscal/valeur", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_value(actor: Actor, reference: str) -> Response:
    """Note what a gift is worth, as its donor declares it or as whoever receives has checked it."""
    donation = donation_by_reference(actor, reference)
    is_company = article_for(donation) is Article.COMPANIES
    known = valuation_of(donation)
    form = Form(CompanyValue if is_company else PersonValue, start=_start(known))
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            facts.pop("file", None)
            letter = sent_paper() if is_company else None
            with unit_of_work():
                value_gift(actor, donation_by_reference(actor, reference), letter=letter, **facts)
                return go("inventory.donation_receipt", done=_("La valeur est notée."), reference=reference)
        donation = donation_by_reference(actor, reference)
    return page("inventory/papers/receipts/value.html", form=form, donation=donation, is_company=is_company)


def _start(known: GiftValuation | None) -> dict[str, object]:
    if known is None:
        return {"told_on": today()}
    told = {name: getattr(known, name) for name in ("method", "donor_form", "basis", "told_on")}
    return told | {"euros": euros_said(known.cents).removesuffix("\u202f€")}


@blueprint.get("/dons/<reference>/recu-fiscal/lettre")
@requires(P.DONATION_WRITE)
def donation_value_letter(actor: Actor, reference: str) -> Response:
    """The letter by which a company declared the value of its gift, as it was sent."""
    known = valuation_of(donation_by_reference(actor, reference))
    if known is None or known.valued_by is not ValuedBy.DONOR or known.letter is None:
        raise NotFound
    return paper_response(known.letter, f"lettre-{reference}")


@blueprint.get("/dons/recus-fiscaux")
@requires(P.PAPER_READ)
def receipts_latest(_actor: Actor) -> Response:
    """The register of this year."""
    return _register(today().year)


@blueprint.get("/dons/recus-fiscaux/<int:year>")
@requires(P.PAPER_READ)
def receipts_year(_actor: Actor, year: int) -> Response:
    """The register of a year, what is to be declared of it, and until when."""
    return _register(year)


def _register(year: int) -> Response:
    rows, told = register_of(year), declaration_of(year)
    return page(
        "inventory/papers/receipts/register.html", year=year, years=receipt_years(), rows=rows, total=total_of(year), told=told,
        due_on=due_on(year), is_over=year < today().year, is_gone=is_forgotten(year),
        is_late=due_on(year) < today(), basis=fiscal_basis(), euros=euros_said, who=wired().name_of(told.noted_by) if told else None,
    )  # fmt: skip


@blueprint.post("/dons/recus-fiscaux/<int:year>/declaration")
@requires(P.PAPER_ISSUE)
def receipts_declared(actor: Actor, year: int) -> Response:
    """Note that a year was declared to the tax administration."""
    with unit_of_work():
        note_declared(actor, year)
        return go("inventory.receipts_year", done=_("L'année %(year)s est notée comme déclarée.", year=year), year=year)


_COLUMNS = (
    SheetColumn(_lp("receipt", "Numéro"), lambda row: row.reference, 16),
    SheetColumn(_l("Donateur"), lambda row: row.donor, 36),
    SheetColumn(_l("Don"), lambda row: row.donation, 14),
    SheetColumn(_l("Date du don"), lambda row: row.given_on, 12),
    SheetColumn(_lp("receipt", "Émis le"), lambda row: row.issued_on, 12),
    SheetColumn(_l("Article du CGI"), lambda row: row.article, 12),
    SheetColumn(_l("Montant, en euros"), lambda row: row.cents / 100, 14),
    SheetColumn(_l("État"), lambda row: _p("receipt", "en vigueur") if row.is_live else _("annulé et remplacé"), 20),
)


def _rows(year: int) -> Iterator[ReceiptLine]:
    yield from register_of(year)


@exported(blueprint, "/dons/recus-fiscaux/<int:year>/registre", P.PAPER_READ)
def receipts_file(_actor: Actor, year: int) -> SheetFile:
    """The register of a year as a table."""
    return SheetFile.of(f"recus-fiscaux-{year}", _COLUMNS, _rows(year))
