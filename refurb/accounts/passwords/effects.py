"""The letter with which a forgotten password is made anew."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.accounts.passwords.actions import SEND_LINK, address_of_link
from refurb.accounts.passwords.models import PasswordLink
from refurb.accounts.texts import PASSWORD
from refurb.directory.letters import write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l


def _about(facts: Mapping[str, Any]) -> About | None:
    link = db.session.get(PasswordLink, facts["subject_id"])
    return About(link.account.name, f"/comptes/{link.account_id}", link.account.email, Permission.ACCOUNT_ADMIN) if link else None


@letter(SEND_LINK, _l("Lien pour un nouveau mot de passe"), _about)
def send_link(*, subject_kind: str, subject_id: int) -> Letter:
    """Write to whoever asked; nobody, once the link was used or its hour is over."""
    del subject_kind
    link = db.session.get(PasswordLink, subject_id)
    if link is None or link.used_at is not None or link.ends_at <= now():
        raise NotTold
    account = link.account
    with force_locale(account.language):
        return password_letter(account.name, account.email, address_of_link(link), f"{SEND_LINK}-{link.id}")


def password_letter(name: str, to: str, link: str, key: str) -> Letter:
    """The letter to who forgot a password, in the language of the moment."""
    return write_letter(PASSWORD, key=key, to=to, name=name, link=link)
