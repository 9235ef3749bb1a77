"""Who is who: accounts and tokens, as actors."""

import hashlib
from typing import Any

from sqlalchemy import bindparam, select

from refurb.accounts.models import Account, Token
from refurb.kernel.access import Actor
from refurb.kernel.database import db


def actor_of(account: Account) -> Actor:
    """The actor that an account is."""
    return Actor(account.id, account.name, account.role, account.organisation_id, account.language)


# Asked by every request: built once, over plain columns.
_accounts, _tokens = Account.__table__, Token.__table__
_ACTOR = (_accounts.c.id, _accounts.c.name, _accounts.c.organisation_id, _accounts.c.language)
_OF_SESSION = select(*_ACTOR, _accounts.c.role).where(
    _accounts.c.id == bindparam("account"), _accounts.c.stamp == bindparam("stamp"), _accounts.c.is_active
)
_OF_TOKEN = (
    select(*_ACTOR, _tokens.c.role)
    .select_from(_tokens.join(_accounts, _accounts.c.id == _tokens.c.account_id))
    .where(_tokens.c.digest == bindparam("digest"), _tokens.c.revoked_at.is_(None), _accounts.c.is_active)
)


def _actor(statement: Any, **asked: Any) -> Actor | None:
    row = db.session.connection().execute(statement, asked).one_or_none()
    return Actor(row.id, row.name, row.role, row.organisation_id, row.language) if row else None


def actor_of_session(account_id: int, stamp: str) -> Actor | None:
    """The actor of a session, unless the account was closed or its password changed since."""
    return _actor(_OF_SESSION, account=account_id, stamp=stamp)


def token_digest(secret: str) -> str:
    """What is kept of a token; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def actor_of_token(secret: str) -> Actor | None:
    """The actor of a bearer token, unless it was revoked or its account closed."""
    return _actor(_OF_TOKEN, digest=token_digest(secret))


def account_by_email(email: str) -> Account | None:
    """The account of an e-mail address, whatever its case."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def names_of(ids: set[int | None]) -> dict[int, str]:
    """The names of some accounts, for the history's « by whom »."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))}
