"""A request that is sent again: its key is known by what was asked, and gets the first answer."""

import hashlib
import secrets
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.idempotency import AnsweredKey
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict
from refurb.kernel.web.guards import find_actor

LARGEST_ANSWER = 8 * 2**20
"""Bytes; a longer answer (some thousands of labels) is not kept: whoever asks again is told that it was done."""

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
    whose = f"{actor.id}|{actor.working if actor.by_token else ''}|{request.method} {request.path}|{typed[:200]}"
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


class AskedAgain(Exception):
    """The deed of this key was done while this request was on its way; raised within the unit, so that nothing of it remains."""

    def __init__(self, known: AnsweredKey) -> None:
        super().__init__()
        self.answer = _first_answer(known, g.idempotency_asked)


def remember(session: Any) -> None:
    """Write the request's key first of all in the unit of work that does the deed, so that both become true together.

    Where somebody is doing the same deed the database waits for them; then raises `AskedAgain` with their answer.
    """
    key = g.pop("idempotency_key", None)
    if key is None:
        return
    answered = AnsweredKey(key=key, asked=g.idempotency_asked, at=now())
    session.add(answered)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        known = session.get(AnsweredKey, key)
        if known is None:
            raise
        raise AskedAgain(known) from None
    g.idempotency_row = answered


def conclude(_session: Any) -> None:
    """Write the answer beside the key, last of all in the unit: whoever asks again, whatever happens in between, gets it again."""
    answered, answer = g.pop("idempotency_row", None), g.get("answer")
    if answered is None or answer is None:
        return
    answered.status = answer.status_code
    answered.headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
    body = answer.get_data()
    answered.body = body if _is_worth_keeping(answer, body) else None


def _is_worth_keeping(answer: Any, body: bytes) -> bool:
    # A page says names, and is drawn anew by whoever asks: of the HTML door only where it led is kept.
    return len(body) <= LARGEST_ANSWER and (answer.mimetype != "text/html" or 300 <= answer.status_code < 400)


def _first_answer(known: AnsweredKey, asked: str) -> Response:
    """What was answered at first; `Conflict` where the key was used for something else, or its answer was not kept."""
    if known.asked != asked:
        raise Conflict("conflict.key_reused")
    if known.body is None or known.status is None:
        raise Conflict("conflict.done_before")
    return Response(known.body, status=known.status, headers={**(known.headers or {}), "Idempotency-Replayed": "true"})


def setup(app: Flask) -> None:
    """Answer repeated keys: before the view, and where two that are the same come at once, after the first."""
    app.before_request(_answer_again)
    app.register_error_handler(AskedAgain, lambda repeated: repeated.answer)


def _answer_again() -> Response | None:
    key = _key_of_request()
    if key is None:
        return None
    g.idempotency_asked = _what_was_asked()
    known = db.session.scalar(select(AnsweredKey).where(AnsweredKey.key == key))
    if known is not None:
        return _first_answer(known, g.idempotency_asked)
    g.idempotency_key = key
    return None
