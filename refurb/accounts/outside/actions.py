"""Link an account to who somebody is elsewhere, come in by that, take the link away.

Nobody is linked by an address alone: whoever has an account asks for the link while signed in, or accepts an invitation that way; and the
address that the provider has verified is the account's own, or the invitation's.
"""

from typing import Any

from sqlalchemy import delete, select, update

from refurb.accounts.invitations.actions import accept
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.models import Account
from refurb.accounts.outside.models import OutsideIdentity
from refurb.accounts.outside.provider import Outsider
from refurb.accounts.outside.queries import account_of_outsider
from refurb.accounts.queries import actor_of
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.addresses import spelt_address
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound, Refusal


class UnknownOutsider(Refusal):
    """No open account is linked to who signed in elsewhere: an account is never opened by that."""

    code = "outside.unknown"
    status = 403


class UnverifiedAddress(Refusal):
    """The provider names no address, or does not say that it has verified it."""

    code = "outside.unverified"
    status = 422


class AnotherAddress(Refusal):
    """The address that the provider has verified is not the one that was expected."""

    code = "outside.another_address"
    status = 422


class LinkedAlready(Refusal):
    """The account is linked already, or somebody else's is linked to this identity."""

    code = "outside.linked"


class NoOtherWayIn(Refusal):
    """Without the link nobody could come in: the account has no password."""

    code = "outside.no_other_way"


def come_in(outsider: Outsider) -> Account:
    """The account of who came back from the provider. Raises `UnknownOutsider`."""
    account = account_of_outsider(outsider.issuer, outsider.subject)
    if account is None:
        raise UnknownOutsider
    used = update(OutsideIdentity).where(OutsideIdentity.issuer == outsider.issuer, OutsideIdentity.subject == outsider.subject)
    db.session.execute(used.values(used_at=now()))
    return account


def link_account(actor: Actor, account: Account, outsider: Outsider) -> None:
    """Link an account to who its person is elsewhere. Raises `UnverifiedAddress`, `AnotherAddress`, `LinkedAlready`."""
    _need_address(outsider, account.email)
    lock(account)
    same_person = (OutsideIdentity.issuer == outsider.issuer) & (OutsideIdentity.subject == outsider.subject)
    same_account = (OutsideIdentity.issuer == outsider.issuer) & (OutsideIdentity.account_id == account.id)
    if db.session.scalar(select(OutsideIdentity.id).where(same_person | same_account).limit(1)) is not None:
        raise LinkedAlready
    db.session.add(OutsideIdentity(account_id=account.id, issuer=outsider.issuer, subject=outsider.subject, linked_at=now()))
    db.session.flush()
    record(account, "identity_linked", actor, issuer=outsider.issuer)
    note(SecurityKind.IDENTITY_LINKED, actor)


def _need_address(outsider: Outsider, expected: str) -> None:
    if outsider.email is None:
        raise UnverifiedAddress
    if spelt_address(outsider.email).lower() != expected:
        raise AnotherAddress(email=expected)


def accept_as(invitation: Invitation, outsider: Outsider, *, language: str) -> Account:
    """Open the account of somebody who was invited, linked to who she is elsewhere; it has no password.

    Raises what `accept` and `link_account` refuse.
    """
    _need_address(outsider, invitation.email)
    account = accept(invitation, name=invitation.name, password=None, language=language)
    link_account(actor_of(account), account, outsider)
    return account


def unlink(actor: Actor, account: Account, number: int) -> None:
    """Take a link of an account away: its owner's deed, where she has a password, or an administrator's.

    Raises `NoOtherWayIn`; `NotFound` for a link of another account.
    """
    if actor.id != account.id:
        check(actor, Permission.ACCOUNT_ADMIN)
    lock(account)
    if actor.id == account.id and not account.password_hash:
        raise NoOtherWayIn
    done: Any = db.session.execute(delete(OutsideIdentity).where(OutsideIdentity.id == number, OutsideIdentity.account_id == account.id))
    if not done.rowcount:
        raise NotFound
    record(account, "identity_unlinked", actor)
    note(SecurityKind.IDENTITY_UNLINKED, actor, None if actor.id == account.id else f"account {account.id}")
