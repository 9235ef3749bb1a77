"""The JSON door: where it is, how it documents itself, and how its blueprints are made."""

import re
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields
from werkzeug.exceptions import BadRequest

from refurb.kernel.deeds.history import plain
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.asked import MOST_JSON, TooMuchJson, clean_json
from refurb.kernel.web.guards import find_actor
from refurb.kernel.web.pages import told
from refurb.kernel.web.search import Page

PREFIX = "/api/v1"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_NAMED = "api_"
_CONVERTED = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

View = TypeVar("View", bound=Callable[..., Any])


class FaultSchema(Schema):
    """What is wrong with one field."""

    code = fields.String(required=True)
    message = fields.String(required=True)


class RefusalSchema(Schema):
    """How the API says no: a stable code, a sentence in the reader's language, the faults by field, and a mark of faults of ours."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(FaultSchema)), attribute="fields", data_key="fields")
    mark = fields.String()


class _Api(Api):  # type: ignore[misc]
    """flask-smorest without its error pages for the whole application: ours tell refusals on both doors, and its description tells them."""

    ERROR_SCHEMA = RefusalSchema

    def __init__(self, app: Flask) -> None:
        self._untold: list[Blueprint] = []
        self._telling = Lock()
        super().__init__(app)

    def register_blueprint(self, blueprint: Blueprint) -> None:
        """Open the routes of a part; they are described when somebody first asks for it, which most processes are never asked."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._untold.append(blueprint)

    def _tell(self) -> None:
        with self._telling:
            while self._untold:
                blueprint = self._untold[0]
                blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
                self.spec.tag({"name": blueprint.name, "description": blueprint.description})
                del self._untold[0]  # What could not be described is tried again, and never silently left out.

    def _openapi_json(self) -> Response:
        self._tell()
        response = answer(described(current_app, self.spec.to_dict()))
        response.headers["Cache-Control"] = "no-cache"  # Kept, and asked for anew each time.
        return response

    def _register_error_handlers(self) -> None:
        return


def api_blueprint(name: str, description: str) -> Blueprint:
    """A part of the JSON door."""
    return Blueprint(f"{_NAMED}{name}", name, description=description, url_prefix=PREFIX)


def json_body() -> dict[str, Any]:
    """The JSON object that was sent, empty when nothing was. Raises `Invalid` when the body is anything else."""
    if not request.data:
        return {}
    if not request.is_json:
        raise Invalid({"_body": [Fault("body.not_said_to_be_json")]})
    try:
        body = clean_json(request.get_json())
    except TooMuchJson:
        raise Invalid({"_body": [Fault("body.too_much", most=MOST_JSON)]}) from None
    except (BadRequest, RecursionError, ValueError):
        raise Invalid({"_body": [Fault("body.not_json")]}) from None
    if not isinstance(body, dict):
        raise Invalid({"_body": [Fault("body.not_an_object")]})
    return body


def takes_files(view: View) -> View:
    """Declare that a route's body is a file, or several, and no JSON of ours."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def _refuse_other_bodies() -> None:
    """Refuse a body that is no object before any view runs, also where nothing needs to be told; who is nobody is told that first."""
    if request.method not in WRITES or not (request.blueprint or "").startswith(_NAMED) or request.endpoint is None:
        return
    if hasattr(current_app.view_functions[request.endpoint], "takes_files"):
        return
    try:
        json_body()
    except Invalid:
        if find_actor() is not None:
            raise


def answer(body: dict[str, Any], status: int = 200, *, location: str | None = None) -> Response:
    """The answer, in the application's JSON; that of a deed is made within its unit of work. `location` is where what was made is found."""
    made = Response(current_app.json.dumps(body), status=status, content_type="application/json")
    if location is not None:
        made.headers["Location"] = location
    return told(made)


def listed(found: Page, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list: its rows, and where it stands among the others; `more` where there are more than were counted."""
    where = {"items": rows, "page": found.number, "pages": found.pages, "total": found.total}
    return {**where, "more": True} if found.more else where


def listed_rows(found: Page) -> dict[str, Any]:
    """The same, of rows whose columns are named as the JSON names them."""
    return listed(found, [plain(dict(row._mapping)) for row in found.rows])  # noqa: SLF001 - SQLAlchemy's own name for it


def setup(app: Flask, blueprints: tuple[Any, ...]) -> None:
    """Open the JSON door; its description is at /api/v1/openapi.json."""
    app.config.update(
        API_TITLE="Refurb",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
            "security": [{"bearer": []}],
        },
    )
    app.before_request(_refuse_other_bodies)
    door = _Api(app)
    for blueprint in blueprints:
        door.register_blueprint(blueprint)


_BODY = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}


def _told(view: Any, method: str, path: str) -> dict[str, str]:
    """The refusals of an operation by their status, as they follow from what its route declares."""
    told: dict[str, str] = {}
    access = getattr(view, "access", "public")
    if access != "public":
        told["401"] = "Nobody is signed in, or the token is over or revoked (`sign_in_needed`)."
        told["403"] = f"The role has none of {', '.join(access)} (`forbidden`), or the token opens another door (`forbidden.agent_only`)."
    if "{" in path:
        told["404"] = "Nothing here, or nothing that whoever asks may know of (`not_found`)."
    if method.upper() in WRITES:
        told["400"] = "A form of a browser without its token (`csrf`)."
        told["409"] = "Refused, nothing was changed: somebody was faster, or a rule does not hold."
        told["413"] = "The body is larger than REFURB_MAX_UPLOAD_MIB (`too_large`)."
        told["422"] = "The body is no JSON object, or a field is not usable (`invalid`, with `fields`)."
    return told


def described(app: Flask, spec: dict[str, Any]) -> dict[str, Any]:
    """The description of the JSON door with what each operation is called, and what each refuses."""
    for rule in app.url_map.iter_rules():
        path = _CONVERTED.sub(r"{\1}", rule.rule)
        for method, operation in spec["paths"].get(path, {}).items():
            if method.upper() in (rule.methods or ()) and isinstance(operation, dict):
                operation["operationId"] = rule.endpoint.rpartition(".")[2]
                if not any(status < "4" for status in operation["responses"]):
                    done = {"description": "Done.", "content": {"application/json": {"schema": {"type": "object"}}}}
                    operation["responses"] |= {"200": done} | ({"201": done} if method == "post" else {})
                for status, description in _told(app.view_functions[rule.endpoint], method, path).items():
                    operation["responses"].setdefault(status, {"description": description, "content": _BODY})
    return spec
