"""How a view answers: with a page, with a file, by leading on; and the address of a static file."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

STATIC = Path(__file__).resolve().parents[2] / "static"


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
