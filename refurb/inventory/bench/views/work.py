"""The work in hand: taking a machine, passing it on, putting it down, and the notes of the bench."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.inventory.bench.actions.notes import correct_note, correctable_for, write_note
from refurb.inventory.bench.actions.work import pass_on, pick_up, put_down
from refurb.inventory.bench.queries.notes import BenchNote, bench_notes, hand_and_notes
from refurb.inventory.bench.queries.work import InHand, technicians
from refurb.inventory.bench.schemas import NewNote, PassOn
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import Standing, device_by_code
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import AT_BENCH
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, moment
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import Undo

P = Permission


@dataclass(frozen=True)
class ShownNote:
    """A note as the page shows it; `correct` is where its author may still correct it."""

    text: str
    told: str
    correct: str


@dataclass(frozen=True)
class BenchSide:
    """What a device's page says to whoever works at the bench: in whose hands it is, and what was noted."""

    hand: InHand | None
    mine: bool
    takeable: bool
    my_id: int | None
    notes: list[ShownNote]


def bench_side(actor: Actor, device: Standing, *, most_notes: int | None = None) -> BenchSide | None:
    """Read it for a page; None for whoever does not work at the bench, who is not shown the notes."""
    if not actor.may(P.DEVICE_WORK):
        return None
    hand, notes = hand_and_notes(device)
    return BenchSide(
        hand=hand,
        mine=hand is not None and hand.account_id == actor.id,
        takeable=device.state in AT_BENCH,
        my_id=actor.id,
        notes=[_shown(actor, device, each) for each in notes[:most_notes]],
    )


def _shown(actor: Actor, device: Standing, note: BenchNote) -> ShownNote:
    told = _("%(who)s, %(when)s", who=note.who or _("quelqu'un"), when=moment(note.at, near=True))
    if note.corrected_at is not None:
        told = _("%(told)s, corrigée %(when)s", told=told, when=moment(note.corrected_at, near=True))
    may = note.is_free and note.by == actor.id and now() - note.at <= correctable_for()
    return ShownNote(note.text, told, url_for("inventory.note_correct", code=device.code, position=note.position) if may else "")


@blueprint.route("/appareils/<code>/prendre", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def take(actor: Actor, code: str) -> Response:
    """Take a machine in hand."""
    found = device_by_code(actor, code)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            pick_up(actor, found)
            undo = Undo(url_for("inventory.put", code=found.code))
            return go("inventory.device", done=_("Pris en main."), undo=undo, code=found.code)
    return _question(form, device_by_code(actor, code), _("Prendre en main"), "wrench")


@blueprint.route("/appareils/<code>/poser", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def put(actor: Actor, code: str) -> Response:
    """Put a machine down."""
    found = device_by_code(actor, code)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            put_down(actor, found)
            undo = Undo(url_for("inventory.take", code=found.code))
            return go("inventory.device", done=_("Posé : à prendre par qui veut."), undo=undo, code=found.code)
    return _question(form, device_by_code(actor, code), _("Poser"), "inbox")


@blueprint.route("/appareils/<code>/passer", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def hand_on(actor: Actor, code: str) -> Response:
    """Pass a machine to a colleague, or take it over."""
    found = device_by_code(actor, code)
    people = technicians()
    form = Form(PassOn, choices={"to": [("", _("Choisir")), *((str(each), name) for each, name in people)]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            pass_on(actor, found, **facts)
            done = _("Pris en main.") if facts["to"] == actor.id else _("Passé à %(who)s.", who=dict(people)[facts["to"]])
            return go("inventory.device", done=done, code=found.code)
    return _question(form, device_by_code(actor, code), _("Passer à un collègue"), "handshake")


@blueprint.route("/appareils/<code>/notes", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def note_write(actor: Actor, code: str) -> Response:
    """Write a note."""
    found = device_by_code(actor, code)
    form = Form(NewNote)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            write_note(actor, found, **form.load())
            return go("inventory.device", done=_("Note gardée."), code=found.code)
    return _question(form, device_by_code(actor, code), _("Écrire une note"), "message-square")


@blueprint.route("/appareils/<code>/notes/<int:position>", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def note_correct(actor: Actor, code: str, position: int) -> Response:
    """Correct one's own note."""
    found = device_by_code(actor, code)
    known = next((each for each in bench_notes(found) if each.position == position and each.is_free), None)
    if known is None:
        raise NotFound
    form = Form(NewNote, start={"text": known.text})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_note(actor, found, position, **form.load())
            return go("inventory.device", done=_("Note corrigée."), code=found.code)
    return _question(form, device_by_code(actor, code), _("Corriger la note"), "pen-line")


def _question(form: Form, device: Device, label: str, icon: str) -> Response:
    return page("inventory/bench/work.html", form=form, device=device, title=device_title(device), label=label, icon_name=icon)
