"""How a view answers: with a page, with a file, by leading on; and the address of a static file."""

import hashlib
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from flask import (
    Response,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from refurb.kernel.speech.signs import clean
from refurb.kernel.web.undo import Undo, say

STATIC = Path(__file__).resolve().parents[2] / "static"
_NO_NAME = re.compile(r'["\\/:*?<>|%;]')


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a fingerprint so that browsers may keep it for a year."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


Answer = TypeVar("Answer", bound=BaseResponse)


def told(answer: Answer) -> Answer:
    """The answer of this request, as the unit of work that does its deed keeps it beside the request's key (`replay`)."""
    g.answer = answer
    return answer


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a page; a form that was refused lends it its status."""
    form = context.get("form")
    if status == 200 and form is not None:
        status = form.status
    return told(Response(render_template(template, **context), status=status, content_type="text/html; charset=utf-8"))


def go(endpoint: str, *, done: str | None = None, undo: Undo | None = None, **values: Any) -> BaseResponse:
    """Answer a deed: on to a page, with a word on what was done and the press that takes it back, if there is one.

    A form pressed on another page leads back to it by its `_back`.

    Within the unit of work, as every answer of a deed: then whoever asks again with the same key gets it again.
    """
    if done:
        say(done, undo)
    return told(redirect(inside(request.form.get("_back")) or url_for(endpoint, **values), code=303))


def inside(target: str | None) -> str | None:
    """An address that somebody else named, if it is one of this service; never raises."""
    # No browser's reading of "\", "//" or of what no address holds leads elsewhere: neither is led on to.
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target or not target.isprintable():
        return None
    return target


def download(content: bytes, name: str, mimetype: str, *, inline: bool = True) -> Response:
    """Answer with a file."""
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = disposition(name, inline=inline)
    response.headers["Cache-Control"] = "private, no-store"
    return told(response)


def disposition(name: str, *, inline: bool = False) -> str:
    """How a file is to be shown and called: RFC 6266, a name beyond ASCII by RFC 8187 beside one of plain letters.

    Of a name that somebody gave nothing is left that a header or a file system reads as its own: quotes, slashes, controls.
    """
    name = _NO_NAME.sub("_", clean(name, lines=False)).strip(". ")[:150] or "document"
    how = "inline" if inline else "attachment"
    if name.isascii():
        return f'{how}; filename="{name}"'
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE")).encode("ascii", "ignore").decode()
    return f"{how}; filename=\"{plain.strip('. ') or 'document'}\"; filename*=UTF-8''{quote(name, safe='')}"


def wants_json() -> bool:
    """Whether this request came through the JSON door."""
    return request.path.startswith("/api/")
