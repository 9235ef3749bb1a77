"""The one shape of a route of the JSON door: who may, what it takes, what it answers, what it refuses."""

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema

from refurb.kernel.deeds.access import Permission
from refurb.kernel.web.api import RefusalSchema, View
from refurb.kernel.web.guards import requires


def reads(api: Blueprint, path: str, *needs: Permission) -> Callable[[View], View]:
    """A route that only looks: for whoever has any of these permissions."""
    return _route(api, path, needs, "GET", None, 200, ())


def writes(
    api: Blueprint,
    path: str,
    *needs: Permission,
    method: str = "POST",
    takes: type[Schema] | None = None,
    done: int = 200,
    refused: tuple[int, ...] = (409,),
) -> Callable[[View], View]:
    """A route that does a deed: what its body is, the status of what is done, those of its own refusals."""
    return _route(api, path, needs, method, takes, done, refused)


def _route(
    api: Blueprint, path: str, needs: tuple[Permission, ...], method: str, takes: type[Schema] | None, done: int, refused: tuple[int, ...]
) -> Callable[[View], View]:
    def declare(view: View) -> View:
        made: Any = requires(*needs)(view)
        if takes is not None:
            made = api.doc(requestBody={"content": {"application/json": {"schema": takes}}})(made)
        for status in reversed(refused):
            made = api.alt_response(status, schema=RefusalSchema, description="Refused: nothing was changed.")(made)
        made = api.response(done)(made)
        declared: View = api.route(path, methods=[method])(made)
        return declared

    return declare
