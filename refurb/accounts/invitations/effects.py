"""The letter that carries an invitation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import force_locale

from refurb.accounts.invitations.actions import INVITE
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.invitations.queries import link_of
from refurb.accounts.texts import INVITATION
from refurb.directory.letters import write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l, day


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
    with force_locale(found.inviter.language):
        return invitation_letter(
            found.name, found.email, found.inviter.name, found.ends_at, link_of(found), f"{INVITE}-{found.id}-{event or 0}"
        )


def invitation_letter(name: str, to: str, by: str, ends_at: datetime, link: str, key: str) -> Letter:
    """The invitation of somebody, in the language of the moment."""
    return write_letter(INVITATION, key=key, to=to, name=name, by=by, date=day(ends_at), link=link)
