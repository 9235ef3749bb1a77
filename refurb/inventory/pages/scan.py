"""A code that was scanned or typed: what it leads to, in the fewest queries, since this is the page of the bench."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.directory.actions import CodeUnknown
from refurb.directory.scans.queries import NothingFound, card_of, meaning_of
from refurb.inventory.bench.next_step import next_step
from refurb.inventory.bench.views.work import bench_side
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import Scanned, Standing, scanned
from refurb.inventory.devices.states import ENDING, device_machine
from refurb.inventory.donations.queries.donations import being_received
from refurb.inventory.labels.actions.labels import short_cpu
from refurb.inventory.models.devices import Device
from refurb.inventory.pages.found import told_to_all
from refurb.inventory.words.devices import FLAG_KINDS, DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.codes import UnreadableCode, find_code, read_code, spell
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.web.brake import code_guesses
from refurb.kernel.web.doors import move_url
from refurb.kernel.web.guards import find_actor, public, requires
from refurb.kernel.web.pages import page


def look_up(typed: str) -> tuple[str, Scanned]:
    """The code in what was scanned, and what it leads to; raises `UnreadableCode` or `CodeUnknown`."""
    code = read_code(typed)
    found = scanned(code)
    if found is None:
        raise CodeUnknown(code=spell(code))
    return code, found


@blueprint.get("/S/<path:typed>")
@blueprint.get("/s/<path:typed>", endpoint="scan_lower")
@public
def scan(typed: str) -> Response:
    """What the QR on a label opens: the bench page for us, a page of help for whoever else scans it."""
    actor, place = find_actor(), request.remote_addr or "?"
    if actor is None:
        code_guesses.check(place)
    try:
        code, found = look_up(typed)
    except (UnreadableCode, CodeUnknown) as refusal:
        if actor is None:
            code_guesses.miss(place)
        return _misread(refusal)
    return _opened(actor, code, found)


def _opened(actor: Actor | None, code: str, found: Scanned) -> Response:
    for_all = wired().public_scan_targets.get(found.kind or "")
    if for_all is not None and found.subject_id is not None:
        shown: Response = for_all(found.subject_id)
        return shown
    if actor is None:
        return _help(found)
    if found.kind is None:
        if not actor.may(Permission.DEVICE_INTAKE):
            return _help(found)
        return page("inventory/pages/unclaimed.html", code=code, donations=being_received())
    # A device of the lending pool keeps its code, which then leads to its item.
    if found.standing is not None and found.kind == Device.KIND:
        return _bench(actor, found.standing) if actor.may(Permission.DEVICE_READ) else _help(found)
    assert found.subject_id is not None
    target = wired().scan_targets.get(found.kind)
    return target(actor, found.subject_id) if target else _help(found)


def _misread(refusal: Refusal) -> Response:
    """Says that the label was misread, with a box to type what is printed on it; for everybody."""
    return page("inventory/pages/misread.html", status=404, refusal=refusal)


@blueprint.get("/etiquette")
@public
def typed_label() -> Any:
    """The code of a label, typed by whoever has it in hand."""
    typed = request.args.get("code", "").strip()[:60]
    return redirect(url_for("inventory.scan", typed=find_code(typed) or typed or "-"), code=302)


FAMILY_TONGUES = {"fr": "Français", "en": "English", "ar": "العربية", "uk": "Українська"}
"""The languages of the page that a family opens by its label, each in its own words."""


def _help(found: Scanned) -> Response:
    """Says what it is to us as it stands, and who to ask; nothing of the machine, its donor or whose it is."""
    state = found.standing.state if found.standing is not None and found.kind == Device.KIND else None
    with_family = found.standing if state is DeviceState.HANDED_OVER else None
    code = with_family.code if with_family else None
    return page("inventory/pages/help.html", told=told_to_all(found.kind, state), code=code, tongues=FAMILY_TONGUES)


def _bench(actor: Actor, device: Standing) -> Response:
    choices = device_machine.open_to(device, actor)
    step = next_step(device, choices)
    base = f"/appareils/{device.code}"
    others = [each for each in choices if (step is None or each.move is not step.move) and each.move.name != "join_pool"]
    return page(
        "inventory/pages/scan.html",
        device=device,
        title=device_title(device),
        look=device_machine.looks[device.state],
        step=step,
        base=base,
        blocked=[each for each in others if each.closed is not None],
        open_moves=[(each.move, move_url(base, each.move)) for each in others if each.closed is None and each.move.name not in ENDING],
        ending_moves=[(each.move, move_url(base, each.move)) for each in others if each.closed is None and each.move.name in ENDING],
        step_url=move_url(base, step.move) if step and step.move else "",
        flags=[FLAG_KINDS[kind] for kind in device.gate.flags],
        cpu=short_cpu(device.cpu),
        bench=bench_side(actor, device, most_notes=1),
    )


@blueprint.get("/scanner")
@requires(Permission.DEVICE_READ, Permission.LOAN_READ)
def scanner(actor: Actor) -> Any:
    """The scan box: a code, an address, or a maker's serial number."""
    typed = request.args.get("code", "").strip()[:300]
    if not typed:
        return page("inventory/pages/scanner.html", typed="", refusal=None)
    try:
        meaning = meaning_of(actor, typed)
    except (CodeUnknown, NothingFound) as refusal:
        return page("inventory/pages/scanner.html", status=404, typed=typed, refusal=refusal)
    return redirect(card_of(actor, meaning).url, code=302)
