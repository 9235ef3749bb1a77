"""Write down what somebody said, have her approve it, pick it for the report; a changed word asks her again."""

from datetime import date
from hashlib import sha256

from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.words import ConsentChannel
from refurb.ceremonies.testimonies.models import Testimony
from refurb.ceremonies.testimonies.queries import is_quotable
from refurb.ceremonies.testimonies.rules import NotApproved, NoWordsGiven, WordsChanged
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Fault, Invalid

MAIL_TESTIMONY = "mail_testimony"


def sum_of(testimony: Testimony) -> str:
    """The sum of the words as they stand, by which an answer says which words it is about."""
    return sha256(testimony.words.encode()).hexdigest()


def write_testimony(actor: Actor, consent: Consent, *, words: str, said_on: date) -> Testimony:
    """Type somebody's words for her; nobody reads them before she has approved them. Raises `NoWordsGiven`."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(consent)
    if not any(each.channel is ConsentChannel.WORDS for each in consent.live):
        raise NoWordsGiven
    made = Testimony(consent=consent, words=words, said_on=_said(said_on), typed_by=actor.id)
    db.session.add(made)
    db.session.flush()
    record(made, "typed", actor)
    plan(MAIL_TESTIMONY, testimony_id=made.id)
    return made


def _said(said_on: date) -> date:
    if said_on > today():
        raise Invalid({"said_on": [Fault("consent.day_to_come")]})
    return said_on


def change_words(actor: Actor, testimony: Testimony, *, words: str, said_on: date) -> None:
    """Correct words that were typed; whatever was said of the former ones is void, and their author is asked again."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(testimony)
    testimony.said_on = _said(said_on)
    if words == testimony.words:
        return
    testimony.words, testimony.approved_at, testimony.refused_at, testimony.by_link = words, None, None, False
    record(testimony, "retyped", actor)
    plan(MAIL_TESTIMONY, testimony_id=testimony.id)


def answer_testimony(actor: Actor, testimony: Testimony, *, answer: str, read: str | None = None, words: str | None = None) -> None:
    """Take its author's answer: `yes` to the words whose sum is `read`, `change` to words of her own, `no`.

    Raises `WordsChanged` where the words are others than those that she read.
    """
    check(actor, Permission.CEREMONY_WRITE)
    lock(testimony)
    if answer not in {"yes", "no", "change"}:
        raise Invalid({"answer": [Fault("field.choice")]})
    if read != sum_of(testimony):
        raise WordsChanged
    if answer == "change":
        if not words:
            raise Invalid({"words": [Fault("field.required")]})
        testimony.words, testimony.typed_by = words, None
    testimony.by_link = actor is SERVICE
    testimony.approved_at, testimony.refused_at = (None, now()) if answer == "no" else (now(), None)
    if answer == "no":
        testimony.is_picked = False
    record(testimony, "refused" if answer == "no" else "approved", actor, by_link=testimony.by_link)


def pick(actor: Actor, testimony: Testimony, *, is_picked: bool) -> None:
    """Put a testimony into the report of its ceremony, or leave it out. Raises `NotApproved`."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(testimony)
    if is_picked and not is_quotable(testimony):
        raise NotApproved
    testimony.is_picked = is_picked
    record(testimony, "picked" if is_picked else "left_out", actor)
