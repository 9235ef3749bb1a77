"""How it looks when something cannot be done: refusals, unknown addresses, a busy database, faults of ours; as pages and as JSON."""

import secrets
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.trouble import Trouble, trouble_of
from refurb.kernel.speech.errors import Invalid, NotFound, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.pages import page, wants_json


def _error(status: int, kind: str, told: str | None = None, mark: str | None = None, fields: Any = None) -> Response:
    if wants_json() and request.accept_mimetypes.best_match(["application/json", "text/plain"]) == "text/plain":
        return Response(f"{told or kind}\n", status=status, content_type="text/plain; charset=utf-8")  # A console reads no JSON.
    if wants_json():
        body: dict[str, Any] = {"code": kind, "message": told or kind}
        if fields is not None:
            body["fields"] = fields
        if mark:
            body["mark"] = mark
        return Response(current_app.json.dumps(body), status=status, content_type="application/json")
    # Who opens an address has filled in no form: what cannot be used there is a request that was not understood.
    shown = 400 if status == 422 and request.method == "GET" else status
    return page("error.html", status=status, kind=kind, code=shown, told=told, mark=mark)


def tell_refusal(refusal: Refusal) -> Response:
    """A refusal as a page or as JSON."""
    db.session.rollback()
    if refusal.status >= 500:  # What the service lacks is its administrator's affair.
        log.error("refused_by_ours", code=refusal.code, endpoint=request.endpoint)
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


def _tell_trouble(error: DBAPIError | OSError) -> Response:
    """Say that nothing can be written, or read, and why; this page asks the database for nothing."""
    trouble = trouble_of(error)
    if trouble is None:
        return _tell_fault(error)
    g.faulty = True
    with suppress(SQLAlchemyError):
        db.session.rollback()
    mark = secrets.token_hex(2).upper()
    log.error(f"database_{trouble}" if isinstance(error, DBAPIError) else f"storage_{trouble}", mark=mark, fault=_fault(error))
    response = _error(503, str(trouble), sentence(Refusal(f"service.{trouble}", mark=mark)), mark)
    response.headers["Retry-After"] = "5" if trouble == Trouble.BUSY else "60"
    return response


def _fault(error: DBAPIError | OSError) -> str:
    return type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__


def _tell_fault(error: Exception) -> Response:
    g.faulty = True
    with suppress(SQLAlchemyError):
        db.session.rollback()
    mark = secrets.token_hex(2).upper()
    log.error("fault", mark=mark, endpoint=request.endpoint, fault=type(error).__name__, exc_info=error)
    return _error(500, "fault", sentence(Refusal("service.fault", mark=mark)), mark)


def setup(app: Flask) -> None:
    """Answer every error in the reader's language, on the door it came through."""
    app.register_error_handler(Refusal, tell_refusal)
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(OperationalError, _tell_trouble)
    app.register_error_handler(InternalError, _tell_trouble)  # PostgreSQL says so that it only reads.
    app.register_error_handler(OSError, _tell_trouble)
    app.register_error_handler(Exception, _tell_fault)
