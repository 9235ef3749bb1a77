"""Open an account, sign in, change the language, make and revoke tokens."""

import hmac
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import delete, func, select

from refurb.accounts.models import Account, FailedTry, Token
from refurb.accounts.queries import account_by_email, token_digest
from refurb.kernel.deeds.access import GRANTS, Actor, Permission, Role, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.addresses import read_address
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Refusal

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_PER_SOURCE = 30
SHORTEST_PASSWORD = 12
SHOWN_FOR = timedelta(minutes=10)


class SignInRefused(Refusal):
    """The address and the password do not go together; which of the two is wrong is not told."""

    code = "account.sign_in_refused"
    status = 422


class TooManyTries(Refusal):
    """Signing in failed too often lately, for this account or from this source (CNIL 2022-100: 50 bits with throttling)."""

    code = "account.too_many_tries"
    status = 429


class ShownBefore(Refusal):
    """The secret of a token is shown to whoever made it, while they set up the workstation, and never again."""

    code = "station.shown_before"


class WeakPassword(Refusal):
    """The password is too short."""

    code = "account.weak_password"
    status = 422


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=current_app.config["ARGON2_TIME"], memory_cost=current_app.config["ARGON2_MEMORY_KIB"], parallelism=1)


def open_account(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    password: str,
    organisation_id: int | None = None,
    language: str = "fr",
) -> Account:
    """Open an account; the password needs 12 characters."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(least=SHORTEST_PASSWORD)
    account = Account(
        email=read_address(email).lower(),
        name=name,
        role=role,
        organisation_id=organisation_id,
        password_hash=_hasher().hash(password),
        stamp=secrets.token_hex(8),
        language=language,
        created_at=now(),
    )
    db.session.add(account)
    record(account, "opened", actor, role=role, organisation_id=organisation_id)
    return account


def _keyed(text: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"].encode(), text.encode(), "sha256").hexdigest()


def check_throttle(email: str, source: str) -> None:
    """Refuse when this account or this source failed too often in the last quarter of an hour."""
    since = now() - WINDOW
    for column, value, most in (
        (FailedTry.who, _keyed(email.strip().lower()), TRIES_PER_ACCOUNT),
        (FailedTry.source, _keyed(source), TRIES_PER_SOURCE),
    ):
        count = db.session.scalar(select(func.count()).select_from(FailedTry).where(column == value, FailedTry.at > since)) or 0
        if count >= most:
            raise TooManyTries(minutes=int(WINDOW.total_seconds() // 60))


def find_signing_in(email: str, password: str) -> Account | None:
    """The account whose address and password these are, else None; takes as long in either case."""
    account = account_by_email(email)
    if account is None:
        _hasher().hash(password)
        return None
    try:
        _hasher().verify(account.password_hash, password)
    except (VerificationError, InvalidHashError):
        return None
    return account if account.is_active else None


def note_failed_try(email: str, source: str) -> None:
    """Remember a failed try for the throttle, and forget the old ones."""
    db.session.add(FailedTry(who=_keyed(email.strip().lower()), source=_keyed(source), at=now()))
    db.session.execute(delete(FailedTry).where(FailedTry.at < now() - WINDOW))


def note_signed_in(account: Account) -> None:
    """Remember when the account was last used, and clear its failed tries."""
    account.signed_in_at = now()
    db.session.execute(delete(FailedTry).where(FailedTry.who == _keyed(account.email.lower())))


def choose_language(actor: Actor, language: str) -> None:
    """Keep the language somebody wants to read."""
    account = db.session.get(Account, actor.id) if actor.id else None
    if account is not None:
        account.language = language


def make_token(actor: Actor, account: Account, name: str, role: Role) -> Token:
    """Make a token for the JSON door; its secret (`secret_of`) is shown to whoever made it, for a few minutes."""
    token = Token(account_id=account.id, name=name, role=role, created_at=now())
    token.digest = token_digest(secret_of(token))
    db.session.add(token)
    record(token, "made", actor, role=role)
    return token


def secret_of(token: Token) -> str:
    """The secret of a token, kept nowhere: it follows from the service's own key, from what the token is and when it was made."""
    made = f"token|{token.account_id}|{token.role}|{token.created_at.isoformat()}|{token.name}"
    return f"refurb_{_keyed(made)}"


def secret_to_show(actor: Actor, token: Token) -> str:
    """The secret again, for whoever has just made the token and pressed twice; `ShownBefore` for anybody else, or later."""
    secret = secret_of(token)
    is_fresh = token.used_at is None and token.revoked_at is None and token.created_at > now() - SHOWN_FOR
    if actor.id != token.account_id or not is_fresh or token_digest(secret) != token.digest:
        raise ShownBefore
    return secret


def make_station(actor: Actor, *, name: str, role: Role) -> Token:
    """Make the token of a workstation, in the name of whoever makes it; it may do nothing that they may not."""
    check(actor, Permission.STATION_WRITE)
    account = db.session.get(Account, actor.id) if actor.id else None
    if account is None or not GRANTS[role] <= GRANTS[actor.role]:
        raise Forbidden(permission=Permission.STATION_WRITE.value)
    return make_token(actor, account, name, role)


def revoke_station(actor: Actor, token: Token) -> None:
    """Close a token for good; one that is closed already stays as it was."""
    check(actor, Permission.STATION_WRITE)
    lock(token)
    if token.revoked_at is None:
        token.revoked_at = now()
        record(token, "revoked", actor)
