"""What every page shares: how it is rendered, what it knows, its headers, and how errors look."""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from refurb.kernel.access import ROLES, Actor, Permission, SignInNeeded, find_actor
from refurb.kernel.codes import spell
from refurb.kernel.database import db
from refurb.kernel.errors import Invalid, NotFound, Refusal
from refurb.kernel.icons import icon
from refurb.kernel.idempotency import new_key
from refurb.kernel.sentences import sentence
from refurb.kernel.unit_of_work import commits
from refurb.kernel.words import _, _n, _p, day, language, memory, moment, size

log = structlog.get_logger()

STATIC = Path(__file__).resolve().parents[1] / "static"
YEAR_SECONDS = 31_536_000
COUNT_AGAIN_SECONDS = 5

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True)
class NavEntry:
    """One entry of a role's navigation; `count` says what waits there."""

    icon: str
    label: Any
    endpoint: str
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class NavItem:
    """A navigation entry as drawn."""

    icon: str
    label: Any
    url: str
    count: int
    current: bool


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a fingerprint so that browsers may keep it for a year."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page; a form that was refused lends it its status."""
    form = context.get("form")
    if status == 200 and form is not None:
        status = form.status
    return Response(render_template(template, **context), status=status, content_type="text/html; charset=utf-8")


def go(endpoint: str, *, done: str | None = None, **values: Any) -> BaseResponse:
    """Answer a deed: on to a page, with a word on what was done; a form pressed on another page leads back to it by its `_back`."""
    if done:
        flash(done, "ok")
    return redirect(inside(request.form.get("_back")) or url_for(endpoint, **values), code=303)


def inside(target: str | None) -> str | None:
    """An address that somebody else named, if it is one of this service."""
    parts = urlsplit(target or "")
    if not target or parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    return target


def download(content: bytes, name: str, mimetype: str, *, inline: bool = True) -> Response:
    """Answer with a file."""
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def wants_json() -> bool:
    """Whether this request came through the JSON door."""
    return request.path.startswith("/api/")


def _navigation(actor: Actor | None) -> list[NavItem]:
    if actor is None:
        return []
    entries: Sequence[NavEntry] = current_app.extensions["navigation"].get(actor.role, ())
    here = request.endpoint or ""
    return [NavItem(each.icon, each.label, _url_of(each.endpoint), _waiting(each, actor), each.endpoint == here) for each in entries]


@lru_cache
def _url_of(endpoint: str) -> str:
    # Navigation leads to lists, whose addresses take nothing.
    return url_for(endpoint)


def _waiting(entry: NavEntry, actor: Actor) -> int:
    """How much waits behind an entry. Counted again after each commit of this process, and every few seconds for those of others."""
    if entry.count is None:
        return 0
    counted: dict[tuple[str, int | None], tuple[int, float, int]] = current_app.extensions.setdefault("waiting", {})
    key, clock = (entry.endpoint, actor.id), time.monotonic()
    kept = counted.get(key)
    if kept is None or kept[0] != commits.count or kept[1] < clock:
        kept = counted[key] = (commits.count, clock + COUNT_AGAIN_SECONDS, entry.count(actor))
    return kept[2]


def _context() -> dict[str, Any]:
    actor = None if getattr(g, "faulty", False) else find_actor()
    return {
        "me": {"name": actor.name, "role_label": ROLES[actor.role], "may": actor.may} if actor else None,
        "nav": _navigation(actor) if actor else [],
        "organisation": current_app.extensions["home"](),
        "is_demo": current_app.config["DEMO"],
        "locale": language(),
        "flashes": get_flashed_messages(with_categories=True),
    }


def setup(app: Flask) -> None:
    """Give the application its template globals, its headers and its error pages."""
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # facts of a trans block come as keywords
    app.jinja_env.globals.update(
        _=_, _p=_p, gettext=_, ngettext=_n, icon=icon, static_url=static_url, idempotency_key=new_key, sentence=sentence, spell=spell,
        day=day, moment=moment, size=size, memory=memory, P=Permission,
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_context)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
        if request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
        elif response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    app.register_error_handler(SignInNeeded, _ask_to_sign_in)
    app.register_error_handler(Refusal, _tell_refusal)
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(OperationalError, _tell_busy)
    app.register_error_handler(Exception, _tell_fault)


def _error(status: int, kind: str, told: str | None = None, mark: str | None = None, fields: Any = None) -> Response:
    if wants_json():
        body: dict[str, Any] = {"code": kind, "message": told or kind}
        if fields is not None:
            body["fields"] = fields
        if mark:
            body["mark"] = mark
        return Response(current_app.json.dumps(body), status=status, content_type="application/json")
    return page("error.html", status=status, kind=kind, code=status, told=told, mark=mark)


def _ask_to_sign_in(refusal: SignInNeeded) -> BaseResponse:
    if wants_json():
        return _error(401, refusal.code, sentence(refusal))
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.sign_in", suite=target if target != "/" else None), code=303)


def _tell_refusal(refusal: Refusal) -> Response:
    db.session.rollback()
    fields = None
    if isinstance(refusal, Invalid):
        fields = {name: [{"code": each.code, "message": sentence(each)} for each in faults] for name, faults in refusal.fields.items()}
    return _error(refusal.status, refusal.code, sentence(refusal), fields=fields)


def _tell_http(error: HTTPException) -> BaseResponse:
    if error.code is not None and error.code < 400:
        return error.get_response()
    if isinstance(error, RequestEntityTooLarge):
        return _error(413, "too_large", sentence(Refusal("upload.too_large", most=current_app.config["MAX_UPLOAD_MIB"])))
    status = error.code or 500
    kind = "not_found" if status == 404 else f"http_{status}"
    response = _error(status, kind, sentence(NotFound()) if status == 404 else None)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _tell_busy(error: OperationalError) -> Response:
    db.session.rollback()
    mark = secrets.token_hex(2).upper()
    log.error("database_busy", mark=mark, fault=type(error.orig).__name__)
    g.faulty = True
    response = _error(503, "busy", sentence(Refusal("service.busy", mark=mark)), mark)
    response.headers["Retry-After"] = "5"
    return response


def _tell_fault(error: Exception) -> Response:
    db.session.rollback()
    mark = secrets.token_hex(2).upper()
    log.error("fault", mark=mark, endpoint=request.endpoint, fault=type(error).__name__, exc_info=error)
    g.faulty = True
    return _error(500, "fault", sentence(Refusal("service.fault", mark=mark)), mark)
