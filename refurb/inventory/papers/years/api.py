"""The JSON door of donors' years: the same actions, schemas and refusals as the pages."""

from typing import Any

from flask import Response

from refurb.documents.api import paper_json
from refurb.documents.models import PaperKind, PaperStatus
from refurb.inventory.blueprint import api
from refurb.inventory.papers.years.actions import issue_yearly, note_stock
from refurb.inventory.papers.years.queries import YearRecord, record_of
from refurb.inventory.papers.years.schemas import NewYearly, Stock
from refurb.inventory.papers.years.views import donor_numbered, year_papers
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.guards import requires

P = Permission


@api.route("/donors/<int:number>/years/<int:year>", methods=["GET"])
@requires(P.DONATION_READ)
def donor_year_json(_actor: Actor, number: int, year: int) -> Response:
    """A donor's year: counts, what may be told of the machines, A and B where B is known, papers in force."""
    return answer(_year_json(record_of(donor_numbered(number), year)))


@api.route("/donors/<int:number>/years/<int:year>/stock", methods=["PUT"])
@requires(P.DONATION_WRITE)
def donor_year_stock_json(actor: Actor, number: int, year: int) -> Response:
    """Note what a public donor tells: B by category, and what it left out."""
    facts = load(Stock, json_body())
    with unit_of_work():
        note_stock(actor, donor_numbered(number), year, **facts)
        return answer(_year_json(record_of(donor_numbered(number), year)))


@api.route("/donors/<int:number>/years/<int:year>/papers", methods=["POST"])
@requires(P.PAPER_ISSUE)
def donor_year_paper_json(actor: Actor, number: int, year: int) -> Response:
    """Issue a yearly paper: BD, AR or RN; one in force that is no longer true is annulled and replaced."""
    kind = PaperKind(load(NewYearly, json_body())["kind"].value)
    with unit_of_work():
        return answer(paper_json(issue_yearly(actor, donor_numbered(number), year, kind)), 201)


def _year_json(known: YearRecord) -> dict[str, Any]:
    arrival, reen = known.arrival, known.reen
    return {
        "donor": {"id": known.year.donor.id, "name": known.year.donor.name, "siren": known.year.donor.siren},
        "year": known.year.year,
        "donations": [each.reference for each in known.donations],
        "announced": arrival.announced,
        "received": arrival.received,
        "refused": arrival.refused,
        "told": known.told,
        "given_by_month": {f"{month:%Y-%m}": count for month, count in known.months},
        "reused": len(known.reused),
        "reen": None
        if reen is None
        else {key: {"a": each.a, "b": each.b, "share": each.share} for key, each in zip("26", reen, strict=True)},
        "papers": [each.reference for each in year_papers(known) if each.status is PaperStatus.ISSUED],
    }
