"""The letter that carries an invitation."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.accounts.invitations.actions import INVITE
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.invitations.queries import link_of
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _, _l


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Invitation, facts["subject_id"])
    return About(f"invitation {found.id}", f"/comptes/invitations/{found.id}", found.email, Permission.ACCOUNT_ADMIN) if found else None


@letter(INVITE, _l("Invitation à ouvrir un compte"), _about)
def invite_person(*, subject_kind: str, subject_id: int, event: int | None = None) -> Letter:
    """Write to whoever was invited; nobody, once it was accepted, withdrawn or is over."""
    del subject_kind
    found = db.session.get(Invitation, subject_id)
    if found is None or not found.is_open:
        raise NotTold
    card, language = home(), found.inviter.language
    with force_locale(language):
        text = current_app.jinja_env.get_template("accounts/invitation_mail.txt").render(
            invitation=found, by=found.inviter.name, link=link_of(found), home=card
        )
        subject = _("%(home)s : ouvrez votre compte", home=card.name)
    return Letter(
        key=f"{INVITE}-{found.id}-{event or 0}",
        to=found.email,
        subject=subject,
        text=text,
        sender_name=card.name,
        reply_to=card.email,
        language=language,
    )
