"""The bench agent: the script that this instance serves, and the page that says how to put it on the workshop's key."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import page

_SCRIPT = Path(__file__).resolve().parent / "agent.sh"
_WHERE = "@SERVICE@"


@cache
def _script_for(address: str) -> bytes:
    """The script that knows this address; it stands between single quotes, so that an address which holds one is no address."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or set(address) & set("'\"\\ \n`$"):
        raise ValueError(f"the agent cannot be told the address {address!r}")
    return _SCRIPT.read_text(encoding="utf-8").replace(_WHERE, address.rstrip("/")).encode()


def agent_script() -> bytes:
    """The script as this instance serves it."""
    return _script_for(current_app.config["BASE_URL"])


@blueprint.get("/agent")
@public
def agent() -> Response:
    """The bench agent, for any Linux that was started from a key; it holds no secret."""
    response = Response(agent_script(), content_type="text/x-shellscript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="agent"'
    return response


@blueprint.get("/agent/aide")
@public
def agent_help() -> Response:
    """How to put the agent on a key, how to use it, and the sum by which a copy is checked."""
    script = agent_script()
    return page(
        "inventory/agent/agent.html",
        address=current_app.config["BASE_URL"].rstrip("/"),
        digest=hashlib.sha256(script).hexdigest(),
        length=len(script),
    )
