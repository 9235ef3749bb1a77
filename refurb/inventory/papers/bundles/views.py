"""Asking for a ZIP and taking it, by the office and by a donor's link; asking for the papers of a whole year."""

from flask import url_for
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.papers.bundles.actions import ask_bundle, ask_yearly_papers
from refurb.inventory.papers.bundles.models import Bundle
from refurb.inventory.papers.views.donor import donation_of, unlisted
from refurb.inventory.papers.years.actions import hold_year
from refurb.inventory.papers.years.queries import record_of
from refurb.inventory.papers.years.views import PATHS, donor_numbered
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import SERVICE, Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.progress import WORK_LOOKS
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.guards import public, requires, shown_again
from refurb.kernel.web.pages import download, go, page

P = Permission


def _taken(bundle: Bundle | None) -> Response:
    if bundle is None or not bundle.is_ready or bundle.file is None:
        raise NotFound
    return download(files.fetch(bundle.file), f"{bundle.name}.zip", "application/zip", inline=False)


@blueprint.post("/dons/<reference>/documents/zip")
@requires(P.PAPER_READ)
def donation_bundle(actor: Actor, reference: str) -> Response:
    """Ask for all papers of a donation in one ZIP."""
    with unit_of_work():
        donation = donation_by_reference(actor, reference)
        return go("inventory.bundle_page", number=ask_bundle(actor, donation, donation.reference).id)


@blueprint.post("/dons/annees/<int:year>/<int:number>/zip")
@requires(P.PAPER_READ)
def donor_year_bundle(actor: Actor, year: int, number: int) -> Response:
    """Ask for all papers of a donor's year in one ZIP."""
    with unit_of_work():
        donor = donor_numbered(number)
        record_of(donor, year)
        return go("inventory.bundle_page", number=ask_bundle(actor, hold_year(donor, year), f"bilan-{year}-{donor.id}").id)


@blueprint.get("/dons/zip/<int:number>")
@requires(P.PAPER_READ)
def bundle_page(_actor: Actor, number: int) -> Response:
    """What a ZIP holds, and the button that takes it."""
    found = db.session.get(Bundle, number)
    if found is None or found.work is None:
        raise NotFound
    return page("inventory/papers/bundles/bundle.html", bundle=found, look=WORK_LOOKS[found.work.state], work=found.work)


@blueprint.get("/dons/zip/<int:number>.zip")
@requires(P.PAPER_READ)
def bundle_file(_actor: Actor, number: int) -> Response:
    """The ZIP itself."""
    return _taken(db.session.get(Bundle, number))


@blueprint.post("/dons/annees/<int:year>/documents/<path>")
@requires(P.PAPER_ISSUE)
def year_issue(actor: Actor, year: int, path: str) -> Response:
    """Issue a yearly paper for each donor of a year."""
    if path not in PATHS:
        raise NotFound
    with unit_of_work():
        work = ask_yearly_papers(actor, year, PATHS[path], url_for("inventory.giving_year", year=year))
        return go("progress.work", number=work.id)


@blueprint.route("/dons/suivi/<token>/documents.zip", methods=["POST"])
@public
@shown_again
def donor_bundle_ask(token: str) -> Response:
    """The donor asks for all papers of the donation in one ZIP."""
    with unit_of_work():
        donation = donation_of(token)
        bundle = ask_bundle(SERVICE, donation, donation.reference)
        return go("inventory.donor_bundle", token=token, number=bundle.id)


def _of_donor(token: str, number: int) -> Bundle:
    donation, found = donation_of(token), db.session.get(Bundle, number)
    if found is None or found.work is None or (found.subject_kind, found.subject_id) != (donation.KIND, donation.id):
        raise NotFound
    return found


@blueprint.get("/dons/suivi/<token>/zip/<int:number>")
@public
def donor_bundle(token: str, number: int) -> Response:
    """How far the donor's ZIP is, and the button that takes it."""
    found = _of_donor(token, number)
    return unlisted(page("inventory/papers/bundles/donor_bundle.html", bundle=found, work=found.work, token=token))


@blueprint.get("/dons/suivi/<token>/zip/<int:number>.zip")
@public
def donor_bundle_file(token: str, number: int) -> Response:
    """The donor's ZIP itself."""
    return unlisted(_taken(_of_donor(token, number)))
