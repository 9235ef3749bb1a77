"""Change one's password, ask for a link when it is forgotten or give one by hand, make it anew by the link."""

import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select

from refurb.accounts.actions import SHOWN_FOR, SignInRefused, find_signing_in, refuse_weak, set_password
from refurb.accounts.addresses.models import AddressChange
from refurb.accounts.factors.actions import forget_trust
from refurb.accounts.models import Account, OpenSession
from refurb.accounts.passwords.models import PasswordLink
from refurb.accounts.queries import account_by_email, actor_of, token_digest
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import kind_of, record
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _l

SEND_LINK = "password_link"
LASTS = timedelta(hours=1)
MOST_OPEN = 3
"""Links of one account that open something at a time: whoever asks on for somebody else fills no mailbox."""


class WrongPassword(SignInRefused):
    """The password that is said to be one's own is not."""

    code = "account.wrong_password"


class LinkOver(Refusal):
    """The link opens nothing: it was used, its hour is over, or it never was."""

    code = "account.link_over"
    status = 410


class LinkForNobody(Refusal):
    """The account is closed: nobody signs in with it, by whatever password."""

    code = "account.closed"


class LinkShownBefore(Refusal):
    """A link given by hand is shown to whoever made it, for ten minutes and until it serves."""

    code = "account.link_shown_before"


def change_password(actor: Actor, account: Account, *, current: str, password: str) -> None:
    """Change one's own password; every other session ends, and what links had begun. Raises `WrongPassword`, `WeakPassword`."""
    if find_signing_in(account.email, current) is None:
        raise WrongPassword
    _set(actor, account, password)


def _set(actor: Actor, account: Account, password: str) -> None:
    refuse_weak(password, account.email, account.name)
    lock(account)
    set_password(account, password)
    db.session.execute(delete(OpenSession).where(OpenSession.account_id == account.id))
    forget_trust(account.id)
    end_what_is_pending(account.id)
    record(account, "password_changed", actor)
    note(SecurityKind.PASSWORD_CHANGED, actor)


def secret_of_link(link: PasswordLink) -> str:
    """What a link holds; it follows from the service's own key, and is kept nowhere."""
    said = f"password|{link.id}|{link.account_id}|{link.made_at.isoformat()}"
    return hmac.new(key_for("password links").encode(), said.encode(), "sha256").hexdigest()


def ask_link(email: str) -> None:
    """Have a link sent to whoever has an open account with this address; for anybody else nothing happens, and nobody is told so."""
    account = account_by_email(email)
    if account is None or not account.is_active:
        return
    instant = now()
    still = select(PasswordLink.id).where(
        PasswordLink.account_id == account.id, PasswordLink.used_at.is_(None), PasswordLink.ends_at > instant
    )
    if len(db.session.scalars(still).all()) >= MOST_OPEN:
        return
    link = _make_link(account, None)
    note(SecurityKind.PASSWORD_FORGOTTEN, actor_of(account))
    plan(SEND_LINK, subject_kind=kind_of(link), subject_id=link.id)


def _make_link(account: Account, given_by: int | None) -> PasswordLink:
    instant = now()
    digest = f"{instant.isoformat()} {account.id}"
    link = PasswordLink(account_id=account.id, digest=digest, made_at=instant, ends_at=instant + LASTS, given_by=given_by)
    db.session.add(link)
    db.session.flush()
    link.digest = token_digest(secret_of_link(link))
    return link


def give_link(actor: Actor, account: Account) -> PasswordLink:
    """Make a link that an administrator gives by hand, where no mail arrives; the links before it open nothing any more.

    Raises `LinkForNobody` where the account is closed.
    """
    check(actor, Permission.ACCOUNT_ADMIN)
    lock(account)
    if not account.is_active:
        raise LinkForNobody
    end_links(account.id)
    link = _make_link(account, actor.id)
    record(account, "password_link_given", actor)
    note(SecurityKind.PASSWORD_LINK_GIVEN, actor, f"account {account.id}")
    return link


def end_links(account_id: int) -> None:
    """Have the links to a new password of an account open nothing any more."""
    instant = now()
    for each in db.session.scalars(select(PasswordLink).where(PasswordLink.account_id == account_id, PasswordLink.used_at.is_(None))):
        each.used_at = instant


def end_what_is_pending(account_id: int) -> None:
    """Have nothing come of what was begun by links of an account: a new password, a change of its address that waits."""
    end_links(account_id)
    db.session.execute(delete(AddressChange).where(AddressChange.account_id == account_id, AddressChange.used_at.is_(None)))


def link_to_show(actor: Actor, account_id: int, number: int) -> PasswordLink:
    """A link for whoever has just made it; `LinkShownBefore` for anybody else, once it was used, or ten minutes later."""
    check(actor, Permission.ACCOUNT_ADMIN)
    link = db.session.get(PasswordLink, number)
    is_theirs = link is not None and link.account_id == account_id and link.given_by == actor.id
    if link is None or not is_theirs or link.used_at is not None or link.made_at <= now() - SHOWN_FOR:
        raise LinkShownBefore
    return link


def address_of_link(link: PasswordLink) -> str:
    """The whole address that somebody opens."""
    return f"{current_app.config['BASE_URL']}/mot-de-passe/{secret_of_link(link)}"


def link_by_secret(secret: str) -> PasswordLink:
    """The link that holds this; `LinkOver` unless it opens something."""
    link = db.session.scalar(select(PasswordLink).where(PasswordLink.digest == token_digest(secret)))
    if link is None or link.used_at is not None or link.ends_at <= now() or not link.account.is_active:
        raise LinkOver
    return link


def renew_password(link: PasswordLink, password: str) -> Account:
    """Make the password anew by a link; its other links open nothing any more. Raises `LinkOver`, `WeakPassword`."""
    lock(link)
    if link.used_at is not None:
        raise LinkOver
    _set(actor_of(link.account), link.account, password)
    return link.account


forget_links = Term(
    key="accounts.password_links",
    who=_l("Personne qui a un compte"),
    what=_l("lien de nouveau mot de passe"),
    lasts=LASTS,
    model=PasswordLink,
    past=lambda: PasswordLink.ends_at < now(),
    hourly=True,
)
