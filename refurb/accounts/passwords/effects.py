"""The letter with which a forgotten password is made anew."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.accounts.passwords.actions import SEND_LINK, address_of_link
from refurb.accounts.passwords.models import PasswordLink
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _, _l


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
    card, account = home(), link.account
    with force_locale(account.language):
        text = current_app.jinja_env.get_template("accounts/password_mail.txt").render(
            name=account.name, link=address_of_link(link), home=card
        )
        subject = _("%(home)s : votre nouveau mot de passe", home=card.name)
    return Letter(
        key=f"{SEND_LINK}-{link.id}",
        to=account.email,
        subject=subject,
        text=text,
        sender_name=card.name,
        reply_to=card.email,
        language=account.language,
    )
