"""When the requests of people are forgotten themselves: that one was made and answered stays."""

from collections.abc import Sequence

from sqlalchemy import select

from refurb.directory.durations import durations
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.terms import ERASED, Term, ago
from refurb.kernel.speech.words import _l
from refurb.retention.models import PersonRequest


def _erase_words(numbers: Sequence[int]) -> None:
    for asked in db.session.scalars(select(PersonRequest).where(PersonRequest.id.in_(numbers))):
        asked.words, asked.answer = None, ERASED


forget_person_requests = Term(
    key="retention.requests",
    who=_l("Personne qui a demandé quelque chose au sujet de ses données"),
    what=_l("ce qu'elle a dit, ce que nous avons répondu"),
    remains=_l("Qu'une demande a été faite et répondue, et quand"),
    lasts=lambda: durations().held,
    since=_l("la réponse"),
    model=PersonRequest,
    past=lambda: PersonRequest.ended_at < ago(durations().held),
    rest=lambda: PersonRequest.ended_at.is_not(None) & (PersonRequest.answer != ERASED),
    forget=_erase_words,
)
