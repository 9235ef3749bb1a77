"""The JSON door of tax receipts: the same actions, schemas and refusals as the pages."""

from typing import Any

from flask import Response, request

from refurb.documents.api import paper_json
from refurb.inventory.blueprint import api
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.papers.receipts.actions import article_for, issue_receipt, note_declared, value_gift
from refurb.inventory.papers.receipts.queries import due_on, register_of, total_of
from refurb.inventory.papers.receipts.schemas import CompanyValue, PersonValue
from refurb.inventory.papers.receipts.words import Article, Method
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body, takes_files
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pdfs import sent_paper

P = Permission

_EUROS = {"type": "string", "description": "Such as: 1234,50"}
_DAY = {"type": "string", "format": "date"}
_SENT: dict[str, Any] = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["euros", "method", "donor_form", "told_on", "file"],
                "properties": {
                    "euros": _EUROS,
                    "method": {"type": "string", "enum": [each.value for each in Method]},
                    "donor_form": {"type": "string", "description": "What the company is in law, such as: SAS"},
                    "told_on": _DAY | {"description": "The day of the letter."},
                    "file": {"type": "string", "format": "binary", "description": "The company's letter: a PDF or a picture."},
                },
            }
        },
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["euros", "basis", "told_on"],
                "properties": {"euros": _EUROS, "basis": {"type": "string"}, "told_on": _DAY},
            }
        },
    }
}


@api.route("/tax-receipts/<int:year>", methods=["GET"])
@requires(P.PAPER_READ)
def tax_receipts_json(_actor: Actor, year: int) -> Response:
    """The register of a year, with what is to be declared of it and until when."""
    total = total_of(year)
    told: dict[str, Any] = {"year": year, "receipts": total.receipts, "cents": total.cents, "due_on": due_on(year).isoformat()}
    lines = [
        {
            "reference": each.reference, "donor": each.donor, "donation": each.donation, "given_on": each.given_on.isoformat(),
            "issued_on": each.issued_on.isoformat(), "article": each.article, "cents": each.cents, "stands": each.is_live,
        }
        for each in register_of(year)
    ]  # fmt: skip
    return answer(told | {"lines": lines})


@api.route("/tax-receipts/<int:year>/declaration", methods=["POST"])
@requires(P.PAPER_ISSUE)
def tax_receipts_declared_json(actor: Actor, year: int) -> Response:
    """Note that what the register says of a year was declared; said again, it is what stands by now."""
    with unit_of_work():
        told = note_declared(actor, year)
        return answer({"year": told.year, "receipts": told.receipts, "cents": told.cents, "declared_on": told.declared_on.isoformat()})


@api.route("/donations/<reference>/value", methods=["PUT"])
@api.doc(requestBody=_SENT)
@requires(P.DONATION_WRITE)
@takes_files
def gift_value_json(actor: Actor, reference: str) -> Response:
    """Note what a gift is worth: of a private person as JSON; of a company as multipart, with the letter by which it says so."""
    is_company = article_for(donation_by_reference(actor, reference)) is Article.COMPANIES
    facts = load(CompanyValue, request.form.to_dict()) if is_company else load(PersonValue, json_body())
    facts.pop("file", None)
    letter = sent_paper() if is_company else None
    with unit_of_work():
        made = value_gift(actor, donation_by_reference(actor, reference), letter=letter, **facts)
        return answer({"cents": made.cents, "told_on": made.told_on.isoformat()})


@api.route("/donations/<reference>/tax-receipt", methods=["POST"])
@requires(P.PAPER_ISSUE)
def tax_receipt_json(actor: Actor, reference: str) -> Response:
    """Issue the receipt of a gift; one that stands and says otherwise is annulled and replaced."""
    with unit_of_work():
        return answer(paper_json(issue_receipt(actor, donation_by_reference(actor, reference))), 201)
