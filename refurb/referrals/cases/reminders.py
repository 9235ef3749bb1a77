"""Reminds the coordination that a partner's convention soon ends: by mail, 45 and 15 days before, each once."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from refurb.accounts.models import Account, RoleGrant
from refurb.directory.letters import page_address, write_letter
from refurb.directory.organisations.models import Convention
from refurb.directory.organisations.queries import convention_soon_over, conventions_to_remind
from refurb.kernel.deeds.access import Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l, _n, day
from refurb.referrals.cases.texts import CONVENTION_REMINDER

MAIL_CONVENTION = "mail_convention"


def coordinators() -> list[int]:
    """The ids of the accounts that coordinate, in their order."""
    held = select(RoleGrant.account_id).where(RoleGrant.role == Role.COORDINATOR)
    return list(db.session.scalars(select(Account.id).where(Account.is_active, Account.id.in_(held)).order_by(Account.id)))


def plan_reminders() -> int:
    """Promise the reminders that are due, to each who coordinates: how many. Runs within a unit of work, every hour."""
    due = conventions_to_remind()
    people = coordinators() if due else []
    for convention, days in due:
        lock(convention)
        convention.reminded_at_days = days
        for account_id in people:
            plan(MAIL_CONVENTION, convention_id=convention.id, account_id=account_id, days=days)
    return len(due) * len(people)


def _about(facts: Mapping[str, Any]) -> About | None:
    convention = db.session.get(Convention, facts["convention_id"])
    account = db.session.get(Account, facts["account_id"])
    if convention is None:
        return None
    url = f"/structures/{convention.organisation.reference}"
    return About(convention.reference, url, account.email if account else None, Permission.DIRECTORY_WRITE)


@letter(MAIL_CONVENTION, _l("Rappel d'une convention qui finit bientôt"), _about)
def remind(*, convention_id: int, account_id: int, days: int) -> Letter:
    """Tell one who coordinates that a convention soon ends; nobody where it was renewed, ended earlier or voided meanwhile."""
    convention, account = db.session.get(Convention, convention_id), db.session.get(Account, account_id)
    if convention is None or not convention_soon_over(convention):
        raise NotTold
    if account is None or not account.is_active:
        raise NobodyToWriteTo
    with force_locale(account.language):
        key = f"{MAIL_CONVENTION}-{convention.id}-{account.id}-{convention.ends_on}-{days}"
        return reminder_letter(convention, account.email, key)


def reminder_letter(convention: Convention, to: str, key: str) -> Letter:
    """The reminder of a convention that has an end, in the language of the moment."""
    partner, last = convention.organisation, convention.ends_on
    assert last is not None, "it is soon over"
    return write_letter(
        CONVENTION_REMINDER,
        key=key,
        to=to,
        partner=partner.name,
        last=day(last),
        left=_n("dans %(num)s jour", "dans %(num)s jours", (last - today()).days),
        link=page_address(f"/structures/{partner.reference}"),
    )
