"""Organisations and communes on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import request, url_for

from refurb.directory.communes import communes_of
from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.merging import merge_organisations
from refurb.directory.organisations.actions.organisations import enter_organisation
from refurb.directory.organisations.actions.parting import Parting, part_organisations, parting_of
from refurb.directory.organisations.queries import (
    contacts_of,
    conventions_of,
    organisation_by_reference,
    organisations_page,
    standing_of,
    standing_record,
)
from refurb.directory.organisations.schemas import MergedInto, NewOrganisation
from refurb.directory.organisations.shown import FEW
from refurb.directory.organisations.views.organisations import asked_filter, that_stands
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.web.api import RefusalSchema, answer, api_blueprint, json_body, listed
from refurb.kernel.web.guards import requires
from refurb.kernel.web.search import page_number

P = Permission

api = api_blueprint("organisations", "Organisations, their contacts and conventions, and the communes of a postcode.")

_TOLD = (
    "reference", "name", "typology", "siren", "siret", "rna", "address", "postcode", "place", "commune_code", "in_qpv", "is_public_body",
    "email",
)  # fmt: skip
_DAYS = ("starts_on", "ends_on", "signed_on")


def _dump(found: Organisation) -> dict[str, Any]:
    told = {name: plain(getattr(found, name)) for name in _TOLD}
    return {**told, "phone": spell_phone(found.phone), "natures": plain(found.natures), "archived_at": plain(found.archived_at)}


def _dump_whole(found: Organisation) -> dict[str, Any]:
    standing, stands = standing_of(found), standing_record(found)
    return {
        **_dump(found),
        "merged_into": stands.reference if stands is not found else None,
        "may_refer": found.is_partner and found.archived_at is None and standing.may_refer,
        "contacts": [
            {"name": each.name, "function": each.function, "purpose": each.purpose, "email": each.email, "phone": spell_phone(each.phone)}
            for each in contacts_of(found)
        ],
        "conventions": [
            {
                "reference": each.reference,
                "kind": each.kind,
                **{name: plain(getattr(each, name)) for name in _DAYS},
                "signed_copy_pages": each.signed_copy_pages,
            }
            for each in conventions_of(found)
        ],
    }


@api.get("/organisations")
@api.response(200)
@requires(P.DIRECTORY_READ)
def list_organisations(actor: Actor) -> Any:
    """The organisations of the directory, by name; `q` (name, commune, SIREN, reference), `nature` and `archives=1` filter."""
    found = organisations_page(actor, asked_filter(), page_number())
    return answer(listed(found, [_dump(each) for each in found.rows]))


@api.post("/organisations")
@api.response(201)
@api.alt_response(409, schema=RefusalSchema, description="One of that name or number is there already.")
@api.doc(requestBody={"content": {"application/json": {"schema": NewOrganisation}}})
@requires(P.DIRECTORY_WRITE)
def add_organisation_row(actor: Actor) -> Any:
    """Add an organisation; only its name is needed."""
    facts = load(NewOrganisation, json_body())
    with unit_of_work():
        made = enter_organisation(actor, **facts)
        return answer(_dump_whole(made), 201, location=url_for(".show_organisation", reference=made.reference))


@api.get("/organisations/<reference>")
@api.response(200)
@requires(P.DIRECTORY_READ)
def show_organisation(actor: Actor, reference: str) -> Any:
    """One organisation with its contacts and conventions; a merged one says which record stands."""
    return answer(_dump_whole(organisation_by_reference(actor, reference)))


def _dump_parting(plan: Parting) -> dict[str, Any]:
    """Fewer than five families are no number."""
    told = {"back": plan.back, "elsewhere": plan.elsewhere, "staying": {each.table: each.staying for each in plan.shares if each.staying}}
    few = {name: {each: None if each == "referrals" and n < FEW else n for each, n in numbers.items()} for name, numbers in told.items()}
    return {**few, "of": plan.into.reference, "taken_back": list(plan.taken_back), "corrected": list(plan.corrected)}


@api.post("/organisations/<reference>/merger")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="The two cannot be one: nothing was changed.")
@api.doc(requestBody={"content": {"application/json": {"schema": MergedInto}}})
@requires(P.DIRECTORY_WRITE)
def merge_organisation(actor: Actor, reference: str) -> Any:
    """Merge a record that was doubled into the one that stands (`into`)."""
    gone, facts = organisation_by_reference(actor, reference), load(MergedInto, json_body())
    with unit_of_work():
        into = that_stands(actor, facts["into"])
        merge_organisations(actor, gone, into)
        return answer(_dump_whole(into))


@api.get("/organisations/<reference>/merger")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="It cannot be undone, and why.")
@requires(P.DIRECTORY_WRITE)
def show_parting(actor: Actor, reference: str) -> Any:
    """What undoing its merger would give back, by table, and what would stay."""
    return answer(_dump_parting(parting_of(actor, organisation_by_reference(actor, reference))))


@api.delete("/organisations/<reference>/merger")
@api.response(200)
@api.alt_response(409, schema=RefusalSchema, description="It cannot be undone: nothing was changed.")
@requires(P.DIRECTORY_WRITE)
def part_organisation(actor: Actor, reference: str) -> Any:
    """Undo its merger; the answer says what went back and what stayed."""
    gone = organisation_by_reference(actor, reference)
    with unit_of_work():
        return answer(_dump_parting(part_organisations(actor, gone)))


@api.get("/communes")
@api.response(200)
@requires(P.DIRECTORY_READ)
def list_communes(actor: Actor) -> Any:
    """The communes of a `postcode`, by name, with their INSEE codes."""
    del actor
    return answer({"items": [each._asdict() for each in communes_of(request.args.get("postcode", ""))]})
