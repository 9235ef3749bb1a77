"""The home page of each role: the work to do, not a menu."""

from flask import Blueprint
from werkzeug.wrappers import Response

from refurb.kernel.access import Actor, Permission, requires
from refurb.kernel.pages import page

blueprint = Blueprint("reporting", __name__)


@blueprint.get("/")
@requires(Permission.ACCOUNT_OWN)
def home(actor: Actor) -> Response:
    """The home page."""
    return page("reporting/home.html", actor=actor)
