"""The page on which a donor's certificates are attached to the donation, and each of them as it came."""

from flask import request
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.evidence.actions.donor_statements import keep_donor_statements, sent_statements
from refurb.inventory.evidence.queries.donor_statements import donor_statement
from refurb.inventory.evidence.schemas.reports import DonorCertificates
from refurb.inventory.evidence.views.uploads import sent_files
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page

P = Permission


@blueprint.route("/dons/<reference>/declarations", methods=["GET", "POST"])
@requires(P.DEVICE_INTAKE)
def donor_statement_add(actor: Actor, reference: str) -> Response:
    """Attach the certificates that a donor handed over."""
    found = donation_by_reference(actor, reference)
    form = Form(DonorCertificates)
    if request.method == "POST":
        with form.catching():
            sent = sent_statements(sent_files("file"))
            with unit_of_work():
                made = len(keep_donor_statements(actor, found, sent))
                done = (
                    _n("%(num)s déclaration jointe au don.", "%(num)s déclarations jointes au don.", made)
                    if made
                    else _("Déjà jointe au don : rien n'a changé.")
                )
                return go("inventory.donation", done=done, reference=found.reference)
        found = donation_by_reference(actor, reference)
    return page("inventory/evidence/donor_statement.html", form=form, donation=found)


@blueprint.get("/dons/<reference>/declarations/<int:number>")
@requires(P.DONATION_READ)
def donor_statement_file(actor: Actor, reference: str, number: int) -> Response:
    """A certificate exactly as it came; never shown in the browser."""
    found = donor_statement(donation_by_reference(actor, reference), number)
    return download(files.fetch(found.file), found.filename, "application/pdf", inline=False)
