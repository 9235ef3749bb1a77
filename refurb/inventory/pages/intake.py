"""What a donation's page shows of how it comes in, and the pages on which the office notes what the law asks for."""

from typing import Any

from flask import request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.directory.queries import home_organisation
from refurb.documents.models import PaperKind
from refurb.documents.queries import in_force, papers_about
from refurb.inventory.blueprint import blueprint
from refurb.inventory.dock.actions.reception import left_to_detail
from refurb.inventory.donations.actions.donations import correct_donor, donor_details, name_donor_siren, name_legal_basis
from refurb.inventory.donations.cautions import cautions_of
from refurb.inventory.donations.effects.news import hours_told
from refurb.inventory.donations.invitations import FILE_NAME, invitation
from refurb.inventory.donations.queries.appointments import questions_of, standing_appointment
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.donations.queries.proposals import proposal_of
from refurb.inventory.donations.queries.refused_lots import refused_lots
from refurb.inventory.donations.schemas.donations import DonorDetails
from refurb.inventory.donations.words import AGES, ARRIVAL_REFUSALS, CHARGERS, DRIVES_INSIDE, SHAPES
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.slots import WAYS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.calendar import MIMETYPE, write_calendar
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.fields import Siren, Text
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page

P = Permission


class LegalBasis(Schema):
    """On which text our own machines are given."""

    legal_basis = Text(
        _l("Fondement juridique"), max=300, required=True,
        help=_l("Par exemple : convention n° 2026-12 avec l'association X (CG3P, art. L.3212-3), avis du service juridique du 3 mars."),
    )  # fmt: skip


class DonorSiren(Schema):
    """The SIREN of a donor that we know without it."""

    siren = Siren(_l("SIREN"), max=20, required=True, help=_l("Neuf chiffres."))


def intake_of(donation: Donation) -> dict[str, Any]:
    """What the templates `_donation_warnings.html` and `_donation_intake.html` show."""
    held, proposal, ours = standing_appointment(donation), proposal_of(donation), home_organisation()
    return {
        "appointment": held,
        "hours": hours_told(held.starts_at, held.ends_at) if held else "",
        "proposal": proposal,
        "proposal_words": {"ages": AGES, "shapes": SHAPES, "drives": DRIVES_INSIDE, "chargers": CHARGERS, "ways": WAYS},
        "questions": questions_of(donation),
        "cautions": cautions_of(donation, proposal, we_are_public=ours is not None and ours.is_public_body),
        "refused": refused_lots(donation),
        "arrival_refusals": ARRIVAL_REFUSALS,
        "slip": in_force(papers_about(donation), PaperKind.INTAKE),
        "undetailed": sum(left_to_detail(donation).values()),
    }


@blueprint.get("/dons/<reference>/rendez-vous.ics")
@requires(P.DONATION_READ)
def donation_calendar(actor: Actor, reference: str) -> Response:
    """The appointment, for the team's calendar."""
    found = donation_by_reference(actor, reference)
    held = standing_appointment(found)
    if held is None:
        raise NotFound
    return download(write_calendar(invitation(found, held)), FILE_NAME, MIMETYPE, inline=False)


@blueprint.route("/dons/<reference>/fondement", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_legal_basis(actor: Actor, reference: str) -> Response:
    """Note on which text our own machines are given."""
    found = donation_by_reference(actor, reference)
    form = Form(LegalBasis, start={"legal_basis": found.legal_basis})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            name_legal_basis(actor, found, **form.load())
            return go("inventory.donation", done=_("Fondement juridique noté."), reference=found.reference)
        found = donation_by_reference(actor, reference)
    lead = _("Il est à établir par la collectivité : l'indiquer ici le garde avec le don, et ne vaut pas avis.")
    return page(
        "inventory/donations/donation_fact.html", form=form, donation=found, title=_("Fondement juridique"), lead=lead, icon_name="scale"
    )


@blueprint.route("/dons/<reference>/donateur", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_donor(actor: Actor, reference: str) -> Response:
    """Correct who gives, and how they are reached."""
    found = donation_by_reference(actor, reference)
    form = Form(DonorDetails, start=donor_details(found))
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_donor(actor, found, **form.load())
            return go("inventory.donation", done=_("Coordonnées du donateur enregistrées."), reference=found.reference)
        found = donation_by_reference(actor, reference)
    lead = _("Les prochains envois et documents le diront, pour tous les dons de ce donateur. Ceux qui sont établis ne changent pas.")
    return page(
        "inventory/donations/donation_fact.html", form=form, donation=found, title=_("Donateur et contact"), lead=lead, icon_name="pen-line"
    )


@blueprint.route("/dons/<reference>/siren", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_siren(actor: Actor, reference: str) -> Response:
    """Note the SIREN of the donor."""
    found = donation_by_reference(actor, reference)
    form = Form(DonorSiren)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            name_donor_siren(actor, found, **form.load())
            return go("inventory.donation", done=_("SIREN noté."), reference=found.reference)
        found = donation_by_reference(actor, reference)
    return page(
        "inventory/donations/donation_fact.html",
        form=form,
        donation=found,
        title=_("SIREN du donateur"),
        lead=found.donor.name,
        icon_name="building",
    )
