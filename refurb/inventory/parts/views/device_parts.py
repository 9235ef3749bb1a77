"""The parts of one device: what is fitted, what was taken out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.actions import CodeTaken, CodeUnknown
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import Standing, device_by_code
from refurb.inventory.evidence.actions.drives import WORKSHOP
from refurb.inventory.models.devices import Device
from refurb.inventory.parts.actions import fit_part, take_back_part, take_out_part
from refurb.inventory.parts.models import Part
from refurb.inventory.parts.queries import Fitted, fitted_in, part_by_code, taken_from, that_may_fit
from refurb.inventory.parts.schemas import PartOf, PieceFate, TakenOut
from refurb.inventory.parts.views.parts import euros, fitted_said
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.parts import PART_KINDS, PartKind, within
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import UnreadableCode, spell
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import Undo

P = Permission

# Said beside the code that was typed, not on top of the page.
CODE_FIELD: dict[type[Refusal], str] = {UnreadableCode: "code", CodeUnknown: "code", CodeTaken: "code"}


@blueprint.route("/appareils/<code>/pieces", methods=["GET", "POST"])
@requires(P.PART_WRITE)
def device_parts(actor: Actor, code: str) -> Response:
    """What is fitted into a device; fit one more by its code, or from those in stock that may fit."""
    found = device_by_code(actor, code)
    form = Form(PartOf, start={"quantity": 1})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            reopened = fit_part(actor, part_by_code(actor, facts["part"]), found, facts["quantity"])
            back = {"part": facts["part"], "quantity": str(facts["quantity"])}
            undo = Undo(url_for("inventory.device_part_back", code=found.code), _("Reprendre la pièce"), back)
            return go("inventory.device_parts", done=fitted_said(reopened), undo=undo, code=found.code)
    found = device_by_code(actor, code)
    asked = request.args.get("nature")
    kind = PartKind(asked) if asked in set(PartKind) else None
    fitted = fitted_in(found.id)
    known = [each.cents for each in fitted if each.cents is not None]
    return page(
        "inventory/parts/device_parts.html",
        form=form,
        device=found,
        title=device_title(found),
        fitted=fitted,
        cost=euros(sum(known)) if known else None,
        taken=taken_from(found.id),
        may_fit=that_may_fit(kind, found.name),
        kind=kind,
        kinds=PART_KINDS,
        within=within,
        euros=euros,
        on_bench=found.state in WORKSHOP,
        opens=_opens(found),
    )


@blueprint.post("/appareils/<code>/pieces/reprendre")
@requires(P.PART_WRITE)
def device_part_back(actor: Actor, code: str) -> Response:
    """Take a part that was fitted back to the stock."""
    found = device_by_code(actor, code)
    with unit_of_work():
        facts = Form(PartOf).load()
        take_back_part(actor, part_by_code(actor, facts["part"]), found, facts["quantity"])
        return go("inventory.device_parts", done=_("Pièce reprise en stock."), code=found.code)


@blueprint.route("/appareils/<code>/pieces/prelever", methods=["GET", "POST"])
@requires(P.PART_WRITE)
def device_part_out(actor: Actor, code: str) -> Response:
    """Take a piece that came with a device out of it."""
    found = device_by_code(actor, code)
    asked = request.args.get("nature")
    form = Form(TakenOut, start={"kind": asked if asked in set(PartKind) else PartKind.RAM, "fate": PieceFate.KEEP}, field_of=CODE_FIELD)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            part = take_out_part(actor, found, keep=facts.pop("fate") is PieceFate.KEEP, **facts)
            done = _("Pièce gardée : %(code)s.", code=spell(part.code)) if part else _("Pièce jetée : c'est noté.")
            return go("inventory.device_parts", done=done, code=found.code)
    shown = device_by_code(actor, code)
    return page("inventory/parts/device_part_out.html", form=form, device=shown, title=device_title(shown))


@dataclass(frozen=True)
class PartsShown:
    """The panel of a device's page: what is fitted, what was taken out, the cost (empty where not known), whether it may change."""

    fitted: Sequence[Fitted]
    taken: Sequence[Part]
    cost: str
    opens: bool


def parts_shown(actor: Actor, device: Device | Standing) -> PartsShown:
    """What the page of a device says of its parts."""
    fitted = fitted_in(device.id)
    known = [each.cents for each in fitted if each.cents is not None]
    opens = actor.may(P.PART_WRITE) and _opens(device)
    return PartsShown(fitted, taken_from(device.id), euros(sum(known)) if known else "", opens)


def _opens(device: Device | Standing) -> bool:
    return device.state in WORKSHOP or device.state is DeviceState.PARTS
