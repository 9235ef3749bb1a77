"""The JSON door of donors' lists: the same actions, schemas and refusals as the pages."""

from typing import Any

from flask import Response, url_for

from refurb.inventory.blueprint import api
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.evidence.views.uploads import sent_bodies
from refurb.inventory.lists.actions.lists import confirm_list, drop_list, read_list, receive_list, refuse_over, understand_columns
from refurb.inventory.lists.actions.mending import explain_words, mend_row
from refurb.inventory.lists.columns import DeclaredColumn
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import DECLARED, Planned, declared_of, differences, donor_list, plan_of, reading_of, reannounced
from refurb.inventory.lists.schemas import ListColumns, ListConfirmed, ListRow, ListWords
from refurb.inventory.lists.views import counts_of
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.api import answer, json_body, takes_files
from refurb.kernel.web.guards import requires
from refurb.kernel.web.works import work_json
from refurb.spreadsheets.table import SheetTable

P = Permission
# Rows told at once; the counts are of all.
MOST_TOLD = 500


@api.route("/donations/<reference>/lists", methods=["POST"])
@requires(P.DONATION_WRITE)
@takes_files
def list_receive_json(actor: Actor, reference: str) -> Response:
    """Read a donor's list, XLSX, ODS or CSV, sent as the body or as multipart; nothing is declared before it is confirmed."""
    donation = donation_by_reference(actor, reference)
    bodies = sent_bodies()
    if len(bodies) != 1:
        raise Invalid({"file": [Fault("upload.none_chosen")]})
    refuse_over(donation)
    sent = read_list(bodies[0].content, bodies[0].filename)
    with unit_of_work():
        found = receive_list(actor, donation, sent)
        return answer(list_json(donation, found), 201)


@api.route("/donations/<reference>/lists/<int:number>", methods=["GET"])
@requires(P.DONATION_WRITE)
def list_one_json(actor: Actor, reference: str, number: int) -> Response:
    """What would become of each row of a list that waits for its confirmation."""
    donation = donation_by_reference(actor, reference)
    return answer(list_json(donation, donor_list(actor, donation, number)))


@api.route("/donations/<reference>/lists/<int:number>/columns", methods=["PUT"])
@requires(P.DONATION_WRITE)
def list_columns_json(actor: Actor, reference: str, number: int) -> Response:
    """Say which column, counted from 0, tells what: {"columns": {"serial": 3, "kind": 0}, "default_kind": "laptop"}."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    facts = load(ListColumns, json_body())
    with unit_of_work():
        understand_columns(actor, donation, found, **facts)
        return answer(list_json(donation, donor_list(actor, donation, number)))


@api.route("/donations/<reference>/lists/<int:number>/rows/<int:row>", methods=["PUT"])
@requires(P.DONATION_WRITE)
def list_row_json(actor: Actor, reference: str, number: int, row: int) -> Response:
    """Say what stands in the cells of a row: {"serial": "PF1ABC02", "kind": "other"}; what is not named is the file's, so {} undoes it."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    sent = json_body()
    facts = load(ListRow, sent)
    told = {column: facts[column] or "" for column in DeclaredColumn if str(column) in sent}
    with unit_of_work():
        mend_row(actor, donation, found, row, told)
        return answer(list_json(donation, found))


@api.route("/donations/<reference>/lists/<int:number>/words", methods=["PUT"])
@requires(P.DONATION_WRITE)
def list_words_json(actor: Actor, reference: str, number: int) -> Response:
    """Say which kind words of the donor's mean: {"words": {"grille-pain": "other"}}; null for none that we know."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    facts = load(ListWords, json_body())
    with unit_of_work():
        explain_words(actor, donation, found, **facts)
        return answer(list_json(donation, found))


@api.route("/donations/<reference>/lists/<int:number>/confirm", methods=["POST"])
@requires(P.DONATION_WRITE)
def list_confirm_json(actor: Actor, reference: str, number: int) -> Response:
    """Import a list; answers at once with the work that does it: watch /works/ID."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    facts = load(ListConfirmed, json_body())
    with unit_of_work():
        work = confirm_list(actor, donation, found, result_url=url_for("inventory.donation_list", reference=donation.reference), **facts)
        return answer(work_json(work), 202)


@api.route("/donations/<reference>/lists/<int:number>", methods=["DELETE"])
@requires(P.DONATION_WRITE)
def list_drop_json(actor: Actor, reference: str, number: int) -> Response:
    """Forget a list that was not confirmed."""
    donation = donation_by_reference(actor, reference)
    found = donor_list(actor, donation, number)
    with unit_of_work():
        drop_list(actor, found)
        return answer({"dropped": number})


@api.route("/donations/<reference>/declared", methods=["GET"])
@requires(P.DONATION_READ)
def declared_json(actor: Actor, reference: str) -> Response:
    """What was declared machine by machine, and the device that each turned out to be."""
    donation = donation_by_reference(actor, reference)
    gaps = differences(donation, most=0)
    return answer(
        {
            "declared": gaps.declared,
            "met": gaps.met,
            "not_met": gaps.not_met,
            "unexpected": gaps.unexpected,
            "items": [_item_json(item) for item in declared_of(donation)],
        }
    )


def _item_json(item: DeclaredItem) -> dict[str, Any]:
    facts = {name: plain(getattr(item, name)) for name in DECLARED}
    return {**facts, "row": item.row, "device": item.device.code if item.device else None}


def list_json(donation: Donation, found: DonorList) -> dict[str, Any]:
    """A list as the API shows it: its headings, how they were understood, and what would become of its rows."""
    planned = plan_of(found)
    table = SheetTable.from_json(found.table) if found.table else None
    return {
        "id": found.id,
        "donation": donation.reference,
        "filename": found.filename,
        "confirmed": found.confirmed_at is not None,
        "work": found.work_id,
        "headings": list(table.headings) if table else [],
        "columns": found.columns,
        "default_kind": found.default_kind,
        "words": found.words,
        "mended": found.mended,
        "counts": counts_of(planned),
        "announces": [{"kind": each.kind, "announced": each.announced, "listed": each.listed} for each in reannounced(donation, planned)],
        "sheets": [
            {"name": name, "rows": rows, "read": why is None, "why_not": why} for name, rows, why in (table.sheets if table else ())
        ],
        "left_out": [{"row": number, "why": sentence(fault)} for number, fault in (reading_of(found).left_out if table else ())],
        "rows": [_planned_json(each) for each in planned[:MOST_TOLD]],
    }


def _planned_json(planned: Planned) -> dict[str, Any]:
    return {
        "row": planned.row.number,
        "fate": planned.fate,
        "machine": {name: plain(getattr(planned.row.machine, name)) for name in DECLARED},
        "known": planned.known_code,
        "problems": [
            {"column": each.column, "level": each.level, "code": each.fault.code, "message": sentence(each.fault)}
            for each in planned.row.problems
        ],
    }
