"""The addresses that machines ask: `/sante` for load balancers and watchmen, `/metrics` for Prometheus."""

import hmac

from flask import Blueprint, Response, abort, current_app, request

from refurb.kernel.web.guards import public
from refurb.monitoring.queries import ServiceHealth, health

blueprint = Blueprint("monitoring", __name__)


def _told(found: ServiceHealth, *, well: bool) -> Response:
    """What was found, with 503 where it is not well; an answer of an instant ago would be a wrong one, so nobody keeps it."""
    checks = {name: {"ok": each.ok, **each.facts} for name, each in found.checks.items()}
    body = current_app.json.dumps({"status": found.word, "checks": checks}) + "\n"
    return _uncached(Response(body, status=200 if well else 503, content_type="application/json"))


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/sante/vivant")
@public
def live() -> Response:
    """Whether this process answers at all; it asks nothing of anybody. One that does not is to be started anew."""
    return _uncached(Response('{"status": "ok"}\n', content_type="application/json"))


@blueprint.get("/sante/pret")
@public
def ready() -> Response:
    """Whether this node can serve people: 503 without its database or its files. The rest is told, and takes no node away."""
    found = health()
    return _told(found, well=found.is_ready)


@blueprint.get("/sante")
@public
def well() -> Response:
    """Whether all is well, the worker and the letters too: 503 when somebody has to look."""
    found = health()
    return _told(found, well=found.is_well)


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Figures in Prometheus' text format 0.0.4, for whoever sends the token of the settings; without a token there is no such page."""
    metrics = current_app.extensions.get("metrics")
    if metrics is None:
        abort(404)
    sent = request.headers.get("Authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {current_app.config['METRICS_TOKEN']}".encode()):
        return _uncached(Response("unauthorized\n", 401, {"WWW-Authenticate": "Bearer"}, content_type="text/plain"))
    return _uncached(Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8"))
