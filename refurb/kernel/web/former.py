"""Old addresses that lead on: where a page stood before it moved, a request is sent to where it stands now, with all that it carries."""

from collections.abc import Mapping

from flask import Flask, Response, redirect, request, url_for
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response as BaseResponse


def setup(app: Flask, former: Mapping[str, str]) -> None:
    """Answer 308 where nothing stands but a page did; `former` has the endpoint that each former address leads to.

    A 308 keeps the method and the body (RFC 9110 §15.4.9), so a form that was opened before the move is sent to its deed. It is asked
    only about addresses that nothing else answers, before anybody asks who speaks: an address says nothing of what stands there.
    """
    known = Map([Rule(path, endpoint=endpoint) for path, endpoint in former.items()], converters=app.url_map.converters)

    @app.before_request
    def lead_on() -> BaseResponse | Response | None:
        if not isinstance(request.routing_exception, NotFound):
            return None
        try:
            endpoint, values = known.bind("").match(request.path)
        except HTTPException:
            return None
        there = url_for(endpoint, **values)
        asked = request.query_string.decode("ascii", "ignore")
        return redirect(f"{there}?{asked}" if asked else there, code=308)
