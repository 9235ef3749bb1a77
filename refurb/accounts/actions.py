"""Open an account, sign in, change the language, make and revoke tokens."""

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import delete

from refurb.accounts.common_passwords import is_common
from refurb.accounts.models import Account, Door, OpenSession, RoleGrant, Token
from refurb.accounts.queries import account_by_email, actor_of, is_covered, token_digest
from refurb.kernel.deeds.access import Actor, Grant, Permission, Role, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.addresses import read_address
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Refusal
from refurb.kernel.speech.folding import fold, words_of
from refurb.kernel.speech.words import _l

SHORTEST_PASSWORD = 12
FEWEST_SIGNS = 5
"""Different signs, after what everybody tries first is taken away."""
ROWS_OF_KEYS = (
    "motdepasse", "password", "azertyuiop", "qwertyuiop", "azerty", "qwerty", "qsdfghjklm", "asdfghjkl", "wxcvbn", "zxcvbnm", "1234567890",
    "123456789", "12345678", "123456", "12345", "1234", "0123", "abcdef", "abcd", "bonjour", "bienvenue", "welcome", "administrateur",
    "admin", "refurb", "doudou", "soleil", "chouchou", "loulou", "letmein", "iloveyou", "jetaime", "marseille",
    "2024", "2025", "2026", "2027",
)  # fmt: skip
SHOWN_FOR = timedelta(minutes=10)
TOKEN_LASTS = timedelta(days=365)
"""A key that is lost and never missed stops opening within a year."""


class SignInRefused(Refusal):
    """The address and the password do not go together; which of the two is wrong is not told."""

    code = "account.sign_in_refused"
    status = 422


class ShownBefore(Refusal):
    """The secret of a token is shown to whoever made it, while they set up the workstation, and never again."""

    code = "station.shown_before"


class WeakPassword(Refusal):
    """The password is too short, or too easily guessed."""

    code = "account.weak_password"
    status = 422


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=current_app.config["ARGON2_TIME"], memory_cost=current_app.config["ARGON2_MEMORY_KIB"], parallelism=1)


def _spelt(password: str) -> str:
    """A password in one spelling, whichever keyboard made its accents."""
    return unicodedata.normalize("NFC", password)


def refuse_weak(password: str, *own: str) -> None:
    """Raise `WeakPassword` for one that is short, or that a guesser tries first.

    Few signs, a row of keys, one's own name or address; or one of the list of common ones (CNIL, recommendation 2022-100).
    """
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(least=SHORTEST_PASSWORD)
    bare = fold(password).replace(" ", "")
    # What is left when all that a guesser begins with is taken away.
    for row in (*ROWS_OF_KEYS, *(word for text in own for word in words_of(text) if len(word) > 3)):
        bare = bare.replace(row, "")
    if len(set(bare)) < FEWEST_SIGNS:
        raise WeakPassword("account.guessable_password")
    if is_common(password):
        raise WeakPassword("account.common_password")


def open_account(
    actor: Actor,
    *,
    email: str,
    name: str,
    grants: Sequence[Grant],
    password: str | None,
    language: str = "fr",
) -> Account:
    """Open an account with its roles, of which the first is the one that papers name. Raises `WeakPassword`.

    Without a password it is come in by another service alone, until a link for a forgotten one makes one.
    """
    if password is not None:
        refuse_weak(password, email, name)
    instant = now()
    account = Account(
        email=read_address(email).lower(),
        name=name,
        grants=[RoleGrant.of(each, instant) for each in grants],
        password_hash=_hasher().hash(_spelt(password)) if password is not None else "",
        language=language,
        created_at=instant,
    )
    db.session.add(account)
    record(account, "opened", actor, roles=[each.role for each in grants], organisations=sorted(filter(None, _organisations(grants))))
    return account


def _organisations(grants: Sequence[Grant]) -> set[int | None]:
    return {each.organisation_id for each in grants}


def work_as(actor: Actor, role: Role) -> None:
    """Have the navigation drawn for another of one's roles; no right comes or goes. A role that is not held changes nothing."""
    account = db.session.get(Account, actor.id) if actor.id else None
    if account is not None and role in actor.roles:
        account.working_role = role


def set_password(account: Account, password: str) -> None:
    """Keep another password, as its hash."""
    account.password_hash = _hasher().hash(_spelt(password))


def hash_anew(account: Account, password: str) -> None:
    """Hash a password that was just verified as strongly as is asked today, where it was hashed for less."""
    if _hasher().check_needs_rehash(account.password_hash):
        set_password(account, password)


def find_signing_in(email: str, password: str) -> Account | None:
    """The account whose address and password these are, else None; takes as long in either case."""
    account = account_by_email(email)
    if account is None or not account.password_hash:
        _hasher().hash(password)
        return None
    try:
        _hasher().verify(account.password_hash, _spelt(password))
    except (VerificationError, InvalidHashError):
        return None
    return account if account.is_active else None


def open_session(account: Account, browser: str, *, proved: bool = False, proved_at: datetime | None = None) -> str:
    """Open a session of an account in a browser, and return its secret, which only the browser keeps.

    `proved`: a second factor stands behind it; `proved_at`: when it was typed, None in a browser that is trusted.
    """
    secret, instant = secrets.token_urlsafe(32), now()
    ends_at = instant + timedelta(days=current_app.config["SESSION_DAYS"])
    row = OpenSession(account_id=account.id, digest=token_digest(secret), opened_at=instant, seen_at=instant, ends_at=ends_at)
    row.browser, row.proved, row.proved_at = browser[:40], proved, proved_at
    db.session.add(row)
    account.signed_in_at = instant
    note(SecurityKind.SIGNED_IN, actor_of(account))
    return secret


def end_session(actor: Actor, session_id: int) -> None:
    """End one session of the actor's own; one that is over already, or somebody else's, is left as it is."""
    done: Any = db.session.execute(delete(OpenSession).where(OpenSession.id == session_id, OpenSession.account_id == actor.id))
    if done.rowcount:
        note(SecurityKind.SIGNED_OUT, actor)


def end_sessions(actor: Actor, account_id: int) -> int:
    """End every session of an account, in whatever browser: one's own, or anybody's for who administers accounts; how many."""
    if account_id != actor.id:
        check(actor, Permission.ACCOUNT_ADMIN)
    done: Any = db.session.execute(delete(OpenSession).where(OpenSession.account_id == account_id))
    note(SecurityKind.SESSIONS_ENDED, actor, None if account_id == actor.id else f"account {account_id}")
    return int(done.rowcount)


def _is_over() -> Any:
    awake_since = now() - current_app.config["PERMANENT_SESSION_LIFETIME"]
    return (OpenSession.ends_at < now()) | (OpenSession.seen_at < awake_since)


forget_sessions = Term(
    key="accounts.sessions",
    who=_l("Personne connectée"),
    what=_l("session ouverte : navigateur, début, dernière page"),
    since=_l("fin de la session"),
    model=OpenSession,
    past=_is_over,
    hourly=True,
)


def choose_language(actor: Actor, language: str) -> None:
    """Keep the language somebody wants to read."""
    account = db.session.get(Account, actor.id) if actor.id else None
    if account is not None:
        account.language = language


def make_token(actor: Actor, account: Account, name: str, role: Role, door: Door, *, proved: bool = False) -> Token:
    """Make a token that lasts a year; its secret (`secret_of`) is shown to whoever made it, for a few minutes.

    `proved`: its owner gave her second factor for it; names are closed to one without, where its role asks one.
    """
    made_at = now()
    token = Token(account_id=account.id, name=name, role=role, door=door, proved=proved, created_at=made_at)
    token.ends_at = made_at + TOKEN_LASTS
    token.digest = token_digest(secret_of(token))
    db.session.add(token)
    record(token, "made", actor, role=role)
    note(SecurityKind.KEY_MADE, actor, f"token {token.id}")
    return token


def secret_of(token: Token) -> str:
    """The secret of a token, kept nowhere: it follows from the service's own key, from what the token is and when it was made."""
    made = f"token|{token.account_id}|{token.role}|{token.created_at.isoformat()}|{token.name}"
    return f"refurb_{hmac.new(key_for('tokens').encode(), made.encode(), 'sha256').hexdigest()}"


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
    if account is None or not is_covered(role, actor.roles):
        raise Forbidden(permission=Permission.STATION_WRITE.value)
    return make_token(actor, account, name, role, Door.AGENT)


def revoke_station(actor: Actor, token: Token) -> None:
    """Close a token for good; one that is closed already stays as it was."""
    check(actor, Permission.STATION_WRITE)
    lock(token)
    if token.revoked_at is None:
        token.revoked_at = now()
        record(token, "revoked", actor)
        note(SecurityKind.KEY_REVOKED, actor, f"token {token.id}")
