"""The pages of an organisation's contacts and conventions: added, corrected, ended."""

from datetime import timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.contacts import correct_contact, end_contact, name_contact
from refurb.directory.organisations.actions.conventions import (
    add_convention,
    correct_convention,
    keep_signed_copy,
    take_off_signed_copy,
    void_convention,
)
from refurb.directory.organisations.queries import contact_of, convention_of, conventions_of, organisation_by_reference
from refurb.directory.organisations.schemas import ContactFacts, ConventionFacts, CopyTakenOff, Voided
from refurb.directory.organisations.views.blueprint import blueprint
from refurb.directory.organisations.words import ConventionKind
from refurb.directory.words import Purpose
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pdfs import ReadPdf, pdf_response, sent_pdf

P = Permission
_CONTACT = ("name", "function", "purpose", "email")
_CONVENTION = ("kind", "starts_on", "ends_on", "signed_on")


@blueprint.route("/structures/<reference>/contacts/nouveau", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def new_contact(actor: Actor, reference: str) -> Response:
    """Somebody more to write to."""
    found = organisation_by_reference(actor, reference)
    form = Form(ContactFacts, start={"purpose": request.args.get("pour", Purpose.GENERAL)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            name_contact(actor, found, **form.load())
            return go("organisations.organisation", done=_("Contact ajouté."), reference=found.reference)
        found = organisation_by_reference(actor, reference)
    return page("directory/contact.html", form=form, record=found, contact=None)


@blueprint.route("/structures/<reference>/contacts/<int:number>/modifier", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def correct_contact_page(actor: Actor, reference: str, number: int) -> Response:
    """Who somebody is and how they are reached, corrected."""
    contact = contact_of(organisation_by_reference(actor, reference), number)
    form = Form(ContactFacts, start={**{name: getattr(contact, name) for name in _CONTACT}, "phone": spell_phone(contact.phone)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_contact(actor, contact, **form.load())
            return go("organisations.organisation", done=_("Contact corrigé."), reference=reference)
        contact = contact_of(organisation_by_reference(actor, reference), number)
    return page("directory/contact.html", form=form, record=contact.organisation, contact=contact)


@blueprint.route("/structures/<reference>/contacts/<int:number>/terminer", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def end_contact_page(actor: Actor, reference: str, number: int) -> Response:
    """Somebody is no longer there."""
    contact = contact_of(organisation_by_reference(actor, reference), number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            end_contact(actor, contact)
            return go("organisations.organisation", done=_("C'est noté : on ne lui écrit plus."), reference=reference)
        contact = contact_of(organisation_by_reference(actor, reference), number)
    return page("directory/contact_end.html", form=form, record=contact.organisation, contact=contact)


def _told(form: Form) -> tuple[dict[str, Any], ReadPdf | None]:
    """What was written, and the signed copy that was sent along, if any: it is read before the unit of work."""
    facts = form.load()
    facts.pop("file", None)
    return facts, sent_pdf()


def _next_of(organisation: Organisation) -> dict[str, object]:
    """What the next convention begins with: the terms of the one before, from the day after its last."""
    last = next((each for each in conventions_of(organisation) if each.kind is ConventionKind.PARTNER and each.ends_on), None)
    if last is None or last.ends_on is None:
        return {"kind": ConventionKind.PARTNER}
    first, length = last.ends_on + timedelta(days=1), last.ends_on - (last.starts_on or last.ends_on)
    return {"kind": last.kind, "starts_on": first, "ends_on": first + length if length else None}


@blueprint.route("/structures/<reference>/conventions/nouvelle", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def new_convention(actor: Actor, reference: str) -> Response:
    """A convention more: the first, or the one that follows."""
    found = organisation_by_reference(actor, reference)
    form = Form(ConventionFacts, start=_next_of(found))
    if request.method == "POST":
        with form.catching():
            facts, pdf = _told(form)
            with unit_of_work():
                made = add_convention(actor, found, **facts)
                if pdf:
                    keep_signed_copy(actor, made, pdf)
                done = _("Convention %(reference)s notée.", reference=made.reference)
                return go("organisations.organisation", done=done, reference=reference)
        found = organisation_by_reference(actor, reference)
    return page("directory/convention.html", form=form, record=found, convention=None)


@blueprint.route("/structures/<reference>/conventions/<number>/modifier", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def correct_convention_page(actor: Actor, reference: str, number: str) -> Response:
    """Its dates and what it is about, corrected; so it is signed."""
    convention = convention_of(organisation_by_reference(actor, reference), number)
    form = Form(ConventionFacts, start={name: getattr(convention, name) for name in _CONVENTION})
    if request.method == "POST":
        with form.catching():
            facts, pdf = _told(form)
            with unit_of_work():
                correct_convention(actor, convention, **facts)
                if pdf:
                    keep_signed_copy(actor, convention, pdf)
                return go("organisations.organisation", done=_("Convention enregistrée."), reference=reference)
        convention = convention_of(organisation_by_reference(actor, reference), number)
    return page("directory/convention.html", form=form, record=convention.organisation, convention=convention)


@blueprint.get("/structures/<reference>/conventions/<number>/exemplaire.pdf")
@requires(P.DIRECTORY_WRITE)
def signed_copy(actor: Actor, reference: str, number: str) -> Response:
    """What was signed, as it was sent: it bears names and signatures, so only those who keep the directory get it."""
    convention = convention_of(organisation_by_reference(actor, reference), number)
    if convention.signed_copy is None:
        raise NotFound
    return pdf_response(convention.signed_copy, f"{convention.reference}.pdf")


@blueprint.route("/structures/<reference>/conventions/<number>/retirer-exemplaire", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def take_off_copy_page(actor: Actor, reference: str, number: str) -> Response:
    """A copy that was sent by mistake."""
    convention, form = convention_of(organisation_by_reference(actor, reference), number), Form(CopyTakenOff)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            take_off_signed_copy(actor, convention, **form.load())
            return go("organisations.organisation", done=_("L'exemplaire signé est retiré."), reference=reference)
        convention = convention_of(organisation_by_reference(actor, reference), number)
    if convention.signed_copy is None:
        raise NotFound
    return page("directory/convention_copy.html", form=form, record=convention.organisation, convention=convention)


@blueprint.route("/structures/<reference>/conventions/<number>/annuler", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def void_convention_page(actor: Actor, reference: str, number: str) -> Response:
    """A convention that counts for nothing: entered by mistake, or given up before it was signed."""
    convention = convention_of(organisation_by_reference(actor, reference), number)
    form = Form(Voided)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            void_convention(actor, convention, **form.load())
            return go("organisations.organisation", done=_("Convention annulée."), reference=reference)
        convention = convention_of(organisation_by_reference(actor, reference), number)
    return page("directory/convention_void.html", form=form, record=convention.organisation, convention=convention)
