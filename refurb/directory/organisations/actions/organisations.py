"""Add an organisation whole, correct it, stop dealing with it and take it up again."""

from collections.abc import Collection
from datetime import date
from typing import Any

from refurb.directory.actions import add_contact, add_organisation, refuse_taken, words_of_organisation
from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.conventions import add_convention
from refurb.directory.organisations.places import read_place
from refurb.directory.organisations.queries import conventions_of, organisations_like
from refurb.directory.organisations.rules import NoPerson, NotToBeMerged, OrganisationKnown, WorkIsOpen
from refurb.directory.organisations.words import ConventionKind, FirstConvention
from refurb.directory.words import Nature, Purpose, Typology
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import plain, record, write_beside
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now

_WRITTEN = (
    "name", "typology", "siren", "siret", "rna", "address", "postcode", "place", "in_qpv", "email", "phone", "is_public_body",
)  # fmt: skip


def enter_organisation(
    actor: Actor,
    *,
    name: str,
    natures: Collection[Nature],
    typology: Typology | None = None,
    postcode: str | None = None,
    place: str | None = None,
    numbers: dict[str, str] | None = None,
    contact_name: str | None = None,
    contact_email: str | None = None,
    contact_phone: str | None = None,
    convention: FirstConvention = FirstConvention.NONE,
    starts_on: date | None = None,
    ends_on: date | None = None,
    signed_on: date | None = None,
    anyway: bool = False,
) -> Organisation:
    """Enter an organisation with who is reached there and what was agreed; only its name is needed.

    One of the same name and place is most often the same: refused with its reference, unless it is said that there are two (`anyway`).
    """
    check(actor, Permission.DIRECTORY_WRITE)
    known = [] if anyway else organisations_like(name, place=place)
    if known:
        raise OrganisationKnown(name=known[0].name, reference=known[0].reference)
    flags = {each.flag: each in natures for each in Nature}
    made = add_organisation(actor, name=name, typology=typology, **read_place(postcode, place), **(numbers or {}), **flags)
    db.session.flush()
    if contact_name or contact_email or contact_phone:
        purpose = Purpose.REFERRALS if Nature.PARTNER in natures else Purpose.GENERAL
        reached = {"email": contact_email or None, "phone": contact_phone or None}
        add_contact(actor, made, name=contact_name or contact_email or name[:160], purpose=purpose, **reached)
    if convention is not FirstConvention.NONE:
        signed = {"signed_on": signed_on or starts_on} if convention is FirstConvention.SIGNED else {}
        add_convention(actor, made, kind=ConventionKind.PARTNER, starts_on=starts_on, ends_on=ends_on, **signed)
    return made


def correct_organisation(
    actor: Actor,
    organisation: Organisation,
    *,
    natures: Collection[Nature],
    postcode: str | None = None,
    place: str | None = None,
    siret: dict[str, str] | None = None,
    rna: str | None = None,
    **facts: Any,
) -> None:
    """Write anew what an organisation is, where it is and how it is reached; papers that were issued keep what they said.

    The history says which of it changed; what it was and is stands beside.
    """
    check(actor, Permission.DIRECTORY_WRITE)
    lock(organisation)
    refuse_merged(organisation)
    numbers = {"siren": None, "siret": None, **(siret or {}), "rna": rna or None}
    refuse_taken(numbers["siren"], numbers["rna"], organisation.id)
    before = _told(organisation)
    written = {**{name: value or None for name, value in facts.items()}, **read_place(postcode, place), **numbers}
    for name, value in written.items():
        setattr(organisation, name, value)
    organisation.name, organisation.is_public_body, organisation.in_qpv = facts["name"], bool(facts["is_public_body"]), facts["in_qpv"]
    for each in Nature:
        setattr(organisation, each.flag, each in natures)
    write_words(organisation)
    changed = {name: (before[name], new) for name, new in _told(organisation).items() if new != before[name]}
    if changed:
        happened = record(organisation, "corrected", actor, fields=sorted(changed))
        write_beside(happened, {name: f"{old or '–'} → {new or '–'}" for name, (old, new) in changed.items()})


def take_as(actor: Actor, organisation: Organisation, nature: Nature) -> None:
    """Deal with an organisation as something more than before: the donor that also refers families."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(organisation)
    refuse_merged(organisation)
    if nature not in organisation.natures:
        setattr(organisation, nature.flag, True)
        record(organisation, "taken_as", actor, nature=nature)


def write_words(organisation: Organisation) -> None:
    """Write anew what it is found by, and what the packages above have written of its name."""
    organisation.search = words_of_organisation(organisation)
    db.session.flush()
    db.session.refresh(organisation)
    for write in wired().renamed.get(Organisation.KIND, ()):
        write(organisation)


def set_apart(donor: Organisation, *, is_person: bool) -> None:
    """Say that a donor is a private person, who is in no list; or that it is an organisation after all, which gets its reference.

    Raises `NoPerson` where it has what only an organisation has: another nature, a number, a type, a convention, an account.
    """
    if is_person is donor.is_person:
        return
    others = [each for each in donor.natures if each is not Nature.DONOR]
    known = donor.siren or donor.siret or donor.rna or donor.typology or donor.is_home or donor.is_public_body
    if is_person and (others or known or conventions_of(donor) or wired().accounts_of([donor.id]).get(donor.id)):
        raise NoPerson(name=donor.name)
    donor.is_person = is_person
    donor.reference = donor.reference or next_reference("ST")


def refuse_merged(organisation: Organisation) -> None:
    """Raise `NotToBeMerged` for a record that was merged: what is written now is written of the one that stands."""
    if organisation.merged_into_id is not None:
        raise NotToBeMerged(name=organisation.name)


def _told(organisation: Organisation) -> dict[str, str | None]:
    told = {name: plain(getattr(organisation, name)) for name in _WRITTEN}
    said = {name: None if value is None else str(value).replace("\n", ", ") for name, value in told.items()}
    return said | {"natures": ", ".join(each.value for each in organisation.natures) or None}


def work_open_for(organisation: Organisation) -> list[str]:
    """What is still under way with an organisation, in words."""
    return [said for ask in wired().open_work.get(Organisation.KIND, ()) for said in ask(organisation)]


def archive_organisation(actor: Actor, organisation: Organisation) -> None:
    """Stop dealing with an organisation: it stays in what was done with it, and is chosen for nothing new. Refused while work is open."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(organisation)
    refuse_merged(organisation)
    if organisation.archived_at is not None:
        return
    work = work_open_for(organisation)
    if work:
        raise WorkIsOpen(name=organisation.name, work=", ".join(work))
    organisation.archived_at = now()
    record(organisation, "archived", actor)


def take_up_organisation(actor: Actor, organisation: Organisation) -> None:
    """Deal again with an organisation that was archived."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(organisation)
    refuse_merged(organisation)
    if organisation.archived_at is not None:
        organisation.archived_at = None
        record(organisation, "taken_up", actor)
