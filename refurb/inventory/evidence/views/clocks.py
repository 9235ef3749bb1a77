"""The page on which a second person accepts a log that a wrong clock dated."""

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.evidence.actions.clocks import accept_clock
from refurb.inventory.evidence.actions.finished import finish_wipes
from refurb.inventory.evidence.queries.review import erasure_of
from refurb.inventory.evidence.schemas.drives import Why
from refurb.inventory.evidence.verdicts import may_be_the_clock
from refurb.inventory.evidence.views.drives import drive_title
from refurb.inventory.models.evidence import Erasure
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


@blueprint.context_processor
def clock_words() -> dict[str, object]:
    """What the pages of drives and reports ask before they offer it."""
    return {"may_be_the_clock": may_be_the_clock}


@blueprint.route("/effacements/preuves/<int:number>/horloge", methods=["GET", "POST"])
@requires(P.DEVICE_APPROVE)
def evidence_clock(actor: Actor, number: int) -> Response:
    """Accept a log for its drive although its date cannot be, since the clock of the machine was wrong."""
    shown = erasure_of(actor, number)
    form = Form(Why)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            accept_clock(actor, shown, reason=form.load()["reason"])
            finish_wipes(actor, [shown.drive])
            return go("inventory.drive", done=_("Journal accepté : ce support est effacé et vérifié."), number=shown.drive_id)
        shown = erasure_of(actor, number)
    return _clock_page(actor, shown, form)


def _clock_page(actor: Actor, shown: Erasure, form: Form) -> Response:
    if shown.drive is None:
        raise NotFound
    return page(
        "inventory/evidence/clock.html",
        form=form,
        shown=shown,
        drive=shown.drive,
        title=drive_title(shown.drive),
        sender=names_of({shown.report.actor_id}).get(shown.report.actor_id or 0),
        own=shown.report.actor_id == actor.id,
    )
