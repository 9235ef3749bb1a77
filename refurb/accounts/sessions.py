"""Who speaks in a request: a signed-in session (Flask-Login) or a bearer token; and the forged-request guard that goes with each."""

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import update

from refurb.accounts.actions import end_session
from refurb.accounts.models import Door, OpenSession, Token
from refurb.accounts.queries import actor_of_session, bearer_of
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.deeds.personal import close_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Refusal
from refurb.kernel.web.pages import wants_json

AWAKE_MINUTES = 10
NOTED_AGAIN_AFTER = timedelta(minutes=15)
"""A token that writes all day is noted now and then, not with each of its deeds."""


class _Guard(CSRFProtect):  # type: ignore[misc]  # Flask-WTF ships no types
    """Flask-WTF's guard, for tokens that differ from page to page."""

    def _get_csrf_token(self) -> str | None:
        return unblurred(super()._get_csrf_token())


_csrf = _Guard()


class Forged(Refusal):
    """The form was not one of ours, or is of a session that is no more; the code says which."""

    code = "csrf"
    status = 400


@dataclass(frozen=True)
class FormClaim:
    """What the token of a form says of itself, as we signed it: whose page it stood on (nobody's, if a stranger's), and since when."""

    account_id: int | None
    signed_at: datetime


class Session(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps of somebody: the secret of an open session, whose row says whose it is and whether it still opens."""

    def __init__(self, actor: Actor, session_id: int | None, secret: str) -> None:
        self.actor = actor
        self.session_id = session_id
        self.secret = secret

    def get_id(self) -> str:
        """The cookie's text."""
        return self.secret


def _load(secret: str) -> Session | None:
    found = actor_of_session(secret)
    if found is None:
        return None
    actor, session_id = found
    _seen()[session_id] = _minute()
    return Session(actor, session_id, secret)


def current_session() -> int | None:
    """The id of the session that this request came with."""
    user: Any = current_user
    return user.session_id if user.is_authenticated else None


def end_this() -> None:
    """End the session that this browser has, if it has one; within a unit of work."""
    actor, session_id = find_actor(), current_session()
    if actor is not None and session_id is not None:
        end_session(actor, session_id)


def _seen() -> dict[int, int]:
    """The sessions that were used in this process since the last time they were written: the minute of each."""
    found: dict[int, int] = current_app.extensions.setdefault("sessions_seen", {})
    return found


def write_seen() -> None:
    """Write which sessions were used, a minute or more after they were: readings write nothing themselves."""
    seen, minute = _seen(), _minute()
    due = [session_id for session_id, at in list(seen.items()) if at < minute]
    if due:
        with unit_of_work() as writing:
            for session_id in due:
                at = datetime.fromtimestamp(seen[session_id] * 60, UTC)
                own = update(OpenSession).where(OpenSession.id == session_id, OpenSession.seen_at < at)
                writing.execute(own.values(seen_at=at).execution_options(synchronize_session=False))
        for session_id in due:
            del seen[session_id]


def _bearer() -> str | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret else None


def find_actor() -> Actor | None:
    """Who speaks, found once per request."""
    if "refurb.actor" not in request.environ:
        secret = _bearer()
        if secret is not None:
            bearer = bearer_of(secret) if wants_json() else None
            if bearer is not None and bearer.door is Door.AGENT and request.blueprint != wired().agent_door:
                request.environ["refurb.bearer"] = request.environ["refurb.actor"] = None  # Who is told so is nobody.
                raise Forbidden("forbidden.agent_only")
            request.environ["refurb.bearer"], request.environ["refurb.actor"] = bearer, bearer and bearer.actor
        else:
            user: Any = current_user
            request.environ["refurb.actor"] = user.actor if user.is_authenticated else None
    found: Actor | None = request.environ["refurb.actor"]
    close_names(found)
    return found


def note_use(writing: Any) -> None:
    """Note within a unit of work that the request's token was used, so that the page of workstations shows which ones live."""
    bearer = request.environ.get("refurb.bearer") if has_request_context() else None
    if bearer is not None and (bearer.used_at is None or bearer.used_at < now() - NOTED_AGAIN_AFTER):
        writing.execute(update(Token).where(Token.id == bearer.token_id).values(used_at=now()))


def begin(actor: Actor, secret: str) -> None:
    """Keep an open session in this browser, in the place of any other."""
    session.clear()
    login_user(Session(actor, None, secret))
    session.permanent = True
    session["minute"] = _minute()
    # Flask-WTF's own place, filled beforehand: so each form says, signed, whose it is, when its session is long gone.
    session["csrf_token"] = f"{actor.id}.{secrets.token_hex(20)}"


def _minute() -> int:
    return int(time.time() // 60)


FORMS = "forms"


@lru_cache(maxsize=1024)
def _form_token(key: Any, secret: str) -> str:
    """What the forms of a session carry, as Flask-WTF signs it; it is good for as long as the session, so it may be as old."""
    return str(_signer(key).dumps(secret))


def _signer(key: Any) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="wtf-csrf-token")


def blurred(token: str) -> str:
    """A token as one page carries it: bytes of chance, and the token against them.

    Pages are packed, and what stands in each of them could be guessed by how long they become (`kernel.web.packing`).
    """
    chance = secrets.token_bytes(len(token))
    return urlsafe_b64encode(chance + _against(token.encode(), chance)).decode()


def unblurred(sent: str | None) -> str | None:
    """The token of a form; one that never was blurred, from the header of a script or a page of an older release, is itself."""
    if not sent or "." in sent:
        return sent
    try:
        both = urlsafe_b64decode(sent)
        return _against(both[: len(both) // 2], both[len(both) // 2 :]).decode()
    except ValueError:
        return sent


def _against(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def form_token() -> str:
    """What every form of this answer carries."""
    if "blurred_token" not in g:
        g.blurred_token = blurred(generate_csrf())
    return str(g.blurred_token)


def claim_of_form() -> FormClaim | None:
    """What the token of the form that was sent says, whatever became of its session; None if we never signed it."""
    try:
        secret, signed_at = _signer(keys_for(FORMS)).loads(unblurred(request.form.get("csrf_token")) or "", return_timestamp=True)
    except BadSignature:
        return None
    owner = str(secret).partition(".")[0]
    return FormClaim(int(owner) if "." in str(secret) and owner.isdecimal() else None, signed_at)


def why_lost() -> str:
    """The code that says why a form of ours is not of this session."""
    claim, actor = claim_of_form(), find_actor()
    if claim is None:
        return "csrf"
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        if current_app.config["SESSION_COOKIE_SECURE"] and not request.is_secure:
            return "csrf.insecure"
        if claim.account_id is None:
            return "csrf.no_cookie"
    if claim.account_id is None:
        return "csrf.old"
    if actor is not None:
        return "csrf.again" if actor.id == claim.account_id else "csrf.another"
    is_over = now() - claim.signed_at >= current_app.config["PERMANENT_SESSION_LIFETIME"]
    return "csrf.over" if is_over else "csrf.ended"


def refuse_unguarded(_writing: Any) -> None:
    """Nothing is written for a form that only comes to be shown again; every unit of work begins with this."""
    lost = g.get("unguarded") if has_request_context() else None
    if lost is not None:
        raise lost


def _refuse_forged() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    # A bearer token is not sent by a browser on its own, so it needs no second proof.
    if request.method in {"GET", "HEAD", "OPTIONS"} or _bearer() is not None or hasattr(view, "harmless"):
        return
    try:
        _csrf.protect()
    except CSRFError as error:
        lost = Forged(why_lost())
        if not hasattr(view, "shown_again"):
            raise lost from error
        g.unguarded = lost


def setup(app: Flask) -> None:
    """Sign-in sessions and the guard against forged requests."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_SECRET_KEY"] = keys_for(FORMS, app)
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False
    manager = LoginManager(app)
    # Its row ends a session; "strong" would also end them each time a phone on the road changes its address, and "basic" marks
    # them then as no longer fresh, which no page asks.
    manager.session_protection = None
    manager.user_loader(_load)
    _csrf.init_app(app)
    app.jinja_env.globals["csrf_token"] = form_token

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
            g.csrf_token = _form_token(keys_for(FORMS), secret)
        return {"csrf_token": form_token}

    app.before_request(_refuse_forged)
