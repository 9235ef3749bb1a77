"""One's own loans, by the link of a letter: what is due when, and a press for each. A look changes nothing: programs open links."""

from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import SERVICE, Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import line_by_id
from refurb.lending.queries import days_late
from refurb.lending.recalls.queries import recalls_of
from refurb.lending.reminders.actions import note_not_found, say_back
from refurb.lending.reminders.own import opened
from refurb.lending.reminders.queries import line_with, lines_with
from refurb.lending.reminders.schemas import KeptUntil
from refurb.lending.renewals.actions import renew
from refurb.lending.renewals.queries import renewals_for

P = Permission


def _shown(token: str, form: Form | None = None) -> Response:
    lines = lines_with(opened(token))
    answer = page(
        "lending/reminders/own.html",
        status=form.status if form else 200,
        form=form,
        token=token,
        renewals=renewals_for(lines),
        recalls=recalls_of([each.id for each in lines]),
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


@blueprint.post("/mes-prets/<token>/<int:number>/rapporte")
@public
def own_said_back(token: str, number: int) -> Response:
    """Say that a thing was brought back: it is looked for, and no letter comes meanwhile."""
    line, form = line_with(opened(token), number), Form(NoFacts)
    with form.catching(), unit_of_work():
        say_back(SERVICE, line, by_borrower=True)
        return go("lending.own_loans", done=_("Merci : nous le cherchons, et ne vous relançons pas en attendant."), token=token)
    return _shown(token, form)


@blueprint.post("/prets/<reference>/lignes/<int:number>/dit-rapporte")
@requires(P.LOAN_WRITE)
def said_back(actor: Actor, reference: str, number: int) -> Response:
    """Somebody told the desk that it was brought back."""
    line = line_by_id(actor, reference, number)
    with unit_of_work():
        say_back(actor, line)
        return go("lending.loan", done=_("Noté : à chercher, sans relance en attendant."), reference=line.loan.reference)


@blueprint.post("/prets/<reference>/lignes/<int:number>/pas-trouve")
@requires(P.LOAN_WRITE)
def not_found(actor: Actor, reference: str, number: int) -> Response:
    """It was looked for in vain."""
    line = line_by_id(actor, reference, number)
    with unit_of_work():
        note_not_found(actor, line)
        return go("lending.loan", done=_("Noté : les rappels reprennent."), reference=line.loan.reference)
