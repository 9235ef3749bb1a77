"""The scan that packs a reservation ahead, and the press that takes a thing out of its bag again."""

from flask import request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import item_by_code
from refurb.lending.reservations.packing import pack, unpack
from refurb.lending.reservations.queries import reservation_by_reference
from refurb.lending.reservations.views import shown_of


@blueprint.post("/reservations/<reference>/preparer")
@requires(Permission.LOAN_WRITE)
def pack_reservation(actor: Actor, reference: str) -> Response:
    """Put the thing that was scanned into the bag, or take it out."""
    found = reservation_by_reference(actor, reference)
    takes_out = bool(request.form.get("out"))
    try:
        item = item_by_code(actor, request.form.get("code", ""))
        with unit_of_work():
            (unpack if takes_out else pack)(actor, found, item)
    except Refusal as refusal:
        shown = shown_of(actor, reservation_by_reference(actor, reference), str(sentence(refusal)))
        return page("lending/reservations/reservation.html", status=refusal.status, **shown)
    done = _("%(name)s est retiré du sac.", name=item.name) if takes_out else _("%(name)s est dans le sac.", name=item.name)
    return go("lending.reservation", done=done, reference=reference)
