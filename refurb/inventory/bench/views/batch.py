"""A batch: one move, or each machine's next step, for label after label; each machine succeeds or is refused by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.inventory.bench.actions.batch import NEXT, TAKE, DoneInBatch, done_in_batch, move_in_batch, take_back_in_batch
from refurb.inventory.bench.policy import bench_policy
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_doors, device_title
from refurb.inventory.devices.queries.devices import codes_with_serial, device_by_code
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import find_code, spell
from refurb.kernel.speech.errors import Fault, Invalid, NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, moment
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.fields import LongText
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.kernel.web.replay import new_key
from refurb.kernel.web.undo import Undo, way_back

P = Permission

# How an outcome is shown: tone and icon.
LOOKS = {"done": ("ok", "circle-check"), "refused": ("stop", "octagon-x"), "unknown": ("wait", "circle-help"), "repeated": ("todo", "copy")}
LONGEST_CODE = 200


class BatchTold(Schema):
    """What was scanned: one label a line."""

    codes = LongText(max=LONGEST_CODE * 200)


@dataclass(frozen=True)
class LineResult:
    """What became of one line of a batch: done, refused, unknown or repeated; and the sentence that says so."""

    typed: str
    outcome: str
    title: str
    text: str = ""
    code: str | None = None
    name: str = ""
    move: str | None = None
    state: str | None = None
    refusal: str | None = None
    undo: Undo | None = None

    @property
    def tone(self) -> str:
        """Its tone on the page."""
        return LOOKS[self.outcome][0]

    @property
    def icon(self) -> str:
        """Its icon on the page."""
        return LOOKS[self.outcome][1]


def most_of_a_batch() -> int:
    """How many machines a batch may hold."""
    return bench_policy().most_of_a_batch


def moves_offered(actor: Actor) -> list[Move[Any]]:
    """The moves that can be made of many machines at once: those with a door that ask nothing about each one, as a machine meets them."""
    rows = [row for row in device_machine.moves if not row.inner and row.name not in device_doors.custom and actor.may(row.permission)]
    places = {state: place for place, state in enumerate(DeviceState)}
    return sorted(rows, key=lambda row: (not row.forward, max(places[source] for source in row.sources) if row.forward else 0))


def run_batch(actor: Actor, *, batch: str, move: str, typed: Sequence[str], facts: Mapping[str, Any]) -> list[LineResult]:
    """Make the batch's move of each line's machine, each in a unit of work of its own; one result a line, in the order told.

    What the move must be told is checked once, before the first machine: raises `Invalid` with its faults. Sent again with the same batch,
    what was done stays done once.
    """
    lines = [line.strip()[:LONGEST_CODE] for line in typed if line.strip()]
    if not lines:
        raise Invalid({"codes": [Fault("batch.nothing_scanned")]})
    if len(lines) > most_of_a_batch():
        raise Invalid({"codes": [Fault("batch.too_many", most=most_of_a_batch(), count=len(lines))]})
    if move not in {NEXT, TAKE}:
        row = device_machine[move]
        if row not in moves_offered(actor):
            raise NotFound("move.unknown", move=move)
        if row.facts:
            load(row.facts, facts)
    # Each line remembers by itself that it was done: the request's own key would only speak for the first.
    g.pop("idempotency_key", None)
    return [_one(actor, batch, move, line, facts) for line in lines]


def _one(actor: Actor, batch: str, move: str, typed: str, facts: Mapping[str, Any]) -> LineResult:
    code, fault = _code_of(typed)
    if code is None:
        return LineResult(typed, "unknown", _("Inconnu"), sentence(fault), refusal=fault.code)
    try:
        found = device_by_code(actor, code)
    except NotFound:
        return LineResult(typed, "unknown", _("Inconnu"), sentence(fault), code=code, refusal=fault.code)
    known: dict[str, Any] = {"code": found.code, "name": device_title(found)}
    try:
        with unit_of_work():
            came_from = found.state
            made = move_in_batch(actor, found, batch=batch, move=move, facts=facts)
            state, undo = found.state, _undo_of(actor, found, made, came_from)
    except DoneInBatch as again:
        told = _("%(done)s, %(when)s", done=_done(again.facts["move"]), when=moment(again.facts["at"], near=True))
        return LineResult(typed, "repeated", _("Déjà fait dans ce lot"), told, move=again.facts["move"], refusal=again.code, **known)
    except Refusal as refusal:
        return LineResult(typed, "refused", _("Refusé"), sentence(refusal), refusal=refusal.code, **known)
    return LineResult(typed, "done", _done(made), str(device_machine.looks[state].word), move=made, state=state.value, undo=undo, **known)


def take_batch_back(actor: Actor, *, batch: str) -> list[LineResult]:
    """Take back what a batch did, each machine in a unit of work of its own; one result a machine, the last one moved first."""
    codes = done_in_batch(actor, batch)
    if not codes:
        raise Invalid({"batch": [Fault("batch.nothing_to_take_back")]})
    g.pop("idempotency_key", None)
    return [_one_back(actor, batch, code) for code in codes]


def _one_back(actor: Actor, batch: str, code: str) -> LineResult:
    found = device_by_code(actor, code)
    known: dict[str, Any] = {"code": found.code, "name": device_title(found)}
    try:
        with unit_of_work():
            made = take_back_in_batch(actor, found, batch=batch, reason=_("Lot annulé."))
            state = found.state
    except Refusal as refusal:
        return LineResult(code, "refused", _("Pas annulé"), sentence(refusal), refusal=refusal.code, **known)
    done = _("Reposé") if made == TAKE else str(device_machine[made].done)
    return LineResult(code, "done", done, str(device_machine.looks[state].word), move=made, state=state.value, **known)


def _undo_of(actor: Actor, device: Device, made: str, came_from: DeviceState) -> Undo | None:
    base = f"/appareils/{device.code}"
    return Undo(f"{base}/poser") if made == TAKE else way_back(device_machine, base, device, made, came_from, actor)


def _done(move: str) -> str:
    return _("Pris en main") if move == TAKE else str(device_machine[move].done)


def _code_of(typed: str) -> tuple[str | None, Fault]:
    """The code in what was scanned, or of the one machine with this serial number; and what to say where there is none."""
    code = find_code(typed)
    if code is not None:
        return code, Fault("batch.unknown_code")
    same = codes_with_serial(typed)
    return (same[0] if len(same) == 1 else None), Fault("batch.several_serials" if len(same) > 1 else "batch.unknown_code")


@blueprint.route("/atelier/lot", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def batch(actor: Actor) -> Response:
    """Choose the move, then scan."""
    return _batch(
        actor,
        run=lambda key, chosen, form: run_batch(
            actor, batch=key, move=chosen, typed=request.form.get("codes", "").splitlines(), facts=form.sent()
        ),
    )


@blueprint.post("/atelier/lot/annuler")
@requires(P.DEVICE_WORK)
def batch_take_back(actor: Actor) -> Response:
    """Take back all that this batch did and that can still be taken back; each machine is answered for."""
    return _batch(actor, run=lambda key, _chosen, _form: take_batch_back(actor, batch=key))


def _batch(actor: Actor, run: Callable[[str, str, Form], list[LineResult]]) -> Response:
    offered = moves_offered(actor)
    told = request.form if request.method == "POST" else request.args
    names = {NEXT, TAKE, *(row.name for row in offered)}
    chosen = told.get("etape", NEXT) if told.get("etape", NEXT) in names else NEXT
    row = next((each for each in offered if each.name == chosen), None)
    form = Form(row.facts if row and row.facts else NoFacts)
    key = (told.get("lot") or "")[:64] or new_key()
    results: list[LineResult] = []
    if request.method == "POST":
        with form.catching():
            results = run(key, chosen, form)
        if request.headers.get("X-Batch") == "lines":
            status = 200 if results else form.status
            return page("inventory/bench/_batch_lines.html", status=status, results=results, form=None, faults=form.errors)
    return page(
        "inventory/bench/batch.html",
        form=form,
        offered=offered,
        chosen=chosen,
        row=row,
        key=key,
        results=list(reversed(results)),
        left=[] if results else _left(),
        most=most_of_a_batch(),
        NEXT=NEXT,
        TAKE=TAKE,
    )


def _left() -> list[str]:
    """What stands in the box: what was typed and could not be worked on, or what was ticked in the list of devices."""
    if request.method == "POST":
        return request.form.get("codes", "").splitlines()
    return [spell(found) for each in request.args.getlist("code")[: most_of_a_batch()] if (found := find_code(each))]
