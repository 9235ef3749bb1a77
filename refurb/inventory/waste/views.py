"""The pages of waste: the batches, one batch and what is scanned into it, its certificate, the register."""

from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import format_decimal
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.history import history_lines
from refurb.inventory.evidence.views.uploads import sent_file
from refurb.inventory.waste.actions import add_loose, change_batch, keep_certificate, open_batch, scan_into, take_out_line
from refurb.inventory.waste.models import WasteBatch, WasteLine
from refurb.inventory.waste.queries import (
    RegisterFilter,
    batch_by_reference,
    batches,
    recyclers,
    register,
    register_operators,
    register_years,
    unproven_inside,
    waiting_count,
    waiting_on_dock,
)
from refurb.inventory.waste.schemas import LooseWaste, NewWasteBatch, WasteCertificate, WasteScan
from refurb.inventory.waste.states import waste_machine
from refurb.inventory.waste.words import SLIP_TYPES, WASTE_CODES, WasteCode, WasteState
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.events import WASTE_EVENT_WORDS
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import events_of, is_whole
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.doors import Doors, add_pages, moves_json, reachable
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.search import page_number
from refurb.kernel.web.undo import Undo
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
FACTS = ("waste_code", "operator", "operator_siret", "operator_address", "eco_organisme")


def batch_json(batch: WasteBatch, actor: Actor) -> dict[str, Any]:
    """One batch as the API shows it, with what is in it."""
    unproven = unproven_inside(batch)
    return {
        "reference": batch.reference,
        "state": batch.state,
        "waste_code": batch.waste_code,
        "operator": batch.operator,
        "operator_siret": batch.operator_siret,
        "operator_address": batch.operator_address,
        "eco_organisme": batch.eco_organisme,
        "slip_type": batch.slip_type,
        "slip_number": batch.slip_number,
        "weight_kg": batch.weight_kg,
        "collected_on": batch.collected_on.isoformat() if batch.collected_on else None,
        "carrier": batch.carrier,
        "treatment": batch.treatment,
        "certificate": batch.certificate,
        "lines": [
            {
                "id": line.id,
                "device": line.device.code if line.device else None,
                "unproven_drives": unproven.get(line.device_id or 0, 0),
                "drive": line.drive.serial if line.drive else None,
                "what": line.what,
                "count": line.count,
            }
            for line in batch.lines
        ],
        "moves": moves_json(waste_machine.open_to(batch, actor)),
    }


waste_doors = Doors(
    machine=waste_machine,
    path="/dechets/<reference>",
    find=batch_by_reference,
    endpoint="inventory.waste_batch",
    url=lambda batch: {"reference": batch.reference},
    title=lambda batch: _("Lot %(reference)s", reference=batch.reference),
    dump=batch_json,
    custom=frozenset({"certify"}),
)


def units(batch: WasteBatch) -> int:
    """How many things are in a batch."""
    return sum(line.count for line in batch.lines)


def kilos(grams: int) -> str:
    """A weight as people read it: « 182,5 kg »."""
    return _("%(weight)s kg", weight=format_decimal(grams / 1000))


@blueprint.get("/dechets")
@requires(P.DEVICE_READ)
def waste_batches(actor: Actor) -> Response:
    """The batches, those on the dock first, and how much waits for one."""
    del actor
    return page(
        "inventory/waste/waste.html",
        found=batches(page_number()),
        looks=waste_machine.looks,
        codes=WASTE_CODES,
        units=units,
        waiting=waiting_count(),
        kilos=kilos,
    )


@blueprint.route("/dechets/nouveau", methods=["GET", "POST"])
@requires(P.DEVICE_DISCARD)
def waste_new(actor: Actor) -> Response:
    """Open a batch."""
    form = Form(NewWasteBatch, start={"waste_code": WasteCode.HAZARDOUS}, choices={"operator": recyclers()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            batch = open_batch(actor, **form.load())
            return go("inventory.waste_batch", done=_("Lot ouvert : scannez ce qui part."), reference=batch.reference)
    return page("inventory/waste/waste_new.html", form=form)


@blueprint.get("/dechets/<reference>")
@requires(P.DEVICE_READ)
def waste_batch(actor: Actor, reference: str) -> Response:
    """What is in a batch, and what is to be done with it."""
    return _batch_page(actor, reference)


def _batch_page(actor: Actor, reference: str, *, scan: Form | None = None, loose: Form | None = None) -> Response:
    batch = batch_by_reference(actor, reference)
    base = url_for("inventory.waste_batch", reference=batch.reference)
    events = events_of(batch)
    return page(
        "inventory/waste/waste_batch.html",
        # The page's status is that of the form that was refused, if one was.
        form=scan if scan and (scan.refusal or scan.faults) else loose or scan or Form(WasteScan),
        scan=scan or Form(WasteScan),
        loose=loose or Form(LooseWaste, start={"count": 1}),
        batch=batch,
        base=base,
        look=waste_machine.looks[batch.state],
        moves=reachable(base, waste_machine.open_to(batch, actor)),
        history=history_lines(events, waste_machine, WASTE_EVENT_WORDS),
        chain_is_whole=is_whole(events),
        codes=WASTE_CODES,
        slips=SLIP_TYPES,
        kinds=DEVICE_KINDS,
        device_title=device_title,
        units=units(batch),
        unproven=unproven_inside(batch),
        kilos=kilos,
        is_open=batch.state == WasteState.OPEN,
        waiting=waiting_on_dock() if batch.state == WasteState.OPEN else [],
    )


@blueprint.post("/dechets/<reference>/scanner")
@requires(P.DEVICE_DISCARD)
def waste_scan(actor: Actor, reference: str) -> Response:
    """Put what was scanned into the batch."""
    batch, form = batch_by_reference(actor, reference), Form(WasteScan)
    with form.catching(), unit_of_work():
        line = scan_into(actor, batch, form.load()["scan"])
        name = device_title(line.device) if line.device else line.drive.model if line.drive else None
        done = _("Dans le lot : %(name)s.", name=name or _("support"))
        return go("inventory.waste_batch", done=done, undo=_out_again(line), reference=batch.reference)
    return _batch_page(actor, reference, scan=form)


def _out_again(line: WasteLine) -> Undo:
    return Undo(url_for("inventory.waste_line_out", reference=line.batch.reference, number=line.id))


@blueprint.post("/dechets/<reference>/hors-inventaire")
@requires(P.DEVICE_DISCARD)
def waste_loose(actor: Actor, reference: str) -> Response:
    """Put things that were never inventoried into the batch."""
    batch, form = batch_by_reference(actor, reference), Form(LooseWaste)
    with form.catching(), unit_of_work():
        line = add_loose(actor, batch, **form.load())
        return go(
            "inventory.waste_batch",
            done=_n("Dans le lot : %(num)s %(what)s.", "Dans le lot : %(num)s %(what)s.", line.count, what=line.what),
            undo=_out_again(line),
            reference=batch.reference,
        )
    return _batch_page(actor, reference, loose=form)


@blueprint.post("/dechets/<reference>/lignes/<int:number>/retirer")
@requires(P.DEVICE_DISCARD)
def waste_line_out(actor: Actor, reference: str, number: int) -> Response:
    """Take a line out of an open batch."""
    batch = batch_by_reference(actor, reference)
    with unit_of_work():
        take_out_line(actor, batch, number)
        return go("inventory.waste_batch", done=_("Ligne retirée."), reference=batch.reference)


@blueprint.route("/dechets/<reference>/corriger", methods=["GET", "POST"])
@requires(P.DEVICE_DISCARD)
def waste_correct(actor: Actor, reference: str) -> Response:
    """Correct for whom an open batch is, or of what."""
    batch = batch_by_reference(actor, reference)
    form = Form(NewWasteBatch, start={name: getattr(batch, name) for name in FACTS}, choices={"operator": recyclers()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            change_batch(actor, batch, **form.load())
            return go("inventory.waste_batch", done=_("Lot corrigé."), reference=batch.reference)
    return page("inventory/waste/waste_new.html", form=form, batch=batch_by_reference(actor, reference))


@blueprint.route("/dechets/<reference>/certifier-le-traitement", methods=["GET", "POST"])
@requires(P.DEVICE_DISCARD)
def waste_certify(actor: Actor, reference: str) -> Response:
    """Keep the operator's certificate, and say that the treatment is certified."""
    batch = batch_by_reference(actor, reference)
    form = Form(WasteCertificate)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            upload = sent_file("file")
            keep_certificate(actor, batch, upload.content, upload.filename)
            waste_machine.fire(batch, "certify", actor, treatment=request.form.get("treatment", ""))
            return go("inventory.waste_batch", done=_("Traitement certifié."), reference=batch.reference)
        batch = batch_by_reference(actor, reference)
    return page("inventory/waste/waste_certify.html", form=form, batch=batch)


@blueprint.get("/dechets/<reference>/certificat")
@requires(P.DEVICE_READ)
def waste_certificate(actor: Actor, reference: str) -> Response:
    """The operator's certificate as it came."""
    batch = batch_by_reference(actor, reference)
    if batch.certificate is None:
        raise NotFound
    return download(files.fetch(batch.certificate), batch.certificate_name or "certificat", "application/octet-stream", inline=False)


def wanted_register() -> RegisterFilter:
    """What the address asks of the register."""
    asked = request.args
    year, code = asked.get("annee", ""), asked.get("code", "")
    return RegisterFilter(
        year=int(year) if year.isdecimal() and len(year) == 4 and int(year) > 1999 else None,
        waste_code=WasteCode(code) if code in set(WasteCode) else None,
        operator=asked.get("operateur", "").strip()[:160],
    )


@blueprint.get("/dechets/registre")
@requires(P.DEVICE_READ)
def waste_register(actor: Actor) -> Response:
    """The chronological register of outgoing waste."""
    del actor
    rows = register(wanted_register())
    return page(
        "inventory/waste/waste_register.html",
        wanted=wanted_register(),
        rows=rows,
        grams=sum(row.weight_g or 0 for row in rows),
        kilos=kilos,
        years=register_years(),
        operators=register_operators(),
        codes=WASTE_CODES,
        slips=SLIP_TYPES,
        units=units,
    )


REGISTER_COLUMNS = (
    SheetColumn("date_expedition", lambda row: row.collected_on, 16),
    SheetColumn("denomination", lambda row: WASTE_CODES[row.waste_code], 32),
    SheetColumn("code_dechet", lambda row: row.waste_code.value, 14),
    SheetColumn("dangereux", lambda row: row.waste_code.is_hazardous, 12),
    SheetColumn("quantite_t", lambda row: round(Decimal(row.weight_g or 0).scaleb(-6), 4), 14),
    SheetColumn("unites", units, 10),
    SheetColumn("destinataire", lambda row: row.operator, 28),
    SheetColumn("siret_destinataire", lambda row: row.operator_siret, 18),
    SheetColumn("adresse_destinataire", lambda row: row.operator_address, 32),
    SheetColumn("eco_organisme", lambda row: row.eco_organisme, 18),
    SheetColumn("transporteur", lambda row: row.carrier or row.operator, 20),
    SheetColumn("document_suivi", lambda row: row.slip_type and SLIP_TYPES[row.slip_type], 18),
    SheetColumn("numero_document", lambda row: row.slip_number, 22),
    SheetColumn("code_traitement", lambda row: row.treatment, 16),
    SheetColumn("lot", lambda row: row.reference, 14),
)


@exported(blueprint, "/dechets/registre", P.DEVICE_READ)
def waste_register_file(_actor: Actor) -> SheetFile:
    """The same register as a spreadsheet, weights in tonnes as the law asks."""
    return SheetFile.of("registre-dechets-sortants", REGISTER_COLUMNS, register(wanted_register()))


add_pages(blueprint, waste_doors)
