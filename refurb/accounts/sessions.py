"""Who speaks in a request: a signed-in session (Flask-Login) or a bearer token; and the forged-request guard that goes with each."""

import time
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import update

from refurb.accounts.models import Account, Token
from refurb.accounts.queries import actor_of, actor_of_session, bearer_of
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal

AWAKE_MINUTES = 10
NOTED_AGAIN_AFTER = timedelta(minutes=15)
"""A token that writes all day is noted now and then, not with each of its deeds."""

_csrf = CSRFProtect()


class Forged(Refusal):
    """The form was not one of ours, or it was open for too long."""

    code = "csrf"
    status = 400


class Session(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps of an account: its id and stamp, so that a changed password ends every session."""

    def __init__(self, actor: Actor, stamp: str) -> None:
        self.actor = actor
        self.stamp = stamp

    def get_id(self) -> str:
        """The cookie's text."""
        return f"{self.actor.id}.{self.stamp}"


def session_of(account: Account) -> Session:
    """The session to open for an account."""
    return Session(actor_of(account), account.stamp)


def _load(text: str) -> Session | None:
    number, _, stamp = text.partition(".")
    actor = actor_of_session(int(number), stamp) if number.isdecimal() else None
    return Session(actor, stamp) if actor else None


def _bearer() -> str | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret else None


def find_actor() -> Actor | None:
    """Who speaks, found once per request."""
    if "refurb.actor" not in request.environ:
        secret = _bearer()
        if secret is not None:
            bearer = bearer_of(secret)
            request.environ["refurb.bearer"], request.environ["refurb.actor"] = bearer, bearer and bearer.actor
        else:
            user: Any = current_user
            request.environ["refurb.actor"] = user.actor if user.is_authenticated else None
    found: Actor | None = request.environ["refurb.actor"]
    return found


def note_use(writing: Any) -> None:
    """Note within a unit of work that the request's token was used, so that the page of workstations shows which ones live."""
    bearer = request.environ.get("refurb.bearer") if has_request_context() else None
    if bearer is not None and (bearer.used_at is None or bearer.used_at < now() - NOTED_AGAIN_AFTER):
        writing.execute(update(Token).where(Token.id == bearer.token_id).values(used_at=now()))


def begin(account: Account) -> None:
    """Open the session of an account in this browser, in the place of any other."""
    session.clear()
    login_user(session_of(account))
    session.permanent = True
    session["minute"] = _minute()


def _minute() -> int:
    return int(time.time() // 60)


@lru_cache(maxsize=1024)
def _form_token(key: Any, secret: str) -> str:
    """What the forms of a session carry, as Flask-WTF signs it; it is good for as long as the session, so it may be as old."""
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))


def setup(app: Flask) -> None:
    """Sign-in sessions and the guard against forged requests."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False
    manager = LoginManager(app)
    # The stamp ends sessions; "strong" would also end them each time a phone on the road changes its address, and "basic" marks
    # them then as no longer fresh, which no page asks.
    manager.session_protection = None
    manager.user_loader(_load)
    _csrf.init_app(app)

    # The cookie is sent anew now and then, not with every page: that is enough to know that somebody is still there.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False

    @app.before_request
    def stay_awake() -> None:
        if session.permanent and _minute() - session.get("minute", 0) >= AWAKE_MINUTES:
            session["minute"] = _minute()

    @app.context_processor
    def keep_form_token() -> dict[str, Any]:
        # Where Flask-WTF keeps it during a request: it would sign the same text anew at each page.
        secret = session.get("csrf_token")
        if secret is not None and "csrf_token" not in g:
            g.csrf_token = _form_token(current_app.secret_key, secret)
        return {}

    @app.before_request
    def refuse_forged() -> None:
        # A bearer token is not sent by a browser on its own, so it needs no second proof.
        harmless = hasattr(app.view_functions.get(request.endpoint or ""), "harmless")
        if request.method not in {"GET", "HEAD", "OPTIONS"} and _bearer() is None and not harmless:
            try:
                _csrf.protect()
            except CSRFError as error:
                raise Forged from error
