"""The way in: a session after the password, or first the second factor; whom this browser waits for, and which accounts trust it."""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, redirect, request, session, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from refurb.accounts.actions import open_session
from refurb.accounts.browsers import browser_name, know_browser
from refurb.accounts.factors.actions import TRUSTED_FOR, need_fresh_proof
from refurb.accounts.factors.queries import has_factor, trusts
from refurb.accounts.kept_forms import keep_what_was_sent, page_of_form
from refurb.accounts.models import Account
from refurb.accounts.queries import actor_of
from refurb.accounts.sessions import begin, current_session
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.speech.clock import now
from refurb.kernel.web.pages import go, inside, told
from refurb.kernel.web.undo import say

WAITS = 600
"""Seconds between the password and the second factor."""
_WAITING = "second_factor"
MOST_PEOPLE = 10
"""Accounts that trust one browser: those who share a desk."""
View = TypeVar("View", bound=Callable[..., Any])


def lead_in(account: Account, target: str | None, done: str | None = None, *, vouched: bool = False) -> Response:
    """Lead on somebody whose password was right: into the house, or to her second factor where she has one. Within a unit of work.

    `vouched`: another service signed her in, and says that she proved herself twice there; that is never a fresh proof.

    In the demonstration, whose people are invented, names are open without one.
    """
    if vouched:
        return enter(account, target, proved=True, done=done)
    if not has_factor(account.id):
        return enter(account, target, proved=bool(current_app.config["DEMO"]), done=done)
    if trusts(account.id, _secrets().get(str(account.id), "")):
        return enter(account, target, proved=True, done=done)
    if done:
        say(done)
    session[_WAITING] = {
        "account": account.id, "since": int(now().timestamp()), "password": _mark(account), "browser": secrets.token_hex(8),
    }  # fmt: skip
    return told(redirect(url_for("factors.second_step", suite=inside(target)), code=303))


def _mark(account: Account) -> str:
    """Says whether the password is still the one that was typed."""
    return hashlib.sha256(account.password_hash.encode()).hexdigest()[:16]


def awaited() -> Account | None:
    """Whose password was typed in this browser a moment ago, and whose second factor is still to come."""
    said = session.get(_WAITING)
    if not said or now().timestamp() - said["since"] > WAITS:
        return None
    account = db.session.get(Account, said["account"])
    return account if account and account.is_active and said["password"] == _mark(account) else None


def this_browser() -> str:
    """What a key is asked for: this browser's session, or its waiting for the second factor."""
    session_id = current_session()
    return f"session {session_id}" if session_id else f"waiting {session.get(_WAITING, {}).get('browser')}"


def enter(account: Account, target: str | None, *, proved: bool, typed: bool = False, done: str | None = None) -> Response:
    """Open a session in this browser and lead on; `typed`: the second factor was typed just now. Within a unit of work."""
    begin(actor_of(account), open_session(account, browser_name(), proved=proved, proved_at=now() if typed else None))
    if done:
        say(done)
    response = told(redirect(inside(target) or url_for("reporting.home"), code=303))
    know_browser(response, account.id)
    return response


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}_trusted"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys_for("trusted browsers"), salt="refurb trusted", signer_kwargs={"digest_method": hashlib.sha256})


def _secrets() -> dict[str, str]:
    """By the number of an account, the secret by which it trusts this browser; the newest last."""
    try:
        said: Any = _signer().loads(request.cookies.get(_cookie(), ""), max_age=int(TRUSTED_FOR.total_seconds()))
    except BadSignature:
        return {}
    return {str(account): str(secret) for account, secret in said}


def keep_trust(response: Response, account: Account, secret: str) -> None:
    """Have the browser say next time that this account trusts it."""
    kept = {**{key: each for key, each in _secrets().items() if key != str(account.id)}, str(account.id): secret}
    response.set_cookie(
        _cookie(),
        str(_signer().dumps(list(kept.items())[-MOST_PEOPLE:])),
        max_age=int(TRUSTED_FOR.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def need_proof(actor: Actor) -> None:
    """Raise `ProofNeeded` unless the actor's second factor was typed in this browser a few minutes ago, where she has one."""
    assert actor.id is not None
    need_fresh_proof(actor.id, current_session())


def freshly_proved(view: View) -> View:
    """Declare that a page needs the second factor typed a few minutes ago at most; who has to type it is led back afterwards."""

    @wraps(view)
    def guarded(actor: Actor, *args: Any, **kwargs: Any) -> Any:
        need_proof(actor)
        return view(actor, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # the same arguments, the same answer


def proved_to_administer(view: View) -> View:
    """Declare that a page which a referent opens too asks an administrator's second factor as `freshly_proved` does."""
    asked = freshly_proved(view)

    @wraps(view)
    def guarded(actor: Actor, *args: Any, **kwargs: Any) -> Any:
        return (asked if actor.may(Permission.ACCOUNT_ADMIN) else view)(actor, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # the same arguments, the same answer


def ask_proof(_refusal: Any) -> Response:
    """Lead whoever needs a fresh proof to the page that asks it, and from there back to the page they stood on, filled in as it was."""
    stood = request.full_path.rstrip("?") if request.method == "GET" else keep_what_was_sent() or page_of_form()
    return go("factors.proof", suite=inside(stood))
