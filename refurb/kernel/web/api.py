"""The JSON door: where it is, how it documents itself, and how its blueprints are made."""

from typing import Any

from flask import Flask, Response, current_app, request
from flask_smorest import Api, Blueprint

from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.search import Page

PREFIX = "/api/v1"


class _Api(Api):  # type: ignore[misc]
    """flask-smorest without its error pages for the whole application: ours tell refusals on both doors."""

    def _register_error_handlers(self) -> None:
        return


def api_blueprint(name: str, description: str) -> Blueprint:
    """A part of the JSON door."""
    return Blueprint(f"api_{name}", name, description=description, url_prefix=PREFIX)


def told() -> dict[str, Any]:
    """The JSON object that was sent, empty when nothing was. Raises `Invalid` when the body is anything else."""
    body = request.get_json(silent=True) if request.data else {}
    if not isinstance(body, dict):
        raise Invalid({"_body": [Fault("field.invalid")]})
    return body


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """The answer, in the application's JSON."""
    return Response(current_app.json.dumps(body), status=status, content_type="application/json")


def listed(found: Page, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list: its rows, and where it stands among the others."""
    return {"items": rows, "page": found.number, "pages": found.pages, "total": found.total}


def setup(app: Flask, blueprints: tuple[Any, ...]) -> None:
    """Open the JSON door; its description is at /api/v1/openapi.json."""
    app.config.update(
        API_TITLE="Refurb",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=PREFIX,
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
            "security": [{"bearer": []}],
        },
    )
    door = _Api(app)
    for blueprint in blueprints:
        door.register_blueprint(blueprint)
