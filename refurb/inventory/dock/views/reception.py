"""The dock: counting what arrives, giving each thing its code with the scanner in hand, noting what is not taken."""

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, validates_schema
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.queries.devices import newest_of
from refurb.inventory.dock.actions.reception import Claimed, claim_label, detail, left_to_detail, refuse_on_arrival
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.donations.schemas.counts import MOST_OF_A_KIND, RefusedTold
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.donations.words import ARRIVAL_REFUSALS, ArrivalRefusal
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _, _l, _n
from refurb.kernel.web.fields import Date, Number, Text, Tick, Word
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission

REFUSALS_ON_THE_FORM = 2
"""What else is refused is noted on a page of its own."""

SHOWN = 12
"""How many of the devices detailed last the page shows."""

_SCANNED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class Scan(Schema):
    """One label, on a thing of one kind."""

    kind = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS, required=True)
    code = Text(_l("Étiquette"), required=True, max=200, attrs=_SCANNED)


class Several(Schema):
    """So many of a kind at one go."""

    kind = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS, required=True)
    count = Number(_l("Combien"), required=True, min=1, max=MOST_OF_A_KIND)


class _Counting(Schema):
    """What is refused is told whole: how many, of which kind, and why."""

    @validates_schema
    def refusals_are_whole(self, facts: dict[str, Any], **_: Any) -> None:
        """A number without a kind or a reason is half a refusal."""
        missing = [
            f"refused_{row}_{name}"
            for row in range(1, REFUSALS_ON_THE_FORM + 1)
            for name in ("kind", "reason")
            if facts.get(f"refused_{row}_count") and facts.get(f"refused_{row}_{name}") is None
        ]
        if missing:
            raise ValidationError({name: [Fault("field.required")] for name in missing})


def refused_told(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of the dock's form that say what was refused."""
    found: list[dict[str, Any]] = []
    for row in range(1, REFUSALS_ON_THE_FORM + 1):
        told: dict[str, Any] = {name: facts.get(f"refused_{row}_{name}") for name in ("kind", "count", "reason")}
        if told["count"]:
            found.append({**told, "kind": told["kind"].value, "reason": told["reason"].value})
    return found


def count_schema(donation: Donation) -> type[Schema]:
    """The form of the dock: one number for each announced line, one for each kind that nobody announced, then what is refused."""
    announced = {line.kind: line.announced for line in donation.lines}
    fields: dict[str, Any] = {"received_on": Date(_l("Reçu le"), required=True)}
    for kind, count in announced.items():
        said = _n("%(num)s annoncé", "%(num)s annoncés", count)
        fields[f"count_{kind}"] = Number(DEVICE_KINDS[kind], help=said, required=True, max=MOST_OF_A_KIND)
    for kind in DEVICE_KINDS:
        if kind not in announced:
            fields[f"count_{kind}"] = Number(DEVICE_KINDS[kind], max=MOST_OF_A_KIND)
    for row in range(1, REFUSALS_ON_THE_FORM + 1):
        fields[f"refused_{row}_count"] = Number(_l("Nombre refusé"), max=MOST_OF_A_KIND)
        fields[f"refused_{row}_kind"] = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS)
        fields[f"refused_{row}_reason"] = Word(ArrivalRefusal, _l("Motif"), labels=ARRIVAL_REFUSALS)
    fields["detail_later"] = Tick(_l("Je colle des étiquettes imprimées d'avance : les codes viendront en les scannant."))
    return _Counting.from_dict(fields)


@blueprint.route("/dons/<reference>/receptionner", methods=["GET", "POST"])
@requires(P.DONATION_RECEIVE)
def donation_receive(actor: Actor, reference: str) -> Response:
    """Count what arrived, and enter as many devices unless labels are scanned afterwards; `?tout-est-la` begins with what was announced."""
    found = donation_by_reference(actor, reference)
    all_here = {f"count_{line.kind}": line.announced for line in found.lines} if "tout-est-la" in request.args else {}
    form = Form(count_schema(found), start={"received_on": today(), **all_here})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            counts = {kind: facts[f"count_{kind}"] for kind in DeviceKind if facts.get(f"count_{kind}") is not None}
            donation_machine.fire(
                found,
                "receive",
                actor,
                received_on=facts["received_on"].isoformat(),
                counts=counts,
                refused=refused_told(facts),
                detail_later=facts["detail_later"],
            )
            if facts["detail_later"] and sum(counts.values()):
                done = _("Compté. Scannez maintenant chaque étiquette.")
                return go("inventory.donation_detail", done=done, reference=found.reference)
            done = _n("%(num)s appareil compté : il a son code.", "%(num)s appareils comptés : chacun a son code.", sum(counts.values()))
            return go("inventory.donation", done=done, reference=found.reference)
        found = donation_by_reference(actor, reference)
    else:
        form.refusal = donation_machine.refusal(found, "receive")
    announced = [f"count_{line.kind}" for line in found.lines]
    besides = [f"count_{kind}" for kind in DEVICE_KINDS if f"count_{kind}" not in announced]
    return page(
        "inventory/dock/receive.html", form=form, donation=found, announced=announced, besides=besides,
        refusals=range(1, REFUSALS_ON_THE_FORM + 1), all_here=bool(all_here),
    )  # fmt: skip


def _detail_page(actor: Actor, reference: str, form: Form, several: Form, kind: DeviceKind | None) -> Response:
    found = donation_by_reference(actor, reference)
    left = left_to_detail(found)
    chosen = kind or next((each for each, count in left.items() if count), None) or (found.lines[0].kind if found.lines else None)
    counted = {line.kind: line.received or 0 for line in found.lines}
    return page(
        "inventory/dock/detail.html",
        status=form.status if form.status != 200 else several.status,
        form=form,
        several=several,
        donation=found,
        left=left,
        counted=counted,
        chosen=chosen or DeviceKind.LAPTOP,
        kinds=DEVICE_KINDS,
        newest=newest_of(found, SHOWN),
        is_open=found.state in {DonationState.RECEIVED, DonationState.SORTED},
    )


def _asked_kind() -> DeviceKind | None:
    asked = request.values.get("kind", "")
    return DeviceKind(asked) if asked in set(DeviceKind) else None


SAID = {
    Claimed.DETAILED: _l("%(code)s : %(kind)s, étiquette collée."),
    Claimed.RELABELLED: _l("%(code)s : %(kind)s, cette étiquette remplace un code jamais imprimé."),
    Claimed.EXTRA: _l("%(code)s : %(kind)s, un de plus que compté. Le compte est corrigé."),
}


@blueprint.route("/dons/<reference>/detailler", methods=["GET", "POST"])
@requires(P.DEVICE_INTAKE)
def donation_detail(actor: Actor, reference: str) -> Response:
    """Scan one label after the other: each answers in one line, and the cursor is back in the box."""
    form, several = Form(Scan), Form(Several)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            claim = claim_label(actor, donation_by_reference(actor, reference), facts["kind"], facts["code"])
            said = str(SAID[claim.outcome]) % {"code": spell(claim.device.code), "kind": str(DEVICE_KINDS[facts["kind"]])}
            return go("inventory.donation_detail", done=said, reference=reference, kind=facts["kind"].value)
    return _detail_page(actor, reference, form, several, _asked_kind())


@blueprint.post("/dons/<reference>/detailler/lot")
@requires(P.DEVICE_INTAKE)
def donation_detail_several(actor: Actor, reference: str) -> Response:
    """Give new codes to so many of a kind at one go."""
    form, several = Form(Scan), Form(Several)
    with several.catching(), unit_of_work():
        facts = several.load()
        made = detail(actor, donation_by_reference(actor, reference), facts["kind"], facts["count"])
        done = _n("%(num)s code créé : imprimez son étiquette.", "%(num)s codes créés : imprimez leurs étiquettes.", len(made))
        return go("inventory.donation_labels", done=done, reference=reference)
    return _detail_page(actor, reference, form, several, _asked_kind())


@blueprint.route("/dons/<reference>/refus", methods=["GET", "POST"])
@requires(P.DEVICE_INTAKE)
def donation_refused(actor: Actor, reference: str) -> Response:
    """Note what was brought and is not taken."""
    found = donation_by_reference(actor, reference)
    form = Form(RefusedTold)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            refuse_on_arrival(actor, found, **form.load())
            return go("inventory.donation", done=_("Refus noté."), reference=found.reference)
        found = donation_by_reference(actor, reference)
    lead = _("Ce qui n'est pas pris reste au donateur : il n'est ni compté, ni collecté, ni mis au rebut par nous.")
    return page(
        "inventory/donations/donation_fact.html",
        form=form,
        donation=found,
        title=_("Refuser à l'arrivée"),
        lead=lead,
        icon_name="octagon-x",
    )
