"""No short messages any more: the page behind the address that one may hold, for somebody without an account."""

from werkzeug.wrappers import Response

from refurb.directory.letters import page_address
from refurb.documents.links import make_link, open_link
from refurb.documents.views import blueprint
from refurb.kernel.deeds.persons import Texted
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import go, page


def stop_address(kind: str, number: int) -> str:
    """The page on which somebody whose file this is wants no short messages any more; it says whose it is to nobody."""
    return page_address(f"/stop-sms/{kind}/{make_link(_purpose(kind), number)}")


def _purpose(kind: str) -> str:
    return f"no sms {kind}"


def _file(kind: str, token: str) -> tuple[Texted, int]:
    found = next((each for each in wired().persons if each.kind == kind), None)
    if found is None or found.texted is None:
        raise NotFound
    number = open_link(_purpose(kind), token)
    if found.open(number) is None:
        raise NotFound
    return found.texted, number


@blueprint.get("/stop-sms/<kind>/<token>")
@public
def stop(kind: str, token: str) -> Response:
    """What pressing does; or that it is done."""
    found, number = _file(kind, token)
    return page("documents/stop.html", is_refused=found.refused_at(number) is not None, kind=kind, token=token)


@blueprint.post("/stop-sms/<kind>/<token>")
@public
def stop_now(kind: str, token: str) -> Response:
    """Send that person no short messages any more; a second time changes nothing."""
    with unit_of_work():
        found, number = _file(kind, token)
        found.refuse(number)
        return go("documents.stop", kind=kind, token=token)
