"""The JSON door of tax receipts: the same actions, schemas and refusals as the pages."""

from typing import Any

from flask import Response

from refurb.documents.api import paper_json
from refurb.inventory.blueprint import api
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.papers.receipts.actions import issue_receipt, value_gift
from refurb.inventory.papers.receipts.queries import due_on, register_of, total_of
from refurb.inventory.papers.receipts.schemas import PersonValue
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.guards import requires

P = Permission


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


@api.route("/donations/<reference>/value", methods=["PUT"])
@requires(P.DONATION_WRITE)
def gift_value_json(actor: Actor, reference: str) -> Response:
    """Note what a private person's gift is worth; a company's comes with its letter, by the page."""
    facts = load(PersonValue, json_body())
    with unit_of_work():
        made = value_gift(actor, donation_by_reference(actor, reference), **facts)
        return answer({"cents": made.cents, "told_on": made.told_on.isoformat()})


@api.route("/donations/<reference>/tax-receipt", methods=["POST"])
@requires(P.PAPER_ISSUE)
def tax_receipt_json(actor: Actor, reference: str) -> Response:
    """Issue the receipt of a gift; one that stands and says otherwise is annulled and replaced."""
    with unit_of_work():
        return answer(paper_json(issue_receipt(actor, donation_by_reference(actor, reference))), 201)
