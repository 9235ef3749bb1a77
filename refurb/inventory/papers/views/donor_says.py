"""What a donor says by the link, without an account: how sensitive the data are."""

from flask import request
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.evidence.actions.impact import declare_impact
from refurb.inventory.evidence.views.impact import impact_form, impact_lead
from refurb.inventory.papers.views.donor import donation_of, unlisted
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
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
