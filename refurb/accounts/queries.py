"""Who is who: accounts and tokens, as actors."""

import hashlib

from sqlalchemy import select

from refurb.accounts.models import Account, Token
from refurb.kernel.access import Actor
from refurb.kernel.database import db


def actor_of(account: Account) -> Actor:
    """The actor that an account is."""
    return Actor(account.id, account.name, account.role, account.organisation_id, account.language)


def actor_of_session(account_id: int, stamp: str) -> Actor | None:
    """The actor of a session, unless the account was closed or its password changed since."""
    row = db.session.execute(
        select(
            Account.id,
            Account.name,
            Account.role,
            Account.organisation_id,
            Account.language,
            Account.stamp,
            Account.is_active,
        ).where(Account.id == account_id)
    ).one_or_none()
    if row is None or not row.is_active or row.stamp != stamp:
        return None
    return Actor(row.id, row.name, row.role, row.organisation_id, row.language)


def token_digest(secret: str) -> str:
    """What is kept of a token; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_token(secret: str) -> Actor | None:
    """The actor of a bearer token, unless it was revoked or its account closed."""
    row = db.session.execute(
        select(Account.id, Account.name, Token.role, Account.organisation_id, Account.language)
        .join(Token, Token.account_id == Account.id)
        .where(Token.digest == token_digest(secret), Token.revoked_at.is_(None), Account.is_active)
    ).one_or_none()
    return Actor(row.id, row.name, row.role, row.organisation_id, row.language) if row else None


def account_by_email(email: str) -> Account | None:
    """The account of an e-mail address, whatever its case."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def names_of(ids: set[int | None]) -> dict[int, str]:
    """The names of some accounts, for the history's « by whom »."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))}
