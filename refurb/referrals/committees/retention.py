"""When those who sat are forgotten: their list goes, the minutes remain."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, update

from refurb.directory.durations import durations
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.terms import ERASED, Term, ago
from refurb.kernel.speech.words import _l
from refurb.referrals.committees.models import Committee, CommitteeMember
from refurb.referrals.committees.words import CommitteeState


def _sat_long_ago() -> ColumnElement[bool]:
    over = Committee.state.in_([CommitteeState.CLOSED, CommitteeState.CANCELLED]), Committee.starts_at < ago(durations().left)
    return exists().where(Committee.id == CommitteeMember.committee_id, *over)


def _forget(numbers: Sequence[int]) -> None:
    db.session.execute(update(CommitteeMember).where(CommitteeMember.id.in_(numbers)).values(name=ERASED, account_id=None))


MEMBERS_TERM = Term(
    key="referrals.committee_members",
    who=_l("Personne qui a siégé en commission"),
    what=_l("nom, structure, présence"),
    remains=_l("Le compte rendu, avec le nom des présents et les récusations"),
    lasts=lambda: durations().left,
    since=_l("la séance"),
    model=CommitteeMember,
    past=_sat_long_ago,
    rest=lambda: CommitteeMember.name != ERASED,
    forget=_forget,
)
