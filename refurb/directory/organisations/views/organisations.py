"""The pages of organisations: the list with what needs a look, adding one, one of them, correcting, archiving and merging."""

from contextlib import suppress
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.communes import communes_of
from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.merging import merge_organisations
from refurb.directory.organisations.actions.organisations import (
    archive_organisation,
    correct_organisation,
    enter_organisation,
    take_up_organisation,
    work_open_for,
)
from refurb.directory.organisations.queries import (
    OrganisationFilter,
    contacts_of,
    conventions_of,
    conventions_to_look_at,
    merged_into,
    organisation_by_reference,
    organisations_like,
    organisations_page,
    partners_without_referent,
    standing_of,
    standing_record,
    standings,
)
from refurb.directory.organisations.rules import OrganisationKnown
from refurb.directory.organisations.schemas import MergedInto, NewOrganisation, OrganisationFacts
from refurb.directory.organisations.shown import badge_of, due_for, history_of_organisation
from refurb.directory.organisations.views.blueprint import blueprint
from refurb.directory.organisations.words import CONVENTION_KINDS, TRISTATES, FirstConvention, Tristate
from refurb.directory.words import NATURES, PURPOSES, TYPOLOGIES, Nature, Purpose
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.history import events_of, is_whole
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.errors import Fault, Invalid, NotFound, Refusal
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number

P = Permission
_OWN = ("name", "typology", "is_public_body", "rna", "address", "postcode", "place", "email")


def asked_filter() -> OrganisationFilter:
    """What the list was asked for; nonsense asks for nothing."""
    nature = None
    with suppress(ValueError):
        nature = Nature(request.args.get("nature", ""))
    return OrganisationFilter(request.args.get("q", "").strip()[:100], nature, request.args.get("archives") == "1")


@blueprint.get("/structures")
@requires(P.DIRECTORY_READ)
def organisation_list(actor: Actor) -> Response:
    """The organisations that we deal with, those that need a look first."""
    wanted = asked_filter()
    found = organisations_page(actor, wanted, page_number())
    stand = standings(each.id for each in found.rows if each.is_partner)
    looking = actor.may(P.DIRECTORY_WRITE) and not wanted.words and wanted.nature is None and not wanted.archived
    return page(
        "directory/organisations.html",
        found=found,
        wanted=wanted,
        badges={number: badge_of(each) for number, each in stand.items()},
        ending=[(each.organisation, badge_of(each.standing)) for each in conventions_to_look_at()] if looking else [],
        unreached=partners_without_referent(dict(wired().accounts_of(()))) if looking else [],
        natures=NATURES,
        typologies=TYPOLOGIES,
        may_write=actor.may(P.DIRECTORY_WRITE),
    )


def _communes() -> dict[str, list[tuple[str, Any]]]:
    """The communes of the postcode that was typed, to choose from."""
    offered = communes_of(request.form.get("postcode", "").replace(" ", ""))
    return {"place": [(each.name, each.name) for each in offered]} if offered else {}


@blueprint.route("/structures/ajouter", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def add(actor: Actor) -> Response:
    """Add an organisation; only its name is needed."""
    natures = [request.args.get("nature", Nature.PARTNER)]
    start = {"name": request.args.get("nom", "")[:200], "natures": natures, "convention": FirstConvention.NONE}
    form = Form(NewOrganisation, start=start, choices=_communes())
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            made = enter_organisation(actor, **facts)
            done = _("%(name)s est ajoutée.", name=made.name)
            if "invite" in request.form:
                _invite(actor, made, facts["contact_name"], facts["contact_email"])
                done = _("%(name)s est ajoutée, et %(who)s est invitée à ouvrir son compte.", name=made.name, who=facts["contact_name"])
            if "another" in request.form:
                return go("organisations.add", done=done)
            return go("organisations.organisation", done=done, reference=made.reference)
    known = isinstance(form.refusal, OrganisationKnown) or "anyway" in request.form
    alike = organisations_like(request.form.get("name", "")) if known else []
    is_first = organisations_page(actor, OrganisationFilter(), 1).total == 0
    may_invite = actor.may(P.ACCOUNT_ADMIN)
    return page("directory/organisation_new.html", form=form, known=known, alike=alike, is_first=is_first, may_invite=may_invite)


def _invite(actor: Actor, made: Organisation, name: str | None, email: str | None) -> None:
    """Invite whoever is reached there; what is missing, or refused of the address, is said beside its field, and nothing is added."""
    check(actor, P.ACCOUNT_ADMIN)
    if missing := {field: [Fault("field.required")] for field, told in (("contact_name", name), ("contact_email", email)) if not told}:
        raise Invalid(missing)
    if not made.is_partner:
        raise Invalid({"natures": [Fault("organisation.invites_partners")]})
    try:
        wired().invite_referent(actor, made.id, name or "", email or "")
    except Refusal as refusal:
        raise Invalid({"contact_email": [Fault(refusal.code, **refusal.facts)]}) from refusal


def _is_reached(shown: Organisation) -> bool:
    """Whether somebody there can be written to about referrals: a contact, or an account."""
    contacts = any(each.purpose in {Purpose.REFERRALS, Purpose.GENERAL} for each in contacts_of(shown))
    return contacts or bool(wired().accounts_of([shown.id]).get(shown.id))


@blueprint.get("/structures/<reference>")
@requires(P.DIRECTORY_READ)
def organisation(actor: Actor, reference: str) -> Response:
    """One organisation: what is due, who is reached, what was agreed, what it asked and got."""
    shown = organisation_by_reference(actor, reference)
    events = events_of(shown)
    conventions, standing = conventions_of(shown), standing_of(shown)
    may_write = actor.may(P.DIRECTORY_WRITE) and shown.merged_into_id is None
    panels = [ask(actor, shown) for ask in wired().panels.get(Organisation.KIND, ())]
    return page(
        "directory/organisation.html",
        record=shown,
        stands=standing_record(shown),
        merged=merged_into(shown),
        contacts=contacts_of(shown),
        conventions=conventions,
        standing=standing,
        badge=badge_of(standing),
        due=due_for(shown, standing, conventions, is_reached=_is_reached(shown)) if may_write else None,
        panels=[each for each in panels if each is not None],
        history=history_of_organisation(shown),
        chain_is_whole=is_whole(events),
        natures_said=", ".join(str(NATURES[each]) for each in shown.natures),
        qpv_said=None if shown.in_qpv is None else str(TRISTATES[Tristate.YES if shown.in_qpv else Tristate.NO]),
        typologies=TYPOLOGIES,
        purposes=PURPOSES,
        kinds=CONVENTION_KINDS,
        may_write=may_write,
        may_part=actor.may(P.DIRECTORY_WRITE) and shown.merged_into_id is not None,
    )


def _start_of(found: Organisation) -> dict[str, Any]:
    known = {True: Tristate.YES, False: Tristate.NO, None: Tristate.UNKNOWN}
    own = {name: getattr(found, name) for name in _OWN}
    told = {"siret": found.siret or found.siren, "phone": spell_phone(found.phone), "natures": found.natures}
    return {**own, **told, "in_qpv": known[found.in_qpv]}


@blueprint.route("/structures/<reference>/modifier", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def correct(actor: Actor, reference: str) -> Response:
    """What is written of an organisation, corrected."""
    found = organisation_by_reference(actor, reference)
    form = Form(OrganisationFacts, start=_start_of(found), choices=_communes())
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_organisation(actor, found, **form.load())
            return go("organisations.organisation", done=_("Fiche corrigée."), reference=found.reference)
        found = organisation_by_reference(actor, reference)
    return page("directory/organisation_edit.html", form=form, record=found)


@blueprint.route("/structures/<reference>/archiver", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def archive(actor: Actor, reference: str) -> Response:
    """Stop dealing with an organisation, or take it up again."""
    found = organisation_by_reference(actor, reference)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            again = found.archived_at is not None
            (take_up_organisation if again else archive_organisation)(actor, found)
            done = _("%(name)s est reprise.", name=found.name) if again else _("%(name)s est archivée.", name=found.name)
            return go("organisations.organisation", done=done, reference=found.reference)
        found = organisation_by_reference(actor, reference)
    return page("directory/organisation_archive.html", form=form, record=found, work=work_open_for(found))


def that_stands(actor: Actor, reference: str) -> Organisation:
    """The record that somebody names as the one to keep; refused beside the field where there is none."""
    try:
        return organisation_by_reference(actor, reference)
    except NotFound:
        raise Invalid({"into": [Fault("organisation.no_such_reference")]}) from None


@blueprint.route("/structures/<reference>/reunir", methods=["GET", "POST"])
@requires(P.DIRECTORY_WRITE)
def merge(actor: Actor, reference: str) -> Response:
    """Merge a record that was doubled into the one that stands."""
    found = organisation_by_reference(actor, reference)
    asked = request.args.get("dans", "")
    form = Form(MergedInto, start={"into": asked})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            into = that_stands(actor, facts["into"])
            merge_organisations(actor, found, into)
            return go("organisations.organisation", done=_("Les deux fiches n'en font plus qu'une."), reference=into.reference)
        found = organisation_by_reference(actor, reference)
    alike = organisations_like(found.name, but=found)
    return page(
        "directory/organisation_merge.html",
        form=form,
        record=found,
        alike=alike,
        accounts=wired().accounts_of([found.id]).get(found.id, 0),
        url=url_for("organisations.merge", reference=found.reference),
    )
