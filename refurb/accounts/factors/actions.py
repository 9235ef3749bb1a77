"""Add, prove, take away and reset a second factor; trust a browser for a month."""

import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from refurb.accounts.actions import end_sessions
from refurb.accounts.factors import totp
from refurb.accounts.factors.models import Authenticator, CardCode, TrustedBrowser
from refurb.accounts.factors.policy import ACCOUNTS, FACTOR_KINDS, FactorKind, factor_policy
from refurb.accounts.factors.queries import FACTORS, factors_of, has_factor, kinds_held, proof_of, proved_since, with_factor
from refurb.accounts.models import Account, OpenSession, Token
from refurb.accounts.outside.models import OutsideIdentity
from refurb.accounts.queries import token_digest
from refurb.directory.mailing.sealing import CannotBeOpened, seal, unseal
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import events_of, kind_of, record
from refurb.kernel.deeds.keys import key_for, keys_for
from refurb.kernel.deeds.policy_versions import in_force_today
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import from_wall, now
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _l

REMIND = "remind_factor"
REMINDED_AGAIN_AFTER = timedelta(days=1)
CODES = 10
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are taken for one another on paper: 31 signs, so that twelve hold 59 bits."""
CODE_LENGTH = 12
TRUSTED_FOR = timedelta(days=30)
SHOWN_FOR = timedelta(minutes=10)
FRESH_FOR = timedelta(minutes=10)
"""How long a proof serves for a deed that asks for one again."""


class WrongCode(Refusal):
    """The code is not one of this account's, or has served already; which of the two is not told."""

    code = "factor.wrong_code"
    status = 422


class ShownCodesOver(Refusal):
    """The codes of a card are shown to whoever made them, for a few minutes, and never again."""

    code = "factor.codes_shown_before"


class ProofNeeded(Refusal):
    """What is asked for needs the second factor typed in this session a few minutes ago at most."""

    code = "factor.proof_needed"
    status = 403


class KindRefused(Refusal):
    """The policy of this territory takes no second factor of this `kind`."""

    code = "factor.kind_refused"


class RemindedAlready(Refusal):
    """A letter reminded this person lately."""

    code = "factor.reminded_already"


class CardsOnOldKeys(Refusal):
    """Cards of codes, `count` of them, rest on a secret key that is to be forgotten: it would lock their people out."""

    code = "factor.cards_on_old_keys"


def _purpose(account_id: int) -> str:
    return f"second factor of account {account_id}"


def add_authenticator(actor: Actor, account: Account, *, secret: str, typed: str) -> None:
    """Have an account prove itself with an application that shares `secret` (base32), in the place of any other. Raises `WrongCode`."""
    need_kind(FactorKind.APPLICATION)
    step = totp.step_of(secret, _bare(typed), now().timestamp())
    if step is None:
        raise WrongCode
    lock(account)
    db.session.execute(delete(Authenticator).where(Authenticator.account_id == account.id))
    db.session.add(
        Authenticator(account_id=account.id, sealed=seal(secret, _purpose(account.id)), last_step=step, added_at=now()),
    )
    record(account, "factor_added", actor, factor="app")
    note(SecurityKind.FACTOR_ADDED, actor, "app")


def remove_authenticator(actor: Actor, account: Account) -> None:
    """Take the application away; the card remains, if there is one."""
    lock(account)
    done: Any = db.session.execute(delete(Authenticator).where(Authenticator.account_id == account.id))
    if done.rowcount:
        factor_gone(actor, account, "app")


def remove_card(actor: Actor, account: Account) -> None:
    """Take the card of codes away."""
    lock(account)
    done: Any = db.session.execute(delete(CardCode).where(CardCode.account_id == account.id))
    if done.rowcount:
        factor_gone(actor, account, "card")


def factor_gone(actor: Actor, account: Account, factor: str) -> None:
    """Keep that a factor was taken away; with the last one that serves, what it had proved goes too."""
    record(account, "factor_removed", actor, factor=factor)
    note(SecurityKind.FACTOR_REMOVED, actor, factor)
    forget_trust(account.id)
    if not has_factor(account.id):
        _end_proofs({account.id}, now())


def _end_proofs(account_ids: Collection[int], until: datetime) -> int:
    """Have nothing stand behind what these accounts had opened until then: sessions and tokens go on, and names close to them."""
    proved = OpenSession.account_id.in_(account_ids), OpenSession.proved, OpenSession.opened_at <= until
    sessions: Any = db.session.execute(update(OpenSession).where(*proved).values(proved=False, proved_at=None))
    behind = Token.account_id.in_(account_ids), Token.proved, Token.created_at <= until
    tokens: Any = db.session.execute(update(Token).where(*behind).values(proved=False))
    return int(sessions.rowcount + tokens.rowcount)


def end_unserved_proofs(until: datetime | None = None) -> int:
    """Have what was proved until now (or `until`) prove nothing any more, for the accounts whose kinds the policy has all taken out.

    Says how many sessions and tokens that were.
    """
    unserved = kinds_held().keys() - set(db.session.scalars(with_factor()))
    return _end_proofs(unserved, until or now()) if unserved else 0


def end_former_proofs() -> int:
    """The same for a policy whose day has come since it was adopted: what was proved before that day."""
    adopted = [each for each in in_force_today(ACCOUNTS.name)[:1] if not each.is_shipped]
    return sum(end_unserved_proofs(from_wall(datetime.combine(each.in_force_from, time.min))) for each in adopted)


def make_card(actor: Actor, account: Account) -> None:
    """Make ten codes, each of which serves once; those of an older card open nothing any more."""
    need_kind(FactorKind.CARD)
    lock(account)
    db.session.execute(delete(CardCode).where(CardCode.account_id == account.id))
    instant = now()
    for typed in _codes(account.id, instant):
        db.session.add(CardCode(account_id=account.id, digest=_digests(account.id, typed)[0], made_at=instant))
    record(account, "factor_added", actor, factor="card")
    note(SecurityKind.FACTOR_ADDED, actor, "card")


def _codes(account_id: int, made_at: datetime) -> list[str]:
    """The codes of a card, kept nowhere: they follow from the service's own key, and from when the card was made."""
    return [_code(f"{account_id}|{made_at.isoformat()}|{number}") for number in range(CODES)]


def _code(said: str) -> str:
    drawn = int.from_bytes(hmac.digest(key_for("card codes").encode(), said.encode(), "sha512"), "big")
    signs = []
    for _place in range(CODE_LENGTH):
        drawn, sign = divmod(drawn, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[sign])
    return "".join(signs)


def _digests(account_id: int, typed: str) -> list[str]:
    """What a code is kept as: under the key in force first, then under those of older secret keys."""
    keys = reversed(keys_for("digests of card codes"))
    return [hmac.new(key.encode(), f"{account_id}|{typed}".encode(), "sha256").hexdigest() for key in keys]


def codes_to_show(account_id: int) -> list[str]:
    """The codes of a card that was just made, in groups of four signs; `ShownCodesOver` later, or once one has served."""
    card = factors_of(account_id)
    if card.card_since is None or card.codes_left < CODES or card.card_since < now() - SHOWN_FOR:
        raise ShownCodesOver
    codes = _codes(account_id, card.card_since)
    if not _kept(account_id, codes[0]):
        raise ShownCodesOver
    return ["-".join(each[start : start + 4] for start in range(0, CODE_LENGTH, 4)) for each in codes]


def _kept(account_id: int, typed: str) -> bool:
    kept = CardCode.account_id == account_id, CardCode.digest.in_(_digests(account_id, typed))
    return db.session.scalar(select(CardCode.id).where(*kept)) is not None


def _bare(typed: str) -> str:
    """A code as it is compared: whatever blanks and dashes stood between its signs."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def prove(account: Account, typed: str) -> None:
    """Take a code of the account's application or card; each serves once, whoever else sends it at the same instant. Raises `WrongCode`."""
    bare = _bare(typed)
    kind, take = (FactorKind.APPLICATION, _take_step) if len(bare) == totp.DIGITS else (FactorKind.CARD, _take_code)
    if kind not in factor_policy().kinds or not take(account.id, bare):
        raise WrongCode


def need_kind(kind: FactorKind) -> None:
    """Raise `KindRefused` where the policy takes no second factor of this kind."""
    if kind not in factor_policy().kinds:
        raise KindRefused(kind=str(FACTOR_KINDS[kind]))


def _take_step(account_id: int, typed: str) -> bool:
    secret = _shared(account_id)
    step = totp.step_of(secret, typed, now().timestamp()) if secret else None
    if step is None:
        return False
    later = update(Authenticator).where(Authenticator.account_id == account_id, Authenticator.last_step < step).values(last_step=step)
    done: Any = db.session.execute(later.execution_options(synchronize_session=False))
    return int(done.rowcount) == 1


def _shared(account_id: int) -> str | None:
    """What the application of an account shares with us; None where there is none, or it was sealed under a key that is gone."""
    found = db.session.get(Authenticator, account_id)
    try:
        return unseal(found.sealed, _purpose(account_id)) if found else None
    except CannotBeOpened:
        return None


def _take_code(account_id: int, typed: str) -> bool:
    unused = CardCode.account_id == account_id, CardCode.digest.in_(_digests(account_id, typed)), CardCode.used_at.is_(None)
    done: Any = db.session.execute(update(CardCode).where(*unused).values(used_at=now()).execution_options(synchronize_session=False))
    return int(done.rowcount) == 1


def leave_old_keys(actor: Actor, *, lose_cards: bool) -> int:
    """Have second factors rest on the secret key in force: what applications share is sealed anew, cards of older keys are taken away.

    Says how many cards that were. Raises `CardsOnOldKeys` where there are some and they are not to be lost.
    """
    old = _people_with_old_cards()
    if old and not lose_cards:
        raise CardsOnOldKeys(count=len(old))
    for account_id in old:
        remove_card(actor, db.session.get_one(Account, account_id))
    for account_id, sealed in db.session.execute(select(Authenticator.account_id, Authenticator.sealed)).all():
        secret = _shared(account_id)
        if secret is not None:
            still = Authenticator.account_id == account_id, Authenticator.sealed == sealed
            db.session.execute(update(Authenticator).where(*still).values(sealed=seal(secret, _purpose(account_id))))
    return len(old)


def _people_with_old_cards() -> list[int]:
    """The accounts with an unused code that does not follow from the secret key in force."""
    unused = select(CardCode.account_id, CardCode.made_at, CardCode.digest).where(CardCode.used_at.is_(None))
    kept: dict[tuple[int, datetime], set[str]] = {}
    for account_id, made_at, digest in db.session.execute(unused):
        kept.setdefault((account_id, made_at), set()).add(digest)
    return sorted({account_id for (account_id, made_at), digests in kept.items() if digests - _in_force(account_id, made_at)})


def _in_force(account_id: int, made_at: datetime) -> set[str]:
    return {_digests(account_id, typed)[0] for typed in _codes(account_id, made_at)}


def prove_session(session_id: int | None) -> None:
    """Keep that the second factor was typed in a session just now."""
    proved = update(OpenSession).where(OpenSession.id == session_id).values(proved=True, proved_at=now())
    db.session.execute(proved.execution_options(synchronize_session=False))


def need_fresh_proof(account_id: int, session_id: int | None) -> None:
    """Raise `ProofNeeded` where an account has a second factor that was not typed in this session for some minutes."""
    _proved, at = proof_of(session_id)
    if has_factor(account_id) and (at is None or at < now() - FRESH_FOR):
        raise ProofNeeded


def need_proof_anywhere(account_id: int) -> None:
    """Raise `ProofNeeded` unless an account's second factor was given some minutes ago, in whichever browser: a key gives no code."""
    if not (has_factor(account_id) and proved_since(account_id, now() - FRESH_FOR)):
        raise ProofNeeded


def reset_factors(actor: Actor, account: Account) -> None:
    """Take away what somebody has lost: application, card, keys, trusted browsers, links to other services, open sessions.

    Who did it is on record.
    """
    check(actor, Permission.ACCOUNT_ADMIN)
    lock(account)
    for kept in FACTORS.values():
        db.session.execute(delete(kept).where(kept.account_id == account.id))
    forget_trust(account.id)
    db.session.execute(delete(OutsideIdentity).where(OutsideIdentity.account_id == account.id))
    # What stood behind its tokens is lost too: they go on, and names close to them.
    db.session.execute(update(Token).where(Token.account_id == account.id).values(proved=False))
    end_sessions(actor, account.id)
    record(account, "factor_reset", actor)
    note(SecurityKind.FACTOR_RESET, actor, f"account {account.id}")


def remind(actor: Actor, account: Account) -> None:
    """Write to somebody that she has no second factor yet; once a day at most. Raises `RemindedAlready`."""
    check(actor, Permission.ACCOUNT_ADMIN)
    lock(account)
    since = now() - REMINDED_AGAIN_AFTER
    if any(each.move == "factor_reminded" and each.at > since for each in events_of(account, most=50)):
        raise RemindedAlready
    record(account, "factor_reminded", actor)
    plan(REMIND, subject_kind=kind_of(account), subject_id=account.id)


def trust_browser(account: Account, browser: str) -> str:
    """Trust a browser for a month, and return its secret, which only the browser keeps."""
    secret, instant = secrets.token_urlsafe(32), now()
    row = TrustedBrowser(account_id=account.id, digest=token_digest(secret), browser=browser[:40], made_at=instant)
    row.ends_at = instant + TRUSTED_FOR
    db.session.add(row)
    return secret


def end_trust(actor: Actor, number: int) -> None:
    """Trust one of the actor's own browsers no longer; `NotFound` for anybody else's."""
    own = TrustedBrowser.id == number, TrustedBrowser.account_id == actor.id
    done: Any = db.session.execute(delete(TrustedBrowser).where(*own))
    if not done.rowcount:
        raise NotFound
    note(SecurityKind.FACTOR_REMOVED, actor, "browser")


def forget_trust(account_id: int) -> None:
    """Trust none of an account's browsers any longer."""
    db.session.execute(delete(TrustedBrowser).where(TrustedBrowser.account_id == account_id))


forget_old_trust = Term(
    key="accounts.trusted_browsers",
    who=_l("Personne qui a un compte"),
    what=_l("navigateur qui ne demande pas le second facteur"),
    lasts=TRUSTED_FOR,
    model=TrustedBrowser,
    past=lambda: TrustedBrowser.ends_at < now(),
    hourly=True,
)
