"""The pages of machines that may have two records: all of them, and two of them side by side."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import codes_with_serial, device_by_code
from refurb.inventory.devices.states import device_machine
from refurb.inventory.duplicates.actions import WAYS_BACK, merge_devices, tell_apart
from refurb.inventory.duplicates.queries import LIKENESSES, alike, duplicates, may_be_one
from refurb.inventory.duplicates.schemas import Apart, Reunion
from refurb.inventory.evidence.queries.evidence import drives_shown, reports_shown
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS, MERGEABLE
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import find_code, spell
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


@dataclass(frozen=True)
class Side:
    """One of two records, as the comparison shows it."""

    code: str
    title: str
    look: Look
    facts: list[tuple[Any, ...]]
    may_remain: bool
    comes_back: bool


@blueprint.get("/appareils/doublons")
@requires(P.DEVICE_MERGE)
def duplicates_list(actor: Actor) -> Response:
    """Every two records that may be of one machine."""
    return page(
        "inventory/duplicates/duplicates.html",
        pairs=duplicates(actor),
        looks=device_machine.looks,
        kinds=DEVICE_KINDS,
        likenesses=LIKENESSES,
    )


@blueprint.route("/appareils/<code>/reunir", methods=["GET", "POST"])
@requires(P.DEVICE_MERGE)
def device_merge(actor: Actor, code: str) -> Response:
    """Two records side by side; which one remains is chosen, and why."""
    found = device_by_code(actor, code)
    typed = request.form.get("other") or request.args.get("avec", "")
    other, refusal = _other(actor, found, typed)
    if other is None:
        codes = [pair.other if pair.one.id == found.id else pair.one for pair in alike(found.id)]
        return page(
            "inventory/duplicates/merge_which.html", status=404 if refusal else 200, device=found, title=device_title(found), alike=codes,
            refusal=refusal, typed=typed, looks=device_machine.looks, kinds=DEVICE_KINDS,
        )  # fmt: skip
    sides = [_side(each) for each in sorted((found, other), key=lambda each: each.id)]
    choices = [(side.code, spell(side.code), _consequence(side)) for side in sides if side.may_remain or side.comes_back]
    start = {"other": other.code, "keep": _likeliest(sides)}
    form = Form(Reunion, start=start, choices={"keep": choices})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            kept, joined = (found, other) if find_code(facts["keep"]) == found.code else (other, found)
            merge_devices(actor, joined, kept, reason=facts["reason"])
            done = _("Réunies : l'étiquette %(code)s mène maintenant ici.", code=spell(joined.code))
            return go("inventory.device", done=done, code=kept.code)
        found, other = device_by_code(actor, code), device_by_code(actor, other.code)
    return page(
        "inventory/duplicates/merge.html", form=form, device=found, sides=sides, likely=may_be_one(found, other), other=other,
        back=url_for("inventory.device", code=found.code),
    )  # fmt: skip


def _other(actor: Actor, found: Device, typed: str) -> tuple[Device | None, Refusal | None]:
    """The other record by its code, or by a serial that one record has."""
    if not typed.strip():
        return None, None
    code = find_code(typed)
    codes = [code] if code else list(codes_with_serial(typed.strip()[:120]))
    try:
        other = device_by_code(actor, codes[0]) if len(codes) == 1 else None
    except NotFound:
        other = None
    if other is None:
        return None, Refusal("scan.nothing_found", typed=typed.strip()[:60])
    return (None, Refusal("merge.same_record")) if other.id == found.id else (other, None)


def _side(device: Device) -> Side:
    drives = drives_shown(device)
    return Side(
        device.code,
        device_title(device),
        device_machine.looks[device.state],
        [
            (_("Nature"), DEVICE_KINDS[device.kind]),
            (_("N° de série"), device.serial, "mono"),
            (_("Don"), device.donation.reference),
            (_("Reçu le"), day(device.received_at)),
            (_("Étiquette"), _("imprimée") if device.labelled_at else _("jamais imprimée")),
            (_("Supports"), ", ".join(each.drive.serial or _("sans numéro") for each in drives) or _("aucun connu")),
            (_("Rapports lus"), len(reports_shown(device))),
        ],
        device.state in MERGEABLE,
        device.state in WAYS_BACK,
    )


def _consequence(side: Side) -> str:
    if side.comes_back:
        return _("%(state)s : son retour est enregistré, elle est à effacer de nouveau.", state=side.look.word)
    return str(side.look.word)


def _likeliest(sides: list[Side]) -> str | None:
    """The record that has the longest story: one that left and came back, else the older."""
    return next((side.code for side in sides if side.comes_back), next((side.code for side in sides if side.may_remain), None))


@blueprint.post("/appareils/doublons/distinguer")
@requires(P.DEVICE_MERGE)
def devices_apart(actor: Actor) -> Response:
    """Say that two records are of two machines."""
    facts = load(Apart, request.form)
    one, other = device_by_code(actor, facts["one"]), device_by_code(actor, facts["other"])
    with unit_of_work():
        tell_apart(actor, one, other)
        return go("inventory.duplicates_list", done=_("Noté : ce sont deux machines. On ne le redemandera pas."))
