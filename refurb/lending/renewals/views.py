"""The page on which the desk lets a loan go on."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.loans.queries import loan_by_reference
from refurb.lending.queries import days_late
from refurb.lending.renewals.actions import renew_all
from refurb.lending.renewals.queries import renewals_of
from refurb.lending.renewals.rules import NothingToRenew
from refurb.lending.renewals.schemas import RenewalTold

P = Permission


def _told() -> dict[str, Any]:
    """The lines that were ticked, each with its day."""
    ticked = request.form.getlist("line")
    if not ticked:
        raise NothingToRenew
    return {"lines": [{"line": each, "until": request.form.get(f"until-{each}", "")} for each in ticked]}


@blueprint.route("/prets/<reference>/prolonger", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def renew_loan(actor: Actor, reference: str) -> Response:
    """Until when each thing of a loan may stay, and what is in the way; the ticked ones go on."""
    found = loan_by_reference(actor, reference)
    form = Form(RenewalTold)
    if request.method == "POST":
        with form.catching():
            told = load(RenewalTold, _told())
            with unit_of_work():
                lines = renew_all(actor, found, told["lines"])
                done = _n("%(num)s retour reporté.", "%(num)s retours reportés.", len(lines))
                return go("lending.loan", done=done, reference=found.reference)
        found = loan_by_reference(actor, reference)
    ticked = request.form.getlist("line") if request.method == "POST" else []
    return page(
        "lending/renewals/renew.html",
        status=form.status,
        form=form,
        loan=found,
        renewals=renewals_of(found),
        only=number_asked("ligne"),
        ticked=ticked,
        is_typed=request.method == "POST",
        typed=request.form,
        sentence=sentence,
        days_late=days_late,
        title=_("Prolonger"),
    )
