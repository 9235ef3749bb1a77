"""Register a key, take it away, and take its answer as a second factor.

What is asked of a key is a challenge of ours, signed: for one account, one deed and one browser, and for ten minutes. It is kept when it
was answered, so that nobody answers it twice.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, update

from refurb.accounts.factors.actions import WrongCode, factor_gone, need_kind
from refurb.accounts.factors.passkeys import protocol
from refurb.accounts.factors.passkeys.models import Passkey, SpentChallenge
from refurb.accounts.factors.passkeys.protocol import CountWentBack, NoAnswer, RelyingParty, place_of
from refurb.accounts.factors.passkeys.queries import passkeys_of
from refurb.accounts.factors.policy import FactorKind, factor_policy
from refurb.accounts.models import Account
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound, Refusal

ANSWERED_WITHIN = timedelta(minutes=10)
MOST_KEYS = 10
REGISTER, PROVE = "register", "prove"


class PasskeyRefused(WrongCode):
    """What came in is not the answer of a key of this account to what was asked of it here."""

    code = "factor.key_refused"


class NoKeyAsked(PasskeyRefused):
    """The form came without an answer: no key was asked for one."""

    code = "factor.key_not_asked"


class ChallengeOver(PasskeyRefused):
    """What was asked of the key is older than ten minutes, of another browser, or was answered before: it is asked anew."""

    code = "factor.challenge_over"


class PasskeyCopied(PasskeyRefused):
    """The key says that it was used less often than it was: there may be a copy of it."""

    code = "factor.key_copied"


class PasskeyKnown(Refusal):
    """The key is registered already, here or with another account."""

    code = "factor.key_known"


class MostPasskeys(Refusal):
    """The account has as many keys as one may have."""

    code = "factor.most_keys"


class NoPasskeysHere(Refusal):
    """No browser uses passkeys at the address of this service (`RelyingParty.obstacle`)."""

    status = 422


def here() -> RelyingParty:
    """The place that passkeys of this service are for."""
    return place_of(current_app.config["BASE_URL"])


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys_for("passkey challenges"), salt="refurb", signer_kwargs={"digest_method": hashlib.sha256})


def _challenge(deed: str, account: Account, browser: str) -> str:
    return str(_signer().dumps([deed, account.id, browser, secrets.token_hex(16)]))


def asked_of_new(account: Account, browser: str, *, service: str) -> str:
    """What a new key is asked (JSON for the browser); `browser` says for which session it is."""
    challenge, known = _challenge(REGISTER, account, browser), [each.credential for each in passkeys_of(account.id)]
    return protocol.registration(
        here(), challenge, service=service, account_id=account.id, email=account.email, name=account.name, known=known
    )


def asked_of_known(account: Account, browser: str) -> str | None:
    """What the keys of an account are asked (JSON for the browser); None where it has none, or where they do not serve."""
    known = [each.credential for each in passkeys_of(account.id)]
    if not known or here().obstacle or FactorKind.KEY not in factor_policy().kinds:
        return None
    return protocol.question(here(), _challenge(PROVE, account, browser), known)


def add_passkey(actor: Actor, account: Account, *, name: str, answer: str, browser: str) -> Passkey:
    """Register the key that answered. Raises `PasskeyRefused`, `PasskeyKnown`, `MostPasskeys`, `NoPasskeysHere`."""
    need_kind(FactorKind.KEY)
    if here().obstacle:
        raise NoPasskeysHere(f"factor.keys_not_here_{here().obstacle}", address=current_app.config["BASE_URL"])
    lock(account)
    if len(passkeys_of(account.id)) >= MOST_KEYS:
        raise MostPasskeys(most=MOST_KEYS)
    challenge = _spend(answer, REGISTER, account, browser)
    try:
        found = protocol.registered(answer, here(), challenge)
    except NoAnswer as wrong:
        raise PasskeyRefused from wrong
    row = {
        "account_id": account.id, "name": name, "credential": found.credential, "public_key": found.public_key,
        "sign_count": found.sign_count, "added_at": now(),
    }  # fmt: skip
    made: Passkey | None = db.session.scalar(insert_into(Passkey).values(**row).on_conflict_do_nothing().returning(Passkey))
    if made is None:
        raise PasskeyKnown
    record(account, "factor_added", actor, factor="key")
    note(SecurityKind.FACTOR_ADDED, actor, "key")
    return made


def _spend(answer: str, deed: str, account: Account, browser: str) -> str:
    """The challenge that is answered, where it is ours, for this and here; it serves once. Raises `NoKeyAsked`, `ChallengeOver`."""
    if not answer:
        raise NoKeyAsked
    try:
        challenge = protocol.challenge_in(answer)
        said = _signer().loads(challenge, max_age=int(ANSWERED_WITHIN.total_seconds()))
    except NoAnswer as wrong:
        raise PasskeyRefused from wrong
    except BadSignature as wrong:
        raise ChallengeOver from wrong
    digest = hashlib.sha256(challenge.encode()).hexdigest()
    spent = insert_into(SpentChallenge).values(digest=digest, ends_at=now() + ANSWERED_WITHIN)
    is_first = db.session.scalar(spent.on_conflict_do_nothing().returning(SpentChallenge.digest)) is not None
    if said[:3] != [deed, account.id, browser] or not is_first:
        raise ChallengeOver
    return challenge


def prove_with_key(account: Account, *, answer: str, browser: str) -> None:
    """Take the answer of one of the account's keys as its second factor. Raises `PasskeyRefused`."""
    challenge = _spend(answer, PROVE, account, browser)
    if FactorKind.KEY not in factor_policy().kinds:
        raise PasskeyRefused
    try:
        credential = protocol.credential_in(answer)
        key = next((each for each in passkeys_of(account.id) if each.credential == credential), None)
        if key is None:
            raise PasskeyRefused
        count = protocol.answered(answer, here(), challenge, public_key=key.public_key, sign_count=key.sign_count)
    except CountWentBack as wrong:
        raise PasskeyCopied from wrong
    except NoAnswer as wrong:
        raise PasskeyRefused from wrong
    # As it was read: of two answers at one instant the later one does not count.
    unchanged = Passkey.id == key.id, Passkey.sign_count == key.sign_count
    done: Any = db.session.execute(update(Passkey).where(*unchanged).values(sign_count=count, used_at=now()))
    if done.rowcount != 1:
        raise PasskeyRefused


def remove_passkey(actor: Actor, account: Account, number: int) -> None:
    """Take one of the account's keys away; `NotFound` for anybody else's."""
    lock(account)
    done: Any = db.session.execute(delete(Passkey).where(Passkey.id == number, Passkey.account_id == account.id))
    if not done.rowcount:
        raise NotFound
    factor_gone(actor, account, "key")


def forget_challenges() -> int:
    """Forget the challenges that are too old to be answered; how many."""
    done: Any = db.session.execute(delete(SpentChallenge).where(SpentChallenge.ends_at < now()))
    return int(done.rowcount)
