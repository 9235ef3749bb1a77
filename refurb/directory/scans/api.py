"""The JSON door of scans: any scanned text, what it is, what can be done with it now."""

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.scans.queries import card_of, meaning_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.scans import ScanDeed
from refurb.kernel.web.api import answer, api_blueprint
from refurb.kernel.web.guards import requires

api = api_blueprint("scans", "What a scanned text means: labels, cards, papers, references, serial numbers.")


@api.get("/scan")
@api.response(200)
@api.doc(parameters=[{"in": "query", "name": "text", "required": True, "schema": {"type": "string"}}])
@requires(Permission.DEVICE_READ, Permission.LOAN_READ)
def resolve_scan(actor: Actor) -> Response:
    """What a scanned `text` is, and what can be done with it now, each with its address; `look` is always first.

    It may be a code in any writing, an address, a reference, a serial number. Deeds of lending: `depart`, `return`, `found`, `count` and
    `begin` put it on the counter, `pack` into the bag of the reservation `reference`; `open_bag` puts all of that bag on the counter;
    `bring_home` says that what was given back elsewhere has arrived.
    """
    meaning = meaning_of(actor, request.args.get("text", ""))
    card = card_of(actor, meaning)
    deeds = (ScanDeed("look", card.url), *card.deeds)
    return answer(
        {
            "kind": meaning.kind,
            "text": meaning.text,
            "name": card.name,
            "state": card.state,
            "word": card.word,
            "url": card.url,
            "deeds": [{"name": each.name, "url": each.url, "reference": each.reference} for each in deeds],
        }
    )
