"""Looking up invitations: those that wait, one for its inviter, one by what its link says."""

import hmac
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from refurb.accounts.invitations.models import Invitation
from refurb.accounts.queries import token_digest
from refurb.accounts.rules import COLLEAGUES
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.speech.codes import ALPHABET, BASE
from refurb.kernel.speech.errors import NotFound

SYMBOLS = 12
"""Of a code: 29**12 of them are 58 bits, for a link that lives a week."""
AT_MOST = 200


def code_of(invitation: Invitation) -> str:
    """The code of an invitation's link as it was last sent; it follows from the service's own key, and is kept nowhere."""
    said = f"invitation|{invitation.id}|{invitation.sent_at.isoformat()}"
    number = int.from_bytes(hmac.digest(key_for("invitations").encode(), said.encode(), "sha256"))
    symbols = []
    for _place in range(SYMBOLS):
        number, value = divmod(number, BASE)
        symbols.append(ALPHABET[value])
    return "-".join("".join(symbols[start : start + 4]) for start in range(0, SYMBOLS, 4))


def link_of(invitation: Invitation) -> str:
    """The whole address that somebody opens, or types from the sheet."""
    return f"{current_app.config['BASE_URL']}/i/{code_of(invitation)}"


def invitation_by_code(code: str) -> Invitation | None:
    """The invitation of a link, whatever became of it."""
    return db.session.scalar(select(Invitation).where(Invitation.digest == token_digest(code.strip().upper())))


def waiting_invitations(actor: Actor) -> Sequence[Invitation]:
    """The invitations that wait and that the actor may look after, those whose time is over first."""
    found = db.session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        .order_by(Invitation.ends_at, Invitation.id)
        .limit(AT_MOST)
    )
    return [each for each in found if is_his(actor, each)]


def is_his(actor: Actor, invitation: Invitation) -> bool:
    """Whether the actor looks after an invitation: an administrator after all, a referent after those of her colleagues alone."""
    within = actor.organisations_for(Permission.COLLEAGUE_WRITE)
    return actor.may(Permission.ACCOUNT_ADMIN) or all(
        each.role in COLLEAGUES and each.organisation_id in within for each in invitation.grants
    )


def invitation_for(actor: Actor, number: int) -> Invitation:
    """One invitation that the actor looks after; `NotFound` for any other."""
    found = db.session.get(Invitation, number)
    if found is None or not is_his(actor, found):
        raise NotFound
    return found
