"""The pages of the links by which people without an account refer: given and taken back, and the form of who holds one."""

from flask import g, request
from werkzeug.wrappers import Response

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires, shown_again
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.actions import partner_of
from refurb.referrals.cases.by_link import write_by_link
from refurb.referrals.cases.schemas import CompleteReferral
from refurb.referrals.cases.views.asking import offered
from refurb.referrals.cases.views.shown import partners_for
from refurb.referrals.links.actions import LASTS, make_asking_link, revoke_asking_link
from refurb.referrals.links.queries import address_of, asking_link_for, asking_link_of, asking_links, written_by
from refurb.referrals.links.rules import opens_something
from refurb.referrals.links.schemas import LinkGiven

P = Permission


@blueprint.route("/orientations/liens", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def links(actor: Actor) -> Response:
    """Who may write without an account, by whose link, until when; and a new link."""
    g.section = "referrals.referrals"
    partners = partners_for(actor)
    form = Form(LinkGiven, choices={"partner_id": partners})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            organisation = db.session.get_one(Organisation, partner_of(actor, facts.pop("partner_id")))
            made = make_asking_link(actor, organisation, **facts)
            return go("referrals.link", done=_("Lien fait. Donnez-le à cette personne seule."), number=made.id)
    found = asking_links(actor)
    return page("referrals/links/links.html", links=found, written=written_by(found), form=form, partners=partners, days=LASTS.days)


@blueprint.get("/orientations/liens/<int:number>")
@requires(P.REFERRAL_WRITE)
def link(actor: Actor, number: int) -> Response:
    """One link: its address to give while it is open, and how to take it back."""
    g.section = "referrals.referrals"
    found = asking_link_for(actor, number)
    return page("referrals/links/link.html", link=found, address=address_of(found), written=written_by([found]).get(found.id, 0))


@blueprint.post("/orientations/liens/<int:number>/retirer")
@requires(P.REFERRAL_WRITE)
def link_revoke(actor: Actor, number: int) -> Response:
    """Take a link back."""
    with unit_of_work():
        revoke_asking_link(actor, asking_link_for(actor, number))
        return go("referrals.links", done=_("Lien retiré : il n'ouvre plus rien."))


@blueprint.route("/orienter/<token>", methods=["GET", "POST"])
@public
@shown_again
def by_link(token: str) -> Response:
    """The form of who holds a link: what she sends is read and confirmed by who gave it, and no other file is shown to her."""
    found = asking_link_of(token)
    opens_something(found)
    start = {"device_kind": "laptop", "school_children": 0, "eligibility_checked_on": today(), "notice_given_on": today()}
    form = Form(CompleteReferral, start={**start, "notice_language": "fr"}, choices=offered())
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                written = write_by_link(asking_link_of(token), **facts)
                told = {"name": found.maker.name, "reference": written.reference}
                done = _("Envoyé à %(name)s, qui relit et transmet. Référence %(reference)s.", **told)
                return go("referrals.by_link", done=done, token=token)
        found = asking_link_of(token)
    return page("referrals/links/by_link.html", link=found, form=form)
