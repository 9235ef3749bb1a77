"""What a donor says by the link, without an account: how sensitive the data are, what is released, whom to write to."""

from flask import request
from werkzeug.wrappers import Response

from refurb.documents.links import open_link
from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.actions.contacts import (
    LASTS,
    TooManyChanges,
    ask_contact_change,
    confirm_contact_change,
    refuse_stale,
)
from refurb.inventory.donations.donor import NoEmail, donor_token, has_email
from refurb.inventory.donations.effects.contacts import CONTACT_LINK
from refurb.inventory.donations.models.contact_changes import ContactChange
from refurb.inventory.donations.schemas.donations import NewContact
from refurb.inventory.evidence.actions.impact import declare_impact
from refurb.inventory.evidence.views.impact import impact_form, impact_lead
from refurb.inventory.papers.actions import send_link_again
from refurb.inventory.papers.views.donor import donation_of, unlisted
from refurb.inventory.releases.actions import say_released
from refurb.inventory.releases.formats import is_writable
from refurb.inventory.releases.queries import releases_of
from refurb.inventory.releases.schemas import SaidReleased
from refurb.inventory.releases.views import console_file
from refurb.inventory.words.releases import LOCKS
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import go, page


@blueprint.route("/dons/suivi/<token>/donnees", methods=["GET", "POST"])
@public
@shown_again
def donor_impact(token: str) -> Response:
    """The donor says how sensitive the data inside are."""
    donation = donation_of(token)
    if donation.state.will_not_come:
        raise NotFound
    form = impact_form(donation)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            declare_impact(SERVICE, donation, **form.load())
            return go("inventory.donor", done=_("Merci : l'atelier efface vos machines en conséquence."), token=token)
        donation = donation_of(token)
    return unlisted(page("inventory/papers/donor_impact.html", form=form, donation=donation, token=token, lead=impact_lead()))


@blueprint.route("/dons/suivi/<token>/liberations", methods=["GET", "POST"])
@public
@shown_again
def donor_releases(token: str) -> Response:
    """What the donor has to release, to be ticked when it is done; it opens nothing before the workshop has proven it."""
    donation = donation_of(token)
    form = Form(SaidReleased)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            say_released(SERVICE, donation, **form.load())
            return go("inventory.donor_releases", done=_("C'est noté. L'atelier vérifie machine par machine."), token=token)
        donation = donation_of(token)
    listed = releases_of(donation)
    if not listed.by_lock:
        raise NotFound
    shown = page(
        "inventory/papers/donor_releases.html", form=form, donation=donation, token=token, listed=listed, locks=LOCKS,
        is_writable=is_writable,
    )  # fmt: skip
    return unlisted(shown)


@blueprint.get("/dons/suivi/<token>/liberations/<lock>")
@public
def donor_releases_file(token: str, lock: str) -> Response:
    """The file that one of the donor's consoles takes."""
    return unlisted(console_file(releases_of(donation_of(token)), lock))


@blueprint.route("/dons/suivi/<token>/contact", methods=["GET", "POST"])
@public
@shown_again
def donor_contact(token: str) -> Response:
    """The donor names somebody else to write to; the new address confirms, this one is told."""
    donation = donation_of(token)
    if not has_email(donation):
        raise NotFound
    form = Form(NewContact, field_of={TooManyChanges: "contact_email", NoEmail: "contact_email"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            ask_contact_change(donation, **form.load())
            done = _("Un courriel part à la nouvelle adresse, qui doit confirmer ; un autre à la vôtre. Rien ne change d'ici là.")
            return go("inventory.donor", done=done, token=token)
        donation = donation_of(token)
    return unlisted(page("inventory/papers/donor_contact.html", form=form, donation=donation, token=token, days=LASTS.days))


@blueprint.route("/dons/contact/<token>", methods=["GET", "POST"])
@public
def donor_contact_confirm(token: str) -> Response:
    """Whoever has the new address confirms by the button; opening the link changes nothing."""
    change = db.session.get(ContactChange, open_link(CONTACT_LINK, token, days=LASTS.days))
    if change is None:
        raise NotFound
    refuse_stale(change)
    if request.method == "POST":
        with unit_of_work():
            donation = confirm_contact_change(change)
            send_link_again(donation)
            return go("inventory.donor", done=_("C'est noté : nous vous écrirons désormais."), token=donor_token(donation))
    return unlisted(page("inventory/papers/donor_contact_confirm.html", change=change, token=token))
