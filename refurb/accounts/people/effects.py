"""The letters to somebody about her own account: what an administrator changed, and that a second factor is still to be set up."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from refurb.accounts.factors.actions import REMIND
from refurb.accounts.factors.queries import has_factor
from refurb.accounts.models import Account
from refurb.accounts.people.actions import TELL
from refurb.accounts.people.shown import role_names
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.letters import About, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _l


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
    facts = done.facts
    return _letter(
        account,
        "accounts/told_mail.txt",
        f"{TELL}-{account.id}-{position}",
        lambda: _("%(home)s : votre compte a changé", home=home().name),
        lambda: {"move": done.move, "given": role_names(facts.get("given")), "taken": role_names(facts.get("taken"))},
    )


@letter(REMIND, _l("Rappel du second facteur"), _about)
def remind_factor(*, subject_kind: str, subject_id: int) -> Letter:
    """Remind somebody of her second factor; nobody, once she has one or her account is closed."""
    del subject_kind
    account = db.session.get(Account, subject_id)
    if account is None or not account.is_active or has_factor(account.id):
        raise NotTold
    return _letter(
        account,
        "accounts/factor_mail.txt",
        f"{REMIND}-{account.id}-{today()}",
        lambda: _("%(home)s : votre second facteur", home=home().name),
        lambda: {"link": f"{current_app.config['BASE_URL']}/compte/second-facteur/choix"},
    )


def _letter(account: Account, template: str, key: str, subject: Any, told: Any) -> Letter:
    card = home()
    with force_locale(account.language):
        text = current_app.jinja_env.get_template(template).render(name=account.name, home=card, **told())
        return Letter(
            key=key, to=account.email, subject=subject(), text=text, sender_name=card.name, reply_to=card.email, language=account.language
        )
