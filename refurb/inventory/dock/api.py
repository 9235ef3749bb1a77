"""The JSON door of the dock: half-days with room, labels printed in advance, what is scanned and what is refused, the slip."""

from typing import Any

from werkzeug.wrappers import Response

from refurb.directory.sites.rules import chosen_site
from refurb.documents.api import paper_json
from refurb.inventory.blueprint import api
from refurb.inventory.devices.doors import device_json
from refurb.inventory.dock.actions.intake_slips import issue_intake_slip
from refurb.inventory.dock.actions.reception import claim_label, detail, left_to_detail, refuse_on_arrival
from refurb.inventory.dock.schemas import NewSlip
from refurb.inventory.dock.shown import donation_json
from refurb.inventory.dock.views.reception import Scan, Several
from refurb.inventory.donations.queries.appointments import slots_with_room
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.donations.schemas.counts import RefusedTold
from refurb.inventory.donations.slots import slot_policy
from refurb.inventory.labels.actions.label_runs import codes_of_run, make_run
from refurb.inventory.labels.queries import run_by_id, runs
from refurb.inventory.labels.views.label_runs import NewRun
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, json_body, listed
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission


@api.route("/slots", methods=["GET"])
@requires(P.DONATION_READ)
def slots_json(actor: Actor) -> Response:
    """The half-days that have room, each with its key, its span in UTC and how many donations it can still hold; at the place `site`."""
    site_id = chosen_site(actor, number_asked("site"))
    found: list[dict[str, Any]] = []
    for room in slots_with_room(site_id):
        starts_at, ends_at = slot_policy().span(room.slot)
        found.append({"slot": room.slot.key, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "left": room.left})
    return answer({"items": found})


def _left_json(donation: Donation) -> dict[str, int]:
    return {kind.value: count for kind, count in left_to_detail(donation).items()}


@api.route("/donations/<reference>/labels", methods=["POST"])
@requires(P.DEVICE_INTAKE)
def claim_json(actor: Actor, reference: str) -> Response:
    """Give a label that was printed in advance to a machine of the donation: `kind` and `code`, as it was scanned."""
    donation = donation_by_reference(actor, reference)
    facts = load(Scan, json_body())
    with unit_of_work():
        claim = claim_label(actor, donation, facts["kind"], facts["code"])
        return answer({"outcome": claim.outcome.value, "device": device_json(claim.device, actor), "left": _left_json(donation)}, 201)


@api.route("/donations/<reference>/details", methods=["POST"])
@requires(P.DEVICE_INTAKE)
def detail_json(actor: Actor, reference: str) -> Response:
    """Give new codes to so many of a kind that were counted: `kind` and `count`."""
    donation = donation_by_reference(actor, reference)
    facts = load(Several, json_body())
    with unit_of_work():
        made = detail(actor, donation, facts["kind"], facts["count"])
        return answer({"codes": [device.code for device in made], "left": _left_json(donation)}, 201)


@api.route("/donations/<reference>/refused", methods=["POST"])
@requires(P.DEVICE_INTAKE)
def refused_json(actor: Actor, reference: str) -> Response:
    """Note what was brought and is not taken: `kind`, `count`, `reason`, and a `note` for the team."""
    donation = donation_by_reference(actor, reference)
    with unit_of_work():
        refuse_on_arrival(actor, donation, **load(RefusedTold, json_body()))
        return answer(donation_json(donation, actor), 201)


@api.route("/donations/<reference>/slip", methods=["POST"])
@requires(P.PAPER_ISSUE)
def slip_json(actor: Actor, reference: str) -> Response:
    """Issue the bordereau de prise en charge; one in force that says less is replaced, one that says the same refuses."""
    donation = donation_by_reference(actor, reference)
    facts = load(NewSlip, json_body())
    with unit_of_work():
        return answer(paper_json(issue_intake_slip(actor, donation, **facts)), 201)


@api.route("/label-runs", methods=["GET"])
@requires(P.LABEL_PRINT)
def label_runs_json(_actor: Actor) -> Response:
    """A page of the runs of labels printed in advance, the newest first."""
    found = runs(page_number())
    shown = [{"id": row.id, "made_at": row.made_at.isoformat(), "count": row.count, "unused": row.unused} for row in found.rows]
    return answer(listed(found, shown))


@api.route("/label-runs", methods=["POST"])
@requires(P.LABEL_PRINT)
def new_label_run_json(actor: Actor) -> Response:
    """Make a run of so many codes (`count`) that lead to nothing yet; answers with the codes."""
    facts = load(NewRun, json_body())
    with unit_of_work():
        run = make_run(actor, facts["count"])
        return answer({"id": run.id, "codes": [each.code for each in run.codes]}, 201)


@api.route("/label-runs/<int:run_id>", methods=["GET"])
@requires(P.LABEL_PRINT)
def label_run_json(actor: Actor, run_id: int) -> Response:
    """One run: its codes, and those that are on nothing yet."""
    run = run_by_id(actor, run_id)
    return answer({"id": run.id, "codes": codes_of_run(run, unused=False), "unused": codes_of_run(run, unused=True)})
