"""The headers that every answer carries: what a browser may load, send and keep."""

from typing import Any

from flask import Flask, Response, request

from refurb.kernel.web.pages import static_url

YEAR_SECONDS = 31_536_000


NAMING = frozenset({"text/html", "application/json", "text/plain", "text/csv"})
"""Kinds of answers in which people may be named; no cache keeps them unless their view says so."""

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


def setup(app: Flask) -> None:
    """Put the headers on every answer."""
    app.after_request(_say_how_long)
    always = list(SECURITY_HEADERS.items())
    if app.config["SESSION_COOKIE_SECURE"]:
        always.append(("Strict-Transport-Security", f"max-age={YEAR_SECONDS}"))
    app.wsgi_app = _with(always, app.wsgi_app)  # type: ignore[method-assign]  # how WSGI is wrapped


def _with(always: list[tuple[str, str]], inner: Any) -> Any:
    """Added where the answer leaves, as they are: Werkzeug would look through every name and value again for each of them."""

    def served(environ: Any, start: Any) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            given = {name for name, _value in headers}
            return start(status, [*headers, *(each for each in always if each[0] not in given)], *fault)

        return inner(environ, begin)

    return served


def _is_that_version() -> bool:
    """Whether a static file is what its address says; what a page of another release asks for is not kept as that."""
    return static_url(str((request.view_args or {})["filename"])).partition("?v=")[2] == request.args.get("v")


def _say_how_long(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200 and _is_that_version():
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    elif response.mimetype in NAMING:
        response.headers.setdefault("Cache-Control", "private, no-store")
    if "no-store" not in response.headers.get("Cache-Control", "") and not response.is_streamed and response.status_code == 200:
        # Whoever may keep it and asks again gets no second copy.
        response.add_etag()
        response.make_conditional(request)
    return response
