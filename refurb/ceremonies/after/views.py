"""What follows a ceremony: the report, and the thanks."""

from flask import request
from werkzeug.wrappers import Response

from refurb.ceremonies.after.actions import issue_report, open_report, report_draft, say_next_steps, standing_report, thank
from refurb.ceremonies.after.rules import is_over
from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.queries import ceremony_for
from refurb.ceremonies.testimonies.actions import pick
from refurb.ceremonies.testimonies.queries import is_quotable, named, quotes_of, testimonies_of, testimony_in
from refurb.ceremonies.testimonies.schemas import Picked, ReportTold
from refurb.documents.actions import content_of, says_the_same
from refurb.documents.models import PaperKind
from refurb.documents.views import paper_pdf
from refurb.documents.wording import twin
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


@blueprint.post("/ceremonies/<int:number>/remercier")
@requires(P.CEREMONY_WRITE)
def thank_page(actor: Actor, number: int) -> Response:
    """Thank whoever came."""
    ceremony = ceremony_for(actor, number)
    with unit_of_work():
        count = thank(actor, ceremony)
        return go("ceremonies.ceremony", done=_n("%(num)s remerciement part.", "%(num)s remerciements partent.", count), number=number)


@blueprint.route("/ceremonies/<int:number>/compte-rendu", methods=["GET", "POST"])
@requires(P.CEREMONY_READ)
def report(actor: Actor, number: int) -> Response:
    """The report as it would be issued now, the testimonies that may stand in it, and what is said to whoever was absent."""
    ceremony = ceremony_for(actor, number)
    is_over(ceremony)
    form = Form(ReportTold, start={"next_steps": ceremony.next_steps})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            say_next_steps(actor, ceremony, form.load()["next_steps"])
            return go("ceremonies.report", done=_("Noté dans le compte rendu."), number=number)
        ceremony = ceremony_for(actor, number)
    return _report(actor, number, form)


def _report(actor: Actor, number: int, form: Form) -> Response:
    ceremony = ceremony_for(actor, number)
    quotes, standing = quotes_of(ceremony), standing_report(ceremony)
    draft = report_draft(ceremony, quotes)
    return page(
        "ceremonies/after/report.html", form=form, ceremony=ceremony, twin=twin(content_of(PaperKind.CEREMONY, draft, "", today())),
        quotes=quotes, testimonies=[(each, is_quotable(each), named(each)) for each in testimonies_of(ceremony)], standing=standing,
        is_current=standing is not None and says_the_same(standing, draft), may_write=actor.may(P.CEREMONY_WRITE),
    )  # fmt: skip


@blueprint.get("/ceremonies/<int:number>/compte-rendu.pdf")
@requires(P.CEREMONY_READ)
def report_file(actor: Actor, number: int) -> Response:
    """The report that holds, to be kept or sent."""
    standing = open_report(ceremony_for(actor, number))
    return paper_pdf(standing)


@blueprint.post("/ceremonies/<int:number>/compte-rendu/emettre")
@requires(P.CEREMONY_WRITE)
def report_issue(actor: Actor, number: int) -> Response:
    """Issue the report, or annul and replace the one that holds."""
    form = Form(NoFacts)
    with form.catching(), unit_of_work():
        paper = issue_report(actor, ceremony_for(actor, number))
        return go("ceremonies.report", done=_("Compte rendu émis : %(reference)s.", reference=paper.reference), number=number)
    return _report(actor, number, form)


@blueprint.post("/ceremonies/<int:number>/compte-rendu/temoignages/<int:testimony>")
@requires(P.CEREMONY_WRITE)
def report_pick(actor: Actor, number: int, testimony: int) -> Response:
    """Put a testimony into the report, or leave it out."""
    form = Form(Picked)
    with form.catching(), unit_of_work():
        pick(actor, testimony_in(ceremony_for(actor, number), testimony), is_picked=form.load()["is_picked"])
        return go("ceremonies.report", done=_("C'est noté."), number=number)
    return _report(actor, number, form)
