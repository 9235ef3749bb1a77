"""The letters to somebody about her own account: what an administrator changed, and that a second factor is still to be set up."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from refurb.accounts.factors.actions import REMIND
from refurb.accounts.factors.queries import has_factor
from refurb.accounts.models import Account
from refurb.accounts.people.actions import TELL
from refurb.accounts.people.shown import changes_told
from refurb.accounts.texts import ACCOUNT_CHANGED, FACTOR_REMINDER
from refurb.directory.letters import page_address, write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.letters import About, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l

STEPS = {"roles_changed": "roles", "closed": "closed", "reopened": "reopened"}
"""The passage of the letter by what was done."""


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Account, facts["subject_id"])
    return About(found.name, f"/comptes/{found.id}", found.email, Permission.ACCOUNT_ADMIN) if found else None


@letter(TELL, _l("Changement d'un compte"), _about)
def tell_of_account(*, subject_kind: str, subject_id: int, position: int) -> Letter:
    """Tell somebody what was done to her account: other roles, closed, opened again."""
    account = db.session.get(Account, subject_id)
    one = Event.subject_kind == subject_kind, Event.subject_id == subject_id, Event.position == position
    done = db.session.scalar(select(Event).where(*one))
    if account is None or done is None:
        raise NotTold
    with force_locale(account.language):
        return account_letter(account.name, account.email, STEPS[done.move], changes_told(done.facts), f"{TELL}-{account.id}-{position}")


@letter(REMIND, _l("Rappel du second facteur"), _about)
def remind_factor(*, subject_kind: str, subject_id: int) -> Letter:
    """Remind somebody of her second factor; nobody, once she has one or her account is closed."""
    del subject_kind
    account = db.session.get(Account, subject_id)
    if account is None or not account.is_active or has_factor(account.id):
        raise NotTold
    with force_locale(account.language):
        return reminder_letter(account.name, account.email, f"{REMIND}-{account.id}-{today()}")


def account_letter(name: str, to: str, step: str, changes: str, key: str) -> Letter:
    """The letter about an account: its `roles` changed, it was `closed` or `reopened`; in the language of the moment."""
    facts: dict[str, Any] = {"changes": changes} if step == "roles" else {}
    return write_letter(ACCOUNT_CHANGED, key=key, to=to, body=step, name=name, **facts)


def reminder_letter(name: str, to: str, key: str) -> Letter:
    """The letter to who has no second factor yet, in the language of the moment."""
    return write_letter(FACTOR_REMINDER, key=key, to=to, name=name, link=page_address("/compte/second-facteur/choix"))
