"""A request that is sent again: its key is known by what was asked, and gets the first answer."""

import hashlib
import secrets
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.idempotency import AnsweredKey
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict
from refurb.kernel.web.guards import find_actor

LARGEST_ANSWER = 65_536
"""Bytes; a longer answer (a sheet of labels) is not kept, and its key is only known to have been used."""

_HEADERS = ("Content-Type", "Location")


def new_key() -> str:
    """A fresh key for a form."""
    return secrets.token_urlsafe(18)


def _key_of_request() -> str | None:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    typed = request.headers.get("Idempotency-Key") or (
        request.form.get("_key") if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"} else None
    )
    if not typed:
        return None
    actor = find_actor()
    if actor is None:  # Two strangers are not the same person.
        return None
    whose = f"{actor.id}|{actor.role}|{request.method} {request.path}|{typed[:200]}"
    return hashlib.sha256(whose.encode()).hexdigest()


def _what_was_asked() -> str:
    digest = hashlib.sha256()
    if request.mimetype == "application/json" or not request.form:
        digest.update(request.get_data(cache=True))
    for name, values in sorted(request.form.lists()):
        if name not in {"_key", "csrf_token"}:
            digest.update(repr((name, values)).encode())
    for name, sent in sorted(request.files.items(multi=True), key=lambda pair: (pair[0], pair[1].filename or "")):
        digest.update(repr((name, sent.filename)).encode())
        digest.update(hashlib.file_digest(sent.stream, "sha256").digest())  # type: ignore[arg-type]
        sent.stream.seek(0)
    return digest.hexdigest()


def remember(session: Any) -> None:
    """Write the request's key within the unit of work that does the deed, so that both become true together."""
    key = g.pop("idempotency_key", None)
    if key is not None:
        session.add(AnsweredKey(key=key, asked=g.idempotency_asked, at=now()))
        session.flush()
        g.idempotency_used = key


def setup(app: Flask) -> None:
    """Answer repeated keys before the view, keep first answers after it."""
    app.before_request(_answer_again)
    app.after_request(_keep_answer)


def _answer_again() -> Response | None:
    key = _key_of_request()
    if key is None:
        return None
    known = db.session.scalar(select(AnsweredKey).where(AnsweredKey.key == key))
    asked = _what_was_asked()
    if known is None:
        g.idempotency_key, g.idempotency_asked = key, asked
        return None
    if known.asked != asked:
        raise Conflict("conflict.key_reused")
    if known.status is None:
        raise Conflict("conflict.being_done")
    return Response(known.body or b"", status=known.status, headers={**(known.headers or {}), "Idempotency-Replayed": "true"})


def _keep_answer(response: Response) -> Response:
    key = g.pop("idempotency_used", None)
    # A page says names, and is drawn anew by whoever asks: of the HTML door only where it led is kept.
    worth = response.mimetype != "text/html" or 300 <= response.status_code < 400
    if key is None or not worth or response.is_streamed or len(response.get_data()) > LARGEST_ANSWER:
        return response
    with unit_of_work() as session:
        answered = session.get(AnsweredKey, key)
        if answered is not None:  # A refused deed took its key back with everything else, and may be sent again.
            answered.status = response.status_code
            answered.headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
            answered.body = response.get_data()
    return response
