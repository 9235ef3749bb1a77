"""The page on which the office notes what a donor says of the data inside."""

from flask import request
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.evidence.actions.impact import OnlyRaised, declare_impact
from refurb.inventory.evidence.impact import DATA_IMPACT
from refurb.inventory.evidence.schemas.impact import SaidImpact
from refurb.inventory.words.erasures import LEVELS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


def impact_lead() -> str:
    """What follows from each level, and whose idea the three levels are."""
    policy = DATA_IMPACT.in_force()
    asked = ", ".join(_("niveau %(impact)s : %(level)s", impact=impact, level=LEVELS[level]) for impact, level in policy.least.items())
    return _(
        "Le niveau dit l'effacement le plus bas qui compte (%(asked)s). Trois niveaux que le donateur se donne : l'idée vient d'ADISA, "
        "et ce n'est pas une certification.",
        asked=asked,
    )


def impact_form(found: object) -> Form:
    """The form, with what was said before."""
    return Form(SaidImpact, start={"impact": getattr(found, "data_impact", None)}, field_of={OnlyRaised: "impact"})


@blueprint.route("/dons/<reference>/donnees", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_impact(actor: Actor, reference: str) -> Response:
    """Note what the donor says of the data inside."""
    found = donation_by_reference(actor, reference)
    form = impact_form(found)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            declare_impact(actor, found, **form.load())
            return go("inventory.donation", done=_("Niveau des données noté."), reference=found.reference)
        found = donation_by_reference(actor, reference)
    return page(
        "inventory/donations/donation_fact.html", form=form, donation=found, title=_("Niveau des données"), lead=impact_lead(),
        icon_name="gauge",
    )  # fmt: skip
