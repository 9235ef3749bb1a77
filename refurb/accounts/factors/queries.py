"""What an account proves itself with a second time, and whether it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select

from refurb.accounts.factors.models import Authenticator, CardCode, TrustedBrowser
from refurb.accounts.factors.passkeys.models import Passkey
from refurb.accounts.factors.passkeys.queries import passkeys_of
from refurb.accounts.models import OpenSession
from refurb.accounts.queries import token_digest
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now

FACTORS = (Authenticator, CardCode, Passkey)
"""Where the second factors of accounts are kept."""


@dataclass(frozen=True)
class Factors:
    """What an account has: since when an application, a card of which so many codes are left, keys; None where it has none."""

    app_since: datetime | None
    card_since: datetime | None
    codes_left: int
    keys: tuple[Passkey, ...]

    def __bool__(self) -> bool:
        """Whether there is any: a card whose codes are all used is one still, and lets nobody in."""
        return self.types_codes or bool(self.keys)

    @property
    def types_codes(self) -> bool:
        """Whether there is a factor whose codes are typed."""
        return self.app_since is not None or self.card_since is not None


def factors_of(account_id: int) -> Factors:
    """The second factors of an account."""
    app = db.session.scalar(select(Authenticator.added_at).where(Authenticator.account_id == account_id))
    card, left = db.session.execute(
        select(func.max(CardCode.made_at), func.count(CardCode.id).filter(CardCode.used_at.is_(None))).where(
            CardCode.account_id == account_id
        )
    ).one()
    return Factors(app, card, left, tuple(passkeys_of(account_id)))


def has_factor(account_id: int) -> bool:
    """Whether an account is asked for a second factor."""
    any_of = or_(*(exists().where(each.account_id == account_id) for each in FACTORS))
    return bool(db.session.scalar(select(any_of)))


def trusted_browsers(account_id: int) -> Sequence[TrustedBrowser]:
    """The browsers in which an account is not asked at present, the newest first."""
    own = TrustedBrowser.account_id == account_id, TrustedBrowser.ends_at > now()
    return db.session.scalars(select(TrustedBrowser).where(*own).order_by(TrustedBrowser.id.desc())).all()


def trusts(account_id: int, secret: str) -> bool:
    """Whether a browser's secret is that of one that an account trusts."""
    row = TrustedBrowser.account_id == account_id, TrustedBrowser.digest == token_digest(secret), TrustedBrowser.ends_at > now()
    return db.session.scalar(select(TrustedBrowser.id).where(*row)) is not None


def proof_of(session_id: int | None) -> tuple[bool, datetime | None]:
    """Whether a session has a second factor behind it, and when that was last typed in it; a trusted browser types none."""
    found = db.session.get(OpenSession, session_id) if session_id else None
    return (found.proved, found.proved_at) if found else (False, None)
