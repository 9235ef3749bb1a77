"""Whether somebody may sign every question of a checklist: one that nobody may sign would hold every machine for ever."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from refurb.accounts.models import Account, RoleGrant
from refurb.inventory.checklists.policy import Checklist
from refurb.inventory.checklists.questions import Question
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import GRANTS, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import Complaint, Wrongly


def unsignable(made: Mapping[DeviceKind, Checklist]) -> Iterator[Complaint]:
    """The questions for whose signature no open account has the role or the permission."""
    held = set(db.session.scalars(select(RoleGrant.role).join(Account, Account.id == RoleGrant.account_id).where(Account.is_active)))
    for kind, checklist in made.items():
        for question in checklist.questions:
            if not _may_be_signed(question, held):
                why = Wrongly("nobody who has an account may sign it", "policy.nobody_may")
                yield Complaint(f"{kind}.{question.key}.signed_by", why)


def _may_be_signed(question: Question, held: set[Role]) -> bool:
    allowed = {role for role in Role if role in question.signers or any(each in question.signers for each in GRANTS[role])}
    return not question.signers or not allowed.isdisjoint(held)
