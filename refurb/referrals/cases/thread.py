"""The thread of a referral: what the coordination asked, what its partner answered, and words of either side, newest first."""

from sqlalchemy import select

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.referrals.models import Message, Referral
from refurb.referrals.words import MessageKind

MOST = 200
"""Lines of a thread that are read at once; nobody writes so many."""


def say(actor: Actor, referral: Referral, kind: MessageKind, text: str) -> Message:
    """Write a line in a thread; the caller has checked who may, and holds the referral."""
    by_partner = kind is MessageKind.ANSWER or (kind is MessageKind.WORD and not actor.may(Permission.REFERRAL_DECIDE))
    made = Message(referral_id=referral.id, kind=kind, by_partner=by_partner, author_id=actor.id, at=now(), text=text)
    db.session.add(made)
    db.session.flush()
    return made


def thread_of(referral: Referral) -> list[Message]:
    """The lines of a thread, newest first."""
    query = select(Message).where(Message.referral_id == referral.id).order_by(Message.id.desc()).limit(MOST)
    return list(db.session.scalars(query))


def open_question(referral: Referral) -> Message | None:
    """What the partner is asked and has not answered."""
    if not referral.state.awaits_an_answer:
        return None
    return next((each for each in thread_of(referral) if each.kind is MessageKind.QUESTION), None)
