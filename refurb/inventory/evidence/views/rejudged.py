"""The page on which a person decides what a proof is worth that an older release accepted and today's rules would refuse."""

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.actions.judged_again import decide_rejudgement
from refurb.inventory.evidence.queries.review import rejudgement_of
from refurb.inventory.evidence.schemas.drives import ProofDecision
from refurb.inventory.evidence.verdicts import counts
from refurb.inventory.evidence.views.drives import drive_title
from refurb.inventory.models.evidence import Rejudgement
from refurb.inventory.words.erasures import PROOF_FATES, ProofFate
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page


def objection_found(found: Rejudgement) -> Fault:
    """What today's rules object to a proof, as its sentence is found."""
    return Fault(found.reason, serial=found.erasure.serial or "?", model=found.erasure.model or "?")


@blueprint.context_processor
def rejudged_words() -> dict[str, object]:
    """What the queue and the drive's page say it with."""
    return {"objection_found": objection_found}


@blueprint.route("/effacements/jugements/<int:number>", methods=["GET", "POST"])
@requires(Permission.DEVICE_APPROVE)
def proof_rejudged(actor: Actor, number: int) -> Response:
    """Decide whether a proof counts all the same."""
    found = rejudgement_of(actor, number)
    form = Form(ProofDecision)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            decide_rejudgement(actor, found, **facts)
            kept = facts["fate"] is ProofFate.KEPT
            done = _("Noté : cette preuve compte encore.") if kept else _("Noté : cette preuve ne compte plus.")
            return go("inventory.drive", done=done, number=found.drive_id)
        found = rejudgement_of(actor, number)
    return page(
        "inventory/evidence/proof_rejudged.html",
        form=form,
        found=found,
        drive=found.drive,
        title=drive_title(found.drive),
        is_open=found.decided_at is None and counts(found.erasure),
        who=names_of({found.decided_by}).get(found.decided_by or 0),
        fates=PROOF_FATES,
        looks=device_machine.looks,
        host=found.drive.stays[-1].device if found.drive.stays else None,
    )
