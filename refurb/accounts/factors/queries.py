"""What an account proves itself with a second time, and whether it does."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, exists, func, or_, select, union

from refurb.accounts.factors.models import Authenticator, CardCode, TrustedBrowser
from refurb.accounts.factors.passkeys.models import Passkey
from refurb.accounts.factors.passkeys.queries import passkeys_of
from refurb.accounts.factors.policy import FactorKind, factor_policy
from refurb.accounts.models import OpenSession
from refurb.accounts.queries import token_digest
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now

FACTORS: dict[FactorKind, Any] = {FactorKind.APPLICATION: Authenticator, FactorKind.KEY: Passkey, FactorKind.CARD: CardCode}
"""Where the second factors of accounts are kept, by their kind."""


@dataclass(frozen=True)
class Factors:
    """What an account has: since when an application, a card of which so many codes are left, keys; None where it has none."""

    app_since: datetime | None
    card_since: datetime | None
    codes_left: int
    keys: tuple[Passkey, ...]
    serving: frozenset[FactorKind]

    @property
    def wants_card(self) -> bool:
        """Whether a card is still to be made, for the day when the telephone or the key is lost."""
        return self.card_since is None and FactorKind.CARD in self.serving

    @property
    def any_held(self) -> bool:
        """Whether there is any, even of a kind that does not serve any more."""
        return self.app_since is not None or self.card_since is not None or bool(self.keys)

    @property
    def held(self) -> frozenset[FactorKind]:
        """The kinds that the account has and that serve: what the policy has taken out proves nothing."""
        has = {FactorKind.APPLICATION: self.app_since, FactorKind.KEY: self.keys, FactorKind.CARD: self.card_since}
        return frozenset(kind for kind in self.serving if has[kind])

    def __bool__(self) -> bool:
        """Whether there is any: a card whose codes are all used is one still, and lets nobody in."""
        return bool(self.held)

    @property
    def types_codes(self) -> bool:
        """Whether there is a factor whose codes are typed."""
        return bool(self.held - {FactorKind.KEY})


def factors_of(account_id: int) -> Factors:
    """The second factors of an account."""
    app = db.session.scalar(select(Authenticator.added_at).where(Authenticator.account_id == account_id))
    card, left = db.session.execute(
        select(func.max(CardCode.made_at), func.count(CardCode.id).filter(CardCode.used_at.is_(None))).where(
            CardCode.account_id == account_id
        )
    ).one()
    return Factors(app, card, left, tuple(passkeys_of(account_id)), factor_policy().kinds)


def has_factor(account_id: int) -> bool:
    """Whether an account is asked for a second factor."""
    any_of = or_(*(exists().where(FACTORS[kind].account_id == account_id) for kind in factor_policy().kinds))
    return bool(db.session.scalar(select(any_of)))


def kinds_held(ids: Collection[int] | None = None) -> dict[int, frozenset[FactorKind]]:
    """The kinds of second factors that accounts have, whether they serve or not; of those named, or of all."""
    found: dict[int, set[FactorKind]] = defaultdict(set)
    for kind, model in FACTORS.items():
        query = select(model.account_id).distinct()
        for account_id in db.session.scalars(query if ids is None else query.where(model.account_id.in_(ids))):
            found[account_id].add(kind)
    return {account_id: frozenset(kinds) for account_id, kinds in found.items()}


def with_factor() -> CompoundSelect[Any]:
    """The ids of the accounts that have a second factor which serves."""
    return union(*(select(FACTORS[kind].account_id) for kind in factor_policy().kinds))


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


def proved_since(account_id: int, instant: datetime) -> bool:
    """Whether somebody proved herself as this account since then, in a session that is still open."""
    own = OpenSession.account_id == account_id, OpenSession.proved_at >= instant, OpenSession.ends_at > now()
    return db.session.scalar(select(OpenSession.id).where(*own).limit(1)) is not None
