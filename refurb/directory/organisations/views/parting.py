"""The page on which a merger of two organisations is undone."""

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.organisations.actions.parting import Parting, part_organisations, parting_of
from refurb.directory.organisations.queries import organisation_by_reference, standing_record
from refurb.directory.organisations.schemas import Parted
from refurb.directory.organisations.shown import masked
from refurb.directory.organisations.views.blueprint import blueprint
from refurb.directory.organisations.words import MOVED, TAKEN
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


@blueprint.route("/structures/<reference>/separer", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def part(actor: Actor, reference: str) -> Response:
    """Undo a merger: what goes back and what stays is shown before."""
    found = organisation_by_reference(actor, reference)
    form = Form(Parted)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            form.load()
            part_organisations(actor, found)
            return go("organisations.organisation", done=_("Les deux fiches sont à nouveau à part."), reference=found.reference)
        found = organisation_by_reference(actor, reference)
    return page("directory/organisation_part.html", form=form, record=found, stands=standing_record(found), **_told(actor, found))


def _told(actor: Actor, found: Any) -> dict[str, Any]:
    try:
        plan = parting_of(actor, found)
    except Refusal as refusal:
        return {"hindrance": sentence(refusal)}
    return {"hindrance": None, **_in_words(plan)}


def _in_words(plan: Parting) -> dict[str, Any]:
    staying = {each.table: each.staying for each in plan.shares if each.staying}
    return {
        "returning": _rows(plan.back),
        "elsewhere": _rows(plan.elsewhere),
        "staying": _rows(staying),
        "taken_back": ", ".join(str(TAKEN[each]) for each in plan.taken_back),
        "corrected": ", ".join(str(TAKEN[each]) for each in plan.corrected),
    }


def _rows(numbers: Mapping[str, int]) -> list[tuple[str, str]]:
    """Each kind of thing with its number; families are few before they are counted."""
    return [(str(MOVED[name]), masked(number) if name == "referrals" else str(number)) for name, number in numbers.items()]
