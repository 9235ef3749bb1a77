"""The JSON door: where it is, how it documents itself, and how its blueprints are made."""

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint

PREFIX = "/api/v1"


class _Api(Api):  # type: ignore[misc]
    """flask-smorest without its error pages for the whole application: ours tell refusals on both doors."""

    def _register_error_handlers(self) -> None:
        return


def api_blueprint(name: str, description: str) -> Blueprint:
    """A part of the JSON door."""
    return Blueprint(f"api_{name}", name, description=description, url_prefix=PREFIX)


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
