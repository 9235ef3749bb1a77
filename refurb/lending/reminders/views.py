"""One's own loans, by the link of a letter: what is due when, and a press for each. A look changes nothing: programs open links."""

from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.queries import days_late
from refurb.lending.reminders.own import opened
from refurb.lending.reminders.queries import line_with, lines_with
from refurb.lending.reminders.schemas import KeptUntil
from refurb.lending.renewals.actions import renew
from refurb.lending.renewals.queries import renewal_of


def _shown(token: str, form: Form | None = None) -> Response:
    borrower = opened(token)
    answer = page(
        "lending/reminders/own.html",
        status=form.status if form else 200,
        form=form,
        token=token,
        renewals=[renewal_of(each) for each in lines_with(borrower)],
        places=every_site(),
        home=home(),
        sentence=sentence,
        days_late=days_late,
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/mes-prets/<token>")
@public
def own_loans(token: str) -> Response:
    """What somebody has of ours, and until when."""
    return _shown(token)


@blueprint.post("/mes-prets/<token>/<int:number>/prolonger")
@public
def renew_own(token: str, number: int) -> Response:
    """Keep a thing until the day that the page showed; how often is the policy's, and once it is refused the page says why."""
    line, form = line_with(opened(token), number), Form(KeptUntil)
    with form.catching():
        until = form.load()["until"]
        with unit_of_work():
            renew(SERVICE, line.loan, until={line.id: until}, by_borrower=True)
            done = _("C'est noté : à rendre le %(day)s.", day=day(until))
            return go("lending.own_loans", done=done, token=token)
    return _shown(token, form)
