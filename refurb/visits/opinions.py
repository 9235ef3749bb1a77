"""Whether it helped: one question on the same telephone, one answer, and then a number that is larger by one.

A question is a row that knows a place and a month, and goes with its answer; an answer is no row at all. So neither the order of rows nor
an hour leads from an answer to a visit. What is shown is months that are over, of five answers at least at one place (`shown_opinions`): a
month that goes on would show to who is on the spot what the last one said.
"""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete

from refurb.documents.links import LinkExpired, make_link, open_link
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.speech.clock import now, today
from refurb.visits.models import OpinionAsk, OpinionCount
from refurb.visits.rules import AnsweredAlready, is_counted_at
from refurb.visits.words import Opinion

OPINION_LINK = "opinion"
WAITS = timedelta(minutes=30)
"""How long a question waits for whoever holds the telephone."""


def _add_one(site_id: int, month: str, answer: Opinion) -> None:
    first = insert_into(OpinionCount).values(site_id=site_id, month=month, answer=answer, n=1)
    again = first.on_conflict_do_update(index_elements=["site_id", "month", "answer"], set_={"n": OpinionCount.n + 1})
    db.session.execute(again)


def ask_opinion(actor: Actor, site_id: int) -> str:
    """Ask the question of somebody who was at a place; the token of the page that takes the answer, once."""
    check(actor, Permission.VISIT_COUNT)
    is_counted_at(actor, site_id)
    asked = OpinionAsk(site_id=site_id, month=f"{today():%Y-%m}", until=now() + WAITS)
    db.session.add(asked)
    db.session.flush()
    _add_one(site_id, asked.month, Opinion.ASKED)
    return make_link(OPINION_LINK, asked.id)


def open_question(token: str) -> OpinionAsk | None:
    """The question that a token opens, while it waits; None once it was answered or its time is over. Raises `LinkBroken`."""
    try:
        found = db.session.get(OpinionAsk, open_link(OPINION_LINK, token, days=1))
    except LinkExpired:
        return None
    return found if found is not None and found.until > now() else None


def give_opinion(token: str, answer: Opinion) -> None:
    """Take the one answer that a question has. Raises `AnsweredAlready` where it has one, and for `ASKED`, which is none."""
    asked = open_question(token)
    if asked is None or answer is Opinion.ASKED:
        raise AnsweredAlready
    site_id, month = asked.site_id, asked.month
    # Whoever removes the question answers it: of two presses at once, one.
    gone = cast("CursorResult[Any]", db.session.execute(delete(OpinionAsk).where(OpinionAsk.id == asked.id)))
    if not gone.rowcount:
        raise AnsweredAlready
    _add_one(site_id, month, answer)
