"""The JSON door of waste: batches, what is in them, their certificates, the register."""

from flask import Response

from refurb.inventory.blueprint import api
from refurb.inventory.evidence.views.uploads import sent_bodies
from refurb.inventory.waste.actions import add_loose, change_batch, keep_certificate, open_batch, scan_into, take_out_line
from refurb.inventory.waste.queries import batch_by_reference, batches, register
from refurb.inventory.waste.schemas import LooseWaste, NewWasteBatch, WasteScan
from refurb.inventory.waste.views import batch_json, wanted_register, waste_doors
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.api import answer, json_body, listed, takes_files
from refurb.kernel.web.doors import add_api
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission
_FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


@api.route("/waste-batches", methods=["GET"])
@requires(P.DEVICE_READ)
def waste_batches_json(actor: Actor) -> Response:
    """A page of the batches, those on the dock first."""
    found = batches(page_number())
    return answer(listed(found, [batch_json(each, actor) for each in found.rows]))


@api.route("/waste-batches", methods=["POST"])
@requires(P.DEVICE_DISCARD)
def waste_new_json(actor: Actor) -> Response:
    """Open a batch for an operator, under one code of the nomenclature."""
    facts = load(NewWasteBatch, json_body())
    with unit_of_work():
        return answer(batch_json(open_batch(actor, **facts), actor), 201)


@api.route("/waste-batches/<reference>", methods=["GET"])
@requires(P.DEVICE_READ)
def waste_one_json(actor: Actor, reference: str) -> Response:
    """One batch with what is in it."""
    return answer(batch_json(batch_by_reference(actor, reference), actor))


@api.route("/waste-batches/<reference>", methods=["PUT"])
@requires(P.DEVICE_DISCARD)
def waste_correct_json(actor: Actor, reference: str) -> Response:
    """Correct for whom an open batch is, or of what."""
    batch = batch_by_reference(actor, reference)
    with unit_of_work():
        change_batch(actor, batch, **load(NewWasteBatch, json_body()))
        return answer(batch_json(batch, actor))


@api.route("/waste-batches/<reference>/scans", methods=["POST"])
@requires(P.DEVICE_DISCARD)
def waste_scan_json(actor: Actor, reference: str) -> Response:
    """Put one thing into an open batch: {"scan": "label or serial number"}."""
    batch = batch_by_reference(actor, reference)
    with unit_of_work():
        scan_into(actor, batch, load(WasteScan, json_body())["scan"])
        return answer(batch_json(batch, actor), 201)


@api.route("/waste-batches/<reference>/loose", methods=["POST"])
@requires(P.DEVICE_DISCARD)
def waste_loose_json(actor: Actor, reference: str) -> Response:
    """Put things that were never inventoried into an open batch."""
    batch = batch_by_reference(actor, reference)
    with unit_of_work():
        add_loose(actor, batch, **load(LooseWaste, json_body()))
        return answer(batch_json(batch, actor), 201)


@api.route("/waste-batches/<reference>/lines/<int:number>", methods=["DELETE"])
@requires(P.DEVICE_DISCARD)
def waste_line_json(actor: Actor, reference: str, number: int) -> Response:
    """Take a line out of an open batch."""
    batch = batch_by_reference(actor, reference)
    with unit_of_work():
        take_out_line(actor, batch, number)
        return answer(batch_json(batch, actor))


@api.route("/waste-batches/<reference>/certificate", methods=["PUT"])
@api.doc(requestBody=_FILE)
@takes_files
@requires(P.DEVICE_DISCARD)
def waste_certificate_json(actor: Actor, reference: str) -> Response:
    """Keep the operator's certificate (PDF, JPEG or PNG) with a batch that has left; `certify` then says that it is certified."""
    batch = batch_by_reference(actor, reference)
    sent = sent_bodies()
    if len(sent) != 1:
        raise Invalid({"file": [Fault("upload.one_file", count=len(sent))]})
    with unit_of_work():
        keep_certificate(actor, batch, sent[0].content, sent[0].filename)
        return answer(batch_json(batch, actor))


@api.route("/waste-register", methods=["GET"])
@requires(P.DEVICE_READ)
def waste_register_json(actor: Actor) -> Response:
    """The chronological register of outgoing waste; filters as on the page: annee, code, operateur."""
    return answer({"items": [batch_json(each, actor) for each in register(wanted_register())]})


add_api(api, waste_doors, "/waste-batches/<reference>")
