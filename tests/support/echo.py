"""A small application for the server alone: it says what it was sent, and at wish much, or with the body left unread."""

from collections.abc import Callable, Iterable
from typing import Any


class Echo:
    """What the server asks of an application: to be called, and its bound."""

    config = {"MAX_CONTENT_LENGTH": 100_000}

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The body, or what the path says."""
        if environ["PATH_INFO"] == "/much":
            answer = b"x" * 8_000_000
        elif environ["PATH_INFO"] == "/unread":
            answer = b"left"
        else:
            answer = environ["wsgi.input"].read() or environ["PATH_INFO"].encode()
        start("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]


app = Echo()
