"""Long work on the web: how far it is, on a page that looks again by itself and as JSON."""

from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.progress import WORK_LOOKS, Work, label_of, outcome_sentence, work_of
from refurb.kernel.web.api import answer, api_blueprint
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page


def work_json(work: Work) -> dict[str, Any]:
    """A work as the API and the page's script read it."""
    return {
        "id": work.id,
        "kind": work.kind,
        "state": work.state,
        "total": work.total,
        "done": work.done,
        "outcome": work.outcome,
        "message": outcome_sentence(work),
        "finished": work.finished_at is not None,
        "page": url_for("progress.work", number=work.id),
        "result": work.result_url,
    }


blueprint = Blueprint("progress", __name__)
api = api_blueprint("works", "Long work, and how far it is.")


@blueprint.get("/travaux/<int:number>")
@requires(Permission.ACCOUNT_OWN)
def work(actor: Actor, number: int) -> Response:
    """How far a long work is; the page looks again by itself until it is over."""
    found = work_of(actor, number)
    return page("progress.html", work=found, label=label_of(found), look=WORK_LOOKS[found.state], told=outcome_sentence(found))


@api.route("/works/<int:number>", methods=["GET"])
@requires(Permission.ACCOUNT_OWN)
def work_one_json(actor: Actor, number: int) -> Response:
    """How far a long work is: done of total, and where its result is seen."""
    return answer(work_json(work_of(actor, number)))
