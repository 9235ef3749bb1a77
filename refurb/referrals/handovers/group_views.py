"""The page of one visit for several residents of a host structure."""

from collections.abc import Sequence
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from refurb.directory.models import Organisation
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.handovers.schemas import VisitTogether
from refurb.referrals.handovers.shown import place_said, when_said
from refurb.referrals.handovers.together import residents_of, roomy_slots, structures_to_visit, visit_together
from refurb.referrals.models import Allocation

P = Permission


@blueprint.route("/rendez-vous/ensemble", methods=["GET", "POST"])
@requires(P.APPOINTMENT_WRITE)
def together(actor: Actor) -> Response:
    """Choose a structure, then who of its residents is handed a device at which hour."""
    g.section = "referrals.handovers"
    structures = structures_to_visit(actor)
    number = number_asked("structure") or number_in(request.form.get("organisation_id"))
    # Of whose residents one is left, the others being awaited meanwhile, stays the structure that was chosen.
    residents = residents_of(actor, number) if number else []
    organisation = residents[0].referral.partner if residents else None
    if organisation is not None and str(organisation.id) not in {key for key, _name in structures}:
        structures.append((str(organisation.id), organisation.name))
    form = Form(VisitTogether, start=_start(organisation, residents), choices={
        "organisation_id": structures, "allocations": [_resident(each) for each in residents],
        "slot": [
            (str(each.slot.id), when_said(each.slot), _n("%(place)s, reste %(num)s place", "%(place)s, reste %(num)s places", each.left,
             place=place_said(each.slot.site_id, at_home=each.slot.at_home))) for each in roomy_slots()
        ],
    })  # fmt: skip
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = visit_together(actor, **form.load())
            done = _n("%(num)s rendez-vous pris, en une visite.", "%(num)s rendez-vous pris, en une visite.", len(made))
            return go("referrals.appointments", done=done)
    return page("referrals/handovers/together.html", form=form, structures=structures, host=organisation, residents=residents)


def _start(organisation: Organisation | None, residents: Sequence[Allocation]) -> dict[str, Any]:
    if organisation is None:
        return {}
    return {"organisation_id": organisation.id, "allocations": [each.id for each in residents], "address": organisation.postal_address}


def _resident(allocation: Allocation) -> tuple[str, str, str]:
    """One of them by the reference of her file, never by name."""
    device = allocation.device
    machine = _("%(kind)s, %(code)s", kind=str(DEVICE_KINDS[device.kind]), code=spell(device.code))
    return str(allocation.id), allocation.referral.reference, machine
