"""The pages on which the desk suspends somebody's loans, and lifts that."""

from collections.abc import Callable
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.suspensions.actions import lift_suspension, suspend
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.words import SUSPENDED_WHY

P = Permission


@blueprint.route("/emprunteurs/<code>/suspendre", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def suspend_borrower(actor: Actor, code: str) -> Response:
    """Lend somebody nothing for now, with a reason."""
    return _decided(actor, code, suspend, _("Prêts suspendus."), is_lifting=False)


@blueprint.route("/emprunteurs/<code>/lever-la-suspension", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def lift(actor: Actor, code: str) -> Response:
    """Lend to somebody again, with a reason."""
    return _decided(actor, code, lift_suspension, _("Suspension levée."), is_lifting=True)


def _decided(actor: Actor, code: str, deed: Callable[..., Any], done: str, *, is_lifting: bool) -> Response:
    need_names()
    found, form = borrower_by_code(actor, code), Form(Reason)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            deed(actor, found, **form.load())
            return go("lending.borrower", done=done, code=found.code)
        found = borrower_by_code(actor, code)
    return page(
        "lending/suspensions/decide.html",
        status=form.status,
        form=form,
        borrower=found,
        suspension=suspension_of(found),
        reasons=SUSPENDED_WHY,
        is_lifting=is_lifting,
    )
