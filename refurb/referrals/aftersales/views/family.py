"""What a family opens by the QR of its device, without an account: first steps, telling of trouble, and what becomes of it.

Nothing on these pages tells who has the device.
"""

from typing import Any

from flask import request, session, url_for
from werkzeug.wrappers import Response

from refurb.directory.actions import CodeUnknown
from refurb.documents.links import make_link, open_link
from refurb.inventory.models.devices import Device
from refurb.inventory.pages.scan import look_up
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import UnreadableCode
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import language
from refurb.kernel.web.brake import Brake, code_guesses
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import go, page
from refurb.referrals.aftersales.actions import report_trouble
from refurb.referrals.aftersales.family import FAMILY_PAGE, TONGUES, FamilyWords
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.queries import ticket_numbered
from refurb.referrals.aftersales.schemas import TroubleTold
from refurb.referrals.aftersales.words import DRAWN, Outcome, Symptom, TicketState
from refurb.referrals.blueprint import blueprint

FOLLOWED = "ticket followed"
"""The purpose of the link by which somebody sees again what becomes of a ticket."""
LASTS_DAYS = 200

telling = Brake(10, 3600.0)
"""Messages sent from one address and process: more than a family with several devices needs."""

_STEPS = (("told", "send"), ("we_call", "phone"), ("we_act", "wrench"), ("leave", "hand-heart"))
"""What happens to a ticket, as its words are called, each with its drawing."""

_AT = {path: trouble for trouble, path in DRAWN.items()}


def _tongue() -> str:
    asked = request.args.get("langue", "")
    if asked in TONGUES:
        return asked
    # Whoever comes by the label has chosen nothing yet, and the rest of our pages knows two languages: what the telephone reads.
    read = request.accept_languages.best_match([*TONGUES])
    return read if read is not None and "language" not in session else language()


def _words() -> FamilyWords:
    return FAMILY_PAGE.in_force().words(_tongue())


def _device(typed: str) -> Device:
    """The device of a label, where it is with a family; a stranger's guesses are slowed, as at the scan."""
    place = request.remote_addr or "?"
    code_guesses.check(place)
    try:
        _code, found = look_up(typed)
    except (UnreadableCode, CodeUnknown):
        code_guesses.miss(place)
        raise NotFound from None
    if found.kind != Device.KIND or found.standing is None or found.standing.state is not DeviceState.HANDED_OVER:
        raise NotFound
    return db.session.get_one(Device, found.standing.id)


def family_page(template: str, words: FamilyWords, **context: Any) -> Response:
    """A page for families: in one of their languages, with the telephone; no search engine lists it."""
    here = request.view_args or {}
    assert request.endpoint is not None
    tongues = [(each, name, url_for(request.endpoint, **here, langue=each), each == words.tongue) for each, name in TONGUES.items()]
    answer = page(template, w=words, tongues=tongues, **context)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@blueprint.get("/souci/<code>")
@public
def family(code: str) -> Response:
    """A drawing for each thing that goes wrong, then the first steps."""
    device, words = _device(code), _words()
    return family_page("referrals/aftersales/family.html", words, device=device, drawn=DRAWN)


@blueprint.route("/souci/<code>/<what>", methods=["GET", "POST"])
@public
@shown_again
def family_trouble(code: str, what: str) -> Response:
    """What to try first; and the message, with words, a picture and a number, none of which has to be there."""
    trouble = _AT.get(what)
    if trouble is None:
        raise NotFound
    device, words = _device(code), _words()
    form = Form(TroubleTold)
    if request.method == "POST":
        place = request.remote_addr or "?"
        telling.check(place)
        telling.miss(place)  # Whatever comes of it: what is refused costs as much.
        with form.catching():
            told = form.load()
            if told["website"]:
                return go("referrals.family", code=code)
            with unit_of_work():
                ticket = report_trouble(device, trouble=trouble, language=words.tongue, **told)
                return go("referrals.family_told", token=make_link(FOLLOWED, ticket.id), langue=words.tongue)
        device = _device(code)
    return family_page("referrals/aftersales/family_trouble.html", words, device=device, trouble=trouble, drawn=DRAWN, form=form)


@blueprint.get("/souci/<code>/<what>/cela-marche")
@public
def family_works(code: str, what: str) -> Response:
    """It works again: nothing is sent."""
    device, words = _device(code), _words()
    if what not in _AT:
        raise NotFound
    return family_page("referrals/aftersales/family_works.html", words, device=device)


@blueprint.get("/souci/suivi/<token>")
@public
def family_told(token: str) -> Response:
    """What becomes of a ticket, for whoever told it; the page says neither who that was, nor what was written."""
    ticket = ticket_numbered(open_link(FOLLOWED, token, days=LASTS_DAYS))
    words = FAMILY_PAGE.in_force().words(request.args.get("langue") or ticket.language or language())
    done = {
        TicketState.OPEN: 1, TicketState.ADVISED: 2, TicketState.APPOINTED: 2, TicketState.REPAIR: 2, TicketState.SWAP: 3,
        TicketState.TAKEN_BACK: 3, TicketState.CLOSED: 4,
    }[ticket.state]  # fmt: skip
    steps = _STEPS if leads_to_a_machine(ticket) else _STEPS[:2]
    late = ticket.answer_by < today()
    lost = ticket.trouble is Symptom.LOST
    return family_page("referrals/aftersales/family_told.html", words, ticket=ticket, steps=steps, done=done, late=late, lost=lost)


def leads_to_a_machine(ticket: Ticket) -> bool:
    """Whether the family has, or may still get, a computer that works at the end of a ticket."""
    if ticket.state is TicketState.TAKEN_BACK:
        return False
    return ticket.outcome in {None, Outcome.SOLVED, Outcome.MENDED, Outcome.SWAPPED}
