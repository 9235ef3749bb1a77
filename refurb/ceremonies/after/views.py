"""What follows a ceremony: the report, and the thanks."""

from werkzeug.wrappers import Response

from refurb.ceremonies.after.actions import thank
from refurb.ceremonies.after.figures import evening_of
from refurb.ceremonies.after.pdf import report_pdf
from refurb.ceremonies.after.rules import is_over
from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.queries import ceremony_for
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _n
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go


@blueprint.post("/ceremonies/<int:number>/remercier")
@requires(Permission.CEREMONY_WRITE)
def thank_page(actor: Actor, number: int) -> Response:
    """Thank whoever came."""
    ceremony = ceremony_for(actor, number)
    with unit_of_work():
        count = thank(actor, ceremony)
        return go("ceremonies.ceremony", done=_n("%(num)s remerciement part.", "%(num)s remerciements partent.", count), number=number)


@blueprint.get("/ceremonies/<int:number>/compte-rendu.pdf")
@requires(Permission.CEREMONY_READ)
def report(actor: Actor, number: int) -> Response:
    """The report of the evening, to be kept or sent."""
    ceremony = ceremony_for(actor, number)
    is_over(ceremony)
    return download(report_pdf(ceremony, evening_of(ceremony)), f"ceremonie-{number}.pdf", "application/pdf")
