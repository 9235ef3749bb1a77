"""The page of the opinion, on the same telephone, turned round: full, without a way elsewhere, and without the rights of whoever lent it.

While it is out of hand, this browser's session opens nothing else: every address leads back here (`_stay`), « back » too, since pages of
the service are kept by no browser. Whoever gives the telephone back presses « Revenir au comptage ».
"""

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from refurb.documents.links import LinkBroken
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires, shown_again
from refurb.kernel.web.pages import go, page
from refurb.visits.blueprint import blueprint
from refurb.visits.opinions import ask_opinion, give_opinion, open_question
from refurb.visits.rules import AnsweredAlready
from refurb.visits.schemas import OpinionTold
from refurb.visits.words import MOODS, OPINIONS, Opinion

LENT = "lent"
"""In the session: the token of the question for which the telephone is out of its owner's hand."""
_OPEN = frozenset({"visits.own_opinion", "visits.take_again", "static", "letterhead.theme", "letterhead.logo"})


@blueprint.before_app_request
def _stay() -> Response | None:
    """Keep a browser that was lent on the one page."""
    token = session.get(LENT)
    if token is None or request.endpoint in _OPEN:
        return None
    return redirect(url_for("visits.own_opinion", token=token), 303)


@blueprint.post("/visites/avis")
@requires(Permission.VISIT_COUNT)
def lend(actor: Actor) -> Response:
    """Ask whether it helped: from now on this browser shows the question alone."""
    sent = request.form.get("site", "")
    with unit_of_work():
        token = ask_opinion(actor, int(sent) if sent.isdecimal() and len(sent) < 10 else 0)
        session[LENT] = token
        return go("visits.own_opinion", token=token)


@blueprint.route("/avis/<token>", methods=["GET", "POST"])
@public
@shown_again
def own_opinion(token: str) -> Response:
    """One question, four answers, or none; then thanks."""
    form = Form(OpinionTold)
    try:
        is_open = open_question(token) is not None
    except LinkBroken:
        session.pop(LENT, None)
        raise
    if request.method == "POST":
        with form.catching(), unit_of_work():
            give_opinion(token, Opinion.DECLINED if "rien" in request.form else form.load()["answer"])
            return go("visits.own_opinion", token=token, merci=1)
        is_open = is_open and not isinstance(form.refusal, AnsweredAlready)
    answer = page(
        "visits/opinion.html", form=form, is_open=is_open, thanked="merci" in request.args, opinions=OPINIONS, moods=MOODS, me=None, nav=[],
        flashes=[], is_lent=LENT in session,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@blueprint.post("/avis/rendre")
@public
def take_again() -> Response:
    """The telephone is in its owner's hand again: her pages open."""
    session.pop(LENT, None)
    return go("visits.count")
