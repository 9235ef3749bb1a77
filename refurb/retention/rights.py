"""The requests of people about their own data: noted, answered within a month, her data handed over, erased early where nothing binds."""

import json

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.accounts.queries import names_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.persons import NoSuchFile, PersonFile
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.search import page_number, paged
from refurb.retention.actions import NotKnownYet, answer_request, erase_early, note_request, say_given, say_known, ties_of
from refurb.retention.dossier import about_of, as_data, as_pdf, known_of, looks_at
from refurb.retention.models import PersonRequest
from refurb.retention.queries import find_file, find_request, open_file, requests
from refurb.retention.schemas import RequestAnswered, RequestReceived
from refurb.retention.views import blueprint
from refurb.retention.words import ASKED_WAYS, RIGHT_KINDS, RIGHTS

P = Permission
_STORY = {
    "received": (_l("Demande reçue"), "work", "mail"),
    "known": (_l("Identité reconnue"), "ok", "user-check"),
    "given": (_l("Données remises"), "ok", "file-check"),
    "answered": (_l("Réponse donnée"), "ok", "check"),
    "erased": (_l("Dossier effacé à sa demande"), "ok", "eraser"),
}


@blueprint.get("/vie-privee/demandes")
@requires(P.PRIVACY_READ)
def person_requests(_actor: Actor) -> Response:
    """Every request, those that wait first."""
    return page("retention/requests.html", found=paged(requests(), page_number()), kinds=RIGHT_KINDS, ways=ASKED_WAYS)


@blueprint.route("/vie-privee/demandes/nouvelle", methods=["GET", "POST"])
@requires(P.PRIVACY_WRITE)
def new_request(actor: Actor) -> Response:
    """Note a request."""
    start = {"file": request.args.get("dossier", "")[:40], "received_on": today(), "kind": "access", "way": "counter"}
    form = Form(RequestReceived, start=start, field_of={NoSuchFile: "file"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = form.load()
            asked = note_request(actor, find_file(told.pop("file")), **told)
            return go("retention.person_request", done=_("Demande notée."), reference=asked.reference)
    return page("retention/new_request.html", form=form)


@blueprint.get("/vie-privee/demandes/<reference>")
@requires(P.PRIVACY_READ)
def person_request(actor: Actor, reference: str) -> Response:
    """One request: its day, the package, what we know, until when, and what may be done."""
    return _shown(actor, find_request(reference), Form(RequestAnswered))


def _shown(actor: Actor, asked: PersonRequest, form: Form) -> Response:
    need_names()
    file = open_file(asked.subject_kind, asked.subject_id)
    note(SecurityKind.FILE_OPENED, actor, about_of(file))
    events = events_of(asked)
    return page(
        "retention/request.html",
        status=form.status,
        form=form,
        asked=asked,
        file=file,
        parts=known_of(file),
        looks=len(looks_at(file)),
        ties=ties_of(asked) if asked.is_open else [],
        today=today(),
        rights=RIGHTS,
        kinds=RIGHT_KINDS,
        ways=ASKED_WAYS,
        story=[(*_STORY[each.move], each) for each in events if each.move in _STORY],
        people=names_of({each.actor_id for each in events if each.actor_id is not None}),
    )


@blueprint.post("/vie-privee/demandes/<reference>/reconnue")
@requires(P.PRIVACY_WRITE)
def known_request(actor: Actor, reference: str) -> Response:
    """Whoever asks is the person."""
    with unit_of_work():
        say_known(actor, find_request(reference))
        return go("retention.person_request", done=_("C'est bien elle : c'est noté."), reference=reference)


@blueprint.post("/vie-privee/demandes/<reference>/remises")
@requires(P.PRIVACY_WRITE)
def given_request(actor: Actor, reference: str) -> Response:
    """Her data were handed to her."""
    with unit_of_work():
        say_given(actor, find_request(reference))
        return go("retention.person_request", done=_("Remise datée."), reference=reference)


@blueprint.post("/vie-privee/demandes/<reference>/repondre")
@requires(P.PRIVACY_WRITE)
def answered_request(actor: Actor, reference: str) -> Response:
    """Close a request with what was answered."""
    form = Form(RequestAnswered)
    with form.catching(), unit_of_work():
        answer_request(actor, find_request(reference), **form.load())
        return go("retention.person_requests", done=_("Demande %(reference)s close.", reference=reference))
    return _shown(actor, find_request(reference), form)


@blueprint.post("/vie-privee/demandes/<reference>/effacer")
@requires(P.PRIVACY_WRITE)
@freshly_proved
def erased_request(actor: Actor, reference: str) -> Response:
    """Erase a file before its term."""
    with unit_of_work():
        asked = find_request(reference)
        erase_early(actor, asked)
        return go("retention.person_requests", done=_("Le dossier %(file)s est effacé.", file=asked.about))


def _file_of(actor: Actor, reference: str) -> PersonFile:
    """The file of a request whose person is known. Raises `NotKnownYet`."""
    need_names()
    asked = find_request(reference)
    if asked.known_at is None:
        raise NotKnownYet
    file = open_file(asked.subject_kind, asked.subject_id)
    note(SecurityKind.FILE_OPENED, actor, about_of(file))
    note(SecurityKind.EXPORTED, actor, about_of(file))
    return file


@blueprint.get("/vie-privee/demandes/<reference>/donnees.pdf")
@requires(P.PRIVACY_WRITE)
@freshly_proved
def request_pdf(actor: Actor, reference: str) -> Response:
    """What we know of her, to read."""
    return download(as_pdf(_file_of(actor, reference)), f"{reference}.pdf", "application/pdf", inline=False)


@blueprint.get("/vie-privee/demandes/<reference>/donnees.json")
@requires(P.PRIVACY_WRITE)
@freshly_proved
def request_json(actor: Actor, reference: str) -> Response:
    """The same, as data."""
    content = json.dumps(as_data(_file_of(actor, reference)), ensure_ascii=False, indent=2).encode()
    return download(content, f"{reference}.json", "application/json", inline=False)
