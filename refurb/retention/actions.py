"""What is done about the request of a person: noted, she is known to be herself, her data handed to her, erased early, answered."""

from datetime import date

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.holds import hold_of
from refurb.kernel.deeds.persons import Bound, PersonFile, Tie
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.terms import Months
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.words import _
from refurb.retention.models import PersonRequest
from refurb.retention.queries import person_kind
from refurb.retention.words import AskedWay, RightKind

MONTH = Months(1)
"""GDPR, article 12.3."""


class RequestIsOver(Conflict):
    """This request was answered."""

    code = "privacy.request_is_over"


class NotKnownYet(Refusal):
    """Nobody said yet that whoever asks is the person whose file it is."""

    code = "privacy.not_known_yet"
    status = 409


def note_request(
    actor: Actor, file: PersonFile, *, kind: RightKind, way: AskedWay, received_on: date, words: str | None = None
) -> PersonRequest:
    """Note a request about a file; it is answered within a month."""
    check(actor, Permission.PRIVACY_WRITE)
    asked = PersonRequest(
        reference=next_reference("DP"),
        kind=kind,
        way=way,
        subject_kind=file.kind,
        subject_id=file.number,
        about=file.reference,
        words=words,
        received_on=received_on,
        answer_by=MONTH.after(received_on),
    )
    db.session.add(asked)
    record(asked, "received", actor, kind=kind, way=way, received_on=received_on)
    return asked


def say_known(actor: Actor, asked: PersonRequest) -> None:
    """Say that whoever asks was recognised, or called back at the number of the file. Raises `RequestIsOver`."""
    _held(actor, asked)
    if asked.known_at is None:
        asked.known_at, asked.known_by = now(), actor.id
        record(asked, "known", actor)


def say_given(actor: Actor, asked: PersonRequest) -> None:
    """Say that her data were handed to her. Raises `NotKnownYet`, `RequestIsOver`."""
    _held(actor, asked)
    _need_known(asked)
    asked.given_at, asked.given_by = now(), actor.id
    record(asked, "given", actor)


def answer_request(actor: Actor, asked: PersonRequest, *, answer: str) -> None:
    """Close a request with what was answered. Raises `RequestIsOver`."""
    _held(actor, asked)
    asked.answer, asked.ended_at, asked.ended_by = answer, now(), actor.id
    record(asked, "answered", actor)


def ties_of(asked: PersonRequest) -> list[Tie]:
    """What keeps a file from being erased early: what binds the person to us, and a hold."""
    ties = list(person_kind(asked.subject_kind).ties(asked.subject_id))
    hold = hold_of(asked.subject_kind, asked.subject_id)
    if hold is not None:
        ties.append(Tie(_("Le dossier est gelé."), hold.review_on))
    return ties


def erase_early(actor: Actor, asked: PersonRequest) -> None:
    """Erase a file before its term, by the same deed as the night. Raises `Bound`, `NotKnownYet`, `RequestIsOver`."""
    _held(actor, asked)
    _need_known(asked)
    ties = ties_of(asked)
    if ties:
        raise Bound(why=ties[0].why)
    person_kind(asked.subject_kind).erase(asked.subject_id)
    asked.answer, asked.ended_at, asked.ended_by = _("Effacé à sa demande."), now(), actor.id
    asked.words = None
    record(asked, "erased", actor, subject_kind=asked.subject_kind, subject=asked.subject_id)


def _held(actor: Actor, asked: PersonRequest) -> None:
    check(actor, Permission.PRIVACY_WRITE)
    lock(asked)
    if not asked.is_open:
        raise RequestIsOver(reference=asked.reference)


def _need_known(asked: PersonRequest) -> None:
    if asked.known_at is None:
        raise NotKnownYet
