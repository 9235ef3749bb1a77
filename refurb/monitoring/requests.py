"""What is noted of each request, where the settings ask for it: counted for Prometheus, and as a line of the log.

Never its address, which holds codes and signed links, nor who asked: only which page it was, how it ended and how long it took.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, g, request

from refurb.kernel.deeds.log import log

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True)
class Served:
    """One request that was answered: the part of the service and the page, the method, the status, and how long it took."""

    group: str
    endpoint: str
    method: str
    status: int
    seconds: float


Noter = Callable[[Served], None]


def setup(app: Flask) -> None:
    """Note each request where the settings ask for it; before everybody else, so that what they take is counted too."""
    noters: list[Noter] = []
    if app.config["METRICS_TOKEN"]:
        from refurb.monitoring.metrics import Metrics  # noqa: PLC0415 - a library that nobody else needs

        app.extensions["metrics"] = Metrics()
        noters.append(app.extensions["metrics"].count)
    if app.config["LOG_REQUESTS"]:
        noters.append(_log)
    if not noters:
        return

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        served = _served(response)
        for each in noters:
            each(served)
        return response


def _served(response: Response) -> Served:
    endpoint = request.endpoint or "nowhere"
    method = request.method if request.method in METHODS else "other"
    return Served(request.blueprint or endpoint, endpoint, method, response.status_code, time.perf_counter() - g.begun)


def _log(served: Served) -> None:
    milliseconds = round(served.seconds * 1000, 1)
    log.info("request", endpoint=served.endpoint, method=served.method, status=served.status, ms=milliseconds)
