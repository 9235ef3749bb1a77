"""The pages of what waits for a person: what was stated without a tool's log, evidence without its drive, and the queue of both."""

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.actions.devices import withdraw_without_drive
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.evidence.actions.destructions import confirm_destruction, decline_destruction
from refurb.inventory.evidence.actions.finished import finish_stated, finish_wipes
from refurb.inventory.evidence.actions.statements import confirm_statement, decline_statement, state_erasure, state_memory_reset
from refurb.inventory.evidence.actions.unmatched import attach_erasure, is_waiting, set_aside, take_up_again
from refurb.inventory.evidence.queries.evidence import latest_erasure_reports
from refurb.inventory.evidence.queries.loose_drives import one_drive
from refurb.inventory.evidence.queries.review import (
    destruction_of,
    destructions_waiting,
    erasure_of,
    evidence_waiting,
    likely_drives,
    rejudgements_waiting,
    statement_of,
    statements_waiting,
)
from refurb.inventory.evidence.schemas.drives import Attachment, StatedErasure, StatedReset, Why
from refurb.inventory.evidence.views.drives import drive_title
from refurb.inventory.models.evidence import ErasureStatement
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.erasures import VERIFICATIONS, ErasureStatus
from refurb.inventory.words.techniques import TECHNIQUE_LABELS, level_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import from_wall
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pictures import picture_response
from refurb.kernel.web.search import page_number
from refurb.kernel.web.undo import Undo

P = Permission


def on_the_clock(told: dict[str, object]) -> dict[str, object]:
    """What was told with its times as instants: they were read on the territory's wall clock."""
    for name in ("started_at", "ended_at"):
        if told[name] is not None:
            told[name] = from_wall(told[name])  # type: ignore[arg-type]
    return told


@blueprint.get("/effacements")
@requires(P.DEVICE_ERASE)
def unmatched(actor: Actor) -> Response:
    """All that waits for somebody to look at it, and the latest reports."""
    statements, destructions = statements_waiting(), destructions_waiting()
    people: set[int | None] = {each.entered_by for each in statements}
    people |= {account for each in destructions for account in (each.declared_by, each.witness_id)}
    return page(
        "inventory/evidence/unmatched.html",
        statements=statements,
        destructions=destructions,
        rejudged=rejudgements_waiting(),
        names=names_of(people),
        found=evidence_waiting(page_number()),
        latest=latest_erasure_reports(),
        own=actor.id,
    )


@blueprint.route("/supports/<int:number>/effacement", methods=["GET", "POST"])
@requires(P.DEVICE_ERASE)
def drive_state_erasure(actor: Actor, number: int) -> Response:
    """State that a drive was erased with a tool that writes no log."""
    shown = one_drive(actor, number)
    # Where a tool has read the medium, only what applies to it is offered.
    fitting = [(key.value, label) for key, label in TECHNIQUE_LABELS.items() if level_of(key, shown.medium)]
    known = shown.medium != Medium.UNKNOWN
    form = Form(StatedErasure, start={"medium": shown.medium}, choices={"technique": fitting} if known else {})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            stated = state_erasure(actor, shown, **on_the_clock(form.load()))  # type: ignore[arg-type]
            return go("inventory.statement", done=_("Noté. Cela comptera quand une seconde personne l'aura confirmé."), number=stated.id)
        shown = one_drive(actor, number)
    return page("inventory/evidence/drive_state_erasure.html", form=form, drive=shown, title=drive_title(shown), knows=known)


@blueprint.route("/appareils/<code>/memoire", methods=["GET", "POST"])
@requires(P.DEVICE_ERASE)
def device_memory(actor: Actor, code: str) -> Response:
    """State that the soldered memory of a tablet or a telephone was reset."""
    device = device_by_code(actor, code)
    form = Form(StatedReset)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            stated = state_memory_reset(actor, device, verification="device", **on_the_clock(form.load()))  # type: ignore[arg-type]
            return go("inventory.statement", done=_("Noté. Cela comptera quand une seconde personne l'aura confirmé."), number=stated.id)
        device = device_by_code(actor, code)
    return page("inventory/evidence/device_memory.html", form=form, device=device, title=device_title(device))


@blueprint.get("/effacements/declarations/<int:number>")
@requires(P.DEVICE_READ)
def statement(actor: Actor, number: int) -> Response:
    """What was stated, and what is left to do about it."""
    return _statement_page(actor, statement_of(actor, number), Form(Why))


def _statement_page(actor: Actor, shown: ErasureStatement, form: Form) -> Response:
    drive = shown.erasure.drive if shown.erasure else None
    return page(
        "inventory/evidence/statement.html",
        shown=shown,
        drive=drive,
        about=drive_title(drive) if drive else (device_title(shown.device) if shown.device else ""),
        names=names_of({shown.entered_by, shown.confirmed_by, shown.declined_by}),
        verifications=VERIFICATIONS,
        is_open=shown.confirmed_at is None and shown.declined_at is None and shown.voided_at is None,
        own=shown.entered_by == actor.id,
        form=form,
    )


@blueprint.post("/effacements/declarations/<int:number>/confirmer")
@requires(P.DEVICE_APPROVE)
def statement_confirm(actor: Actor, number: int) -> Response:
    """Agree with what was stated, as the second person."""
    form = Form(NoFacts)
    with form.catching(), unit_of_work():
        shown = statement_of(actor, number)
        confirm_statement(actor, shown)
        finish_stated(actor, shown)
        return go("inventory.statement", done=_("Confirmé : cet effacement compte."), number=number)
    return _statement_page(actor, statement_of(actor, number), form)


@blueprint.post("/effacements/declarations/<int:number>/refuser")
@requires(P.DEVICE_APPROVE)
def statement_decline(actor: Actor, number: int) -> Response:
    """Do not agree with what was stated."""
    form = Form(Why)
    with form.catching(), unit_of_work():
        decline_statement(actor, statement_of(actor, number), reason=form.load()["reason"])
        return go("inventory.statement", done=_("Noté : cet effacement ne compte pas."), number=number)
    return _statement_page(actor, statement_of(actor, number), form)


@blueprint.get("/effacements/declarations/<int:number>/photo")
@requires(P.DEVICE_READ)
def statement_photo(actor: Actor, number: int) -> Response:
    """The picture that came with what was stated."""
    photo = statement_of(actor, number).photo
    if photo is None:
        raise NotFound
    return picture_response(photo)


@blueprint.route("/effacements/destructions/<int:number>/confirmer", methods=["GET", "POST"])
@requires(P.DEVICE_APPROVE)
def destruction_confirm(actor: Actor, number: int) -> Response:
    """Confirm having seen a drive destroyed."""
    declared = destruction_of(actor, number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            confirm_destruction(actor, declared)
            finish_wipes(actor, [declared.drive])
            return go("inventory.drive", done=_("Destruction confirmée."), number=declared.drive_id)
        declared = destruction_of(actor, number)
    return page("inventory/evidence/destruction.html", form=form, declared=declared, title=drive_title(declared.drive), declining=False)


@blueprint.route("/effacements/destructions/<int:number>/refuser", methods=["GET", "POST"])
@requires(P.DEVICE_APPROVE)
def destruction_decline(actor: Actor, number: int) -> Response:
    """Say that a drive was not destroyed after all."""
    declared = destruction_of(actor, number)
    form = Form(Why)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            decline_destruction(actor, declared, reason=form.load()["reason"])
            return go("inventory.drive", done=_("Noté : le support n'est pas détruit, il est en stock."), number=declared.drive_id)
        declared = destruction_of(actor, number)
    return page("inventory/evidence/destruction.html", form=form, declared=declared, title=drive_title(declared.drive), declining=True)


@blueprint.route("/effacements/preuves/<int:number>", methods=["GET", "POST"])
@requires(P.DEVICE_ERASE)
def evidence_line(actor: Actor, number: int) -> Response:
    """One line of evidence without its drive: which drives it may be of, and what to do with it."""
    shown = erasure_of(actor, number)
    form = Form(Attachment)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            attach_erasure(actor, shown, one_drive(actor, facts["drive_id"]), reason=facts["reason"])
            accepted = shown.status == ErasureStatus.ACCEPTED
            done = _("Rattachée : la preuve est acceptée.") if accepted else _("Rattachée. La preuve n'est pas acceptée.")
            return go("inventory.drive", done=done, number=facts["drive_id"])
        shown = erasure_of(actor, number)
    return page(
        "inventory/evidence/evidence_line.html",
        form=form,
        shown=shown,
        likely=likely_drives(shown),
        waits=is_waiting(shown),
        aside=Form(Why),
    )


@blueprint.post("/effacements/preuves/<int:number>/mettre-de-cote")
@requires(P.DEVICE_ERASE)
def evidence_set_aside(actor: Actor, number: int) -> Response:
    """Put evidence away, with the reason."""
    form = Form(Why)
    with form.catching(), unit_of_work():
        set_aside(actor, erasure_of(actor, number), reason=form.load()["reason"])
        undo = Undo(url_for("inventory.evidence_take_up", number=number))
        return go("inventory.unmatched", done=_("Mise de côté. Si son support apparaît un jour, elle sera jugée."), undo=undo)
    shown = erasure_of(actor, number)
    return page(
        "inventory/evidence/evidence_line.html", form=form, shown=shown, likely=likely_drives(shown), waits=is_waiting(shown), aside=form
    )


@blueprint.post("/effacements/preuves/<int:number>/reprendre")
@requires(P.DEVICE_ERASE)
def evidence_take_up(actor: Actor, number: int) -> Response:
    """Put evidence that was set aside back in the queue."""
    with unit_of_work():
        take_up_again(actor, erasure_of(actor, number))
        return go("inventory.evidence_line", done=_("De nouveau à revoir."), number=number)


@blueprint.route("/appareils/<code>/support-trouve", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def drive_found(actor: Actor, code: str) -> Response:
    """Take back that a device holds no drive."""
    device = device_by_code(actor, code)
    form = Form(Why)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            withdraw_without_drive(actor, device, reason=form.load()["reason"])
            return go("inventory.device", done=_("Noté : cet appareil n'est plus déclaré sans support."), code=device.code)
        device = device_by_code(actor, code)
    return page("inventory/evidence/drive_found.html", form=form, device=device, title=device_title(device))
