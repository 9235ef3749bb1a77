"""Ask to sign in with another address, and do it by the link that was sent there."""

import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select

from refurb.accounts.actions import find_signing_in
from refurb.accounts.addresses.models import AddressChange
from refurb.accounts.models import Account
from refurb.accounts.passwords.actions import LinkOver, WrongPassword, end_links
from refurb.accounts.queries import account_by_email, actor_of, token_digest
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import kind_of, record
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.addresses import read_address
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _l

SEND_ADDRESS_LINK, TELL_FORMER_ADDRESS = "address_link", "address_told"
LASTS = timedelta(days=1)
KEPT_FOR = timedelta(days=7)
"""How long a change is remembered, so that the letters about it can still be written when mail was down."""


class SameAddress(Refusal):
    """The new address is the one that the account has."""

    code = "account.same_address"
    status = 422


class AddressNotForYou(Refusal):
    """The address serves another account; whose, and that it does, is not told."""

    code = "account.address_unusable"
    status = 422


def ask_address(actor: Actor, account: Account, *, current: str, email: str) -> AddressChange:
    """Have a link sent to the new address, and the former one told; nothing changes before the link is followed.

    A change that was asked for before opens nothing any more. Raises `WrongPassword`, `SameAddress`, `AddressNotForYou`.
    """
    check(actor, Permission.ACCOUNT_OWN)
    if find_signing_in(account.email, current) is None:
        raise WrongPassword
    lock(account)
    address, instant = read_address(email).lower(), now()
    if address == account.email:
        raise SameAddress
    _is_free(address)
    db.session.execute(delete(AddressChange).where(AddressChange.account_id == account.id, AddressChange.used_at.is_(None)))
    change = AddressChange(
        account_id=account.id,
        before=account.email,
        email=address,
        digest=f"{instant.isoformat()} {account.id}",
        made_at=instant,
        ends_at=instant + LASTS,
    )
    db.session.add(change)
    db.session.flush()
    change.digest = token_digest(secret_of_change(change))
    record(account, "address_asked", actor)
    note(SecurityKind.ADDRESS_ASKED, actor)
    for kind in (SEND_ADDRESS_LINK, TELL_FORMER_ADDRESS):
        plan(kind, subject_kind=kind_of(change), subject_id=change.id)
    return change


def _is_free(address: str) -> None:
    if account_by_email(address) is not None:
        raise AddressNotForYou


def secret_of_change(change: AddressChange) -> str:
    """What the link holds; it follows from the service's own key, and is kept nowhere."""
    said = f"address|{change.id}|{change.account_id}|{change.email}|{change.made_at.isoformat()}"
    return hmac.new(key_for("address links").encode(), said.encode(), "sha256").hexdigest()


def address_of_change(change: AddressChange) -> str:
    """The whole address of the page that the link opens."""
    return f"{current_app.config['BASE_URL']}/adresse/{secret_of_change(change)}"


def change_by_secret(secret: str) -> AddressChange:
    """The change whose link holds this; `LinkOver` unless it opens something."""
    change = db.session.scalar(select(AddressChange).where(AddressChange.digest == token_digest(secret)))
    if change is None or change.used_at is not None or change.ends_at <= now():
        raise LinkOver
    if not change.account.is_active or change.account.email != change.before:
        raise LinkOver
    return change


def change_address(change: AddressChange) -> Account:
    """Sign in with the new address from now on; links to a new password that went to the former one open nothing any more.

    Raises `LinkOver`, and `AddressNotForYou` where somebody else took the address meanwhile.
    """
    account = change.account
    lock(account)
    lock(change)
    if change.used_at is not None or account.email != change.before:
        raise LinkOver
    _is_free(change.email)
    change.used_at, account.email = now(), change.email
    end_links(account.id)
    record(account, "address_changed", actor_of(account))
    note(SecurityKind.ADDRESS_CHANGED, actor_of(account))
    plan(TELL_FORMER_ADDRESS, subject_kind=kind_of(change), subject_id=change.id)
    return account


forget_changes = Term(
    key="accounts.address_changes",
    who=_l("Personne qui a un compte"),
    what=_l("changement d'adresse : l'ancienne, la nouvelle"),
    lasts=KEPT_FOR,
    model=AddressChange,
    past=lambda: AddressChange.ends_at < now() - KEPT_FOR,
    hourly=True,
)
