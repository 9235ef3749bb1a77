"""Announce a donation; note the act that accepts it, its legal ground, its donor's SIREN."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from refurb.directory.actions import add_contact, add_organisation, note_siren
from refurb.directory.models import Contact, Organisation
from refurb.directory.organisations.actions.organisations import set_apart, write_words
from refurb.directory.organisations.queries import contacts_of, organisation_numbered, organisations_like
from refurb.directory.sites.actions import move_to_site
from refurb.directory.sites.rules import chosen_site
from refurb.inventory.donations.queries.appointments import standing_appointment
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.donations import ActKind, LegalOrigin
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.addresses import same_address
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


def announce_donation(
    actor: Actor,
    *,
    legal_origin: LegalOrigin,
    lines: Mapping[DeviceKind, int],
    donor_id: int | None = None,
    donor_name: str | None = None,
    donor_siren: str | None = None,
    contact_name: str | None = None,
    contact_email: str | None = None,
    announced_on: date | None = None,
    note: str | None = None,
    accepted_by_act: str | None = None,
    accepted_on: date | None = None,
    site_id: int | None = None,
    source: str = "office",
) -> Donation:
    """Record what a donor announces: how many of each kind, from an organisation of the directory or a new one.

    A company has a SIREN (code de commerce R.123-221), which is asked of one that we know without it too. The act by which a public body
    accepts can also be named later. `site_id` is the place of ours that it comes to, `source` by which door it came: office, public_form,
    import.
    """
    check(actor, Permission.DONATION_WRITE)
    announced = {kind: count for kind, count in lines.items() if count}
    if not announced:
        raise Invalid({f"announced_{DeviceKind.LAPTOP}": [Fault("donation.nothing_announced")]})
    donor = _donor(actor, legal_origin, donor_id, donor_name, donor_siren)
    donation = Donation(
        reference=next_reference("DN"),
        donor_id=donor.id,
        site_id=chosen_site(actor, site_id),
        contact_id=_contact(actor, donor, contact_name, contact_email),
        legal_origin=legal_origin,
        announced_on=announced_on or today(),
        note=note or None,
        accepted_by_act=accepted_by_act or None,
        accepted_on=accepted_on,
        lines=[DonationLine(kind=kind, announced=announced[kind]) for kind in DEVICE_KINDS if kind in announced],
    )
    donation_machine.begin(donation, actor, donor_id=donor.id, legal_origin=legal_origin, announced=announced, source=source)
    return donation


def _donor(actor: Actor, origin: LegalOrigin, donor_id: int | None, name: str | None, siren: str | None) -> Organisation:
    if donor_id is not None and name:
        raise Invalid({"donor_name": [Fault("donation.two_donors")]})
    if donor_id is None and not name:
        raise Invalid({"donor_name": [Fault("donation.donor_missing")]})
    if origin is LegalOrigin.INDIVIDUAL and siren:
        raise Invalid({"donor_siren": [Fault("donation.person_without_siren")]})
    donor = _new_donor(actor, origin, name, siren) if name else _chosen_donor(actor, origin, donor_id, siren)
    donor.is_donor = True
    return donor


def _chosen_donor(actor: Actor, origin: LegalOrigin, donor_id: int | None, siren: str | None) -> Organisation:
    donor = db.session.get(Organisation, donor_id)
    if donor is None or donor.is_home or donor.archived_at is not None:
        raise Invalid({"donor_id": [Fault("field.choice")]})
    if donor.is_person is not (origin is LegalOrigin.INDIVIDUAL):
        raise Invalid({"legal_origin": [Fault("donation.donor_is_person" if donor.is_person else "donation.donor_is_organisation")]})
    _learn_siren(actor, donor, siren)
    if origin is LegalOrigin.COMPANY and not donor.siren:
        raise Invalid({"donor_siren": [Fault("donation.siren_needed")]})
    return donor


def _new_donor(actor: Actor, origin: LegalOrigin, name: str, siren: str | None) -> Organisation:
    """A private person, whom a name alone does not tell from another; or an organisation, which may be in the directory already."""
    if origin is LegalOrigin.INDIVIDUAL:
        return add_organisation(actor, name=name, is_donor=True, is_person=True)
    if origin is LegalOrigin.COMPANY and not siren:
        raise Invalid({"donor_siren": [Fault("donation.siren_needed")]})
    return _known(actor, name, siren) or add_organisation(actor, name=name, siren=siren or None, is_donor=True)


def _known(actor: Actor, name: str, siren: str | None) -> Organisation | None:
    """The organisation that is in the directory already: by its SIREN, else the only one of that name that has no other number."""
    found = organisation_numbered(siren=siren)
    if found is None:
        alike = [each for each in organisations_like(name) if not siren or not each.siren]
        found = alike[0] if len(alike) == 1 else None
    if found is None or found.archived_at is not None or found.is_home:
        return None
    _learn_siren(actor, found, siren)
    return found


def _learn_siren(actor: Actor, donor: Organisation, siren: str | None) -> None:
    """Note the SIREN of a donor that we know without it; another one than the one we know is a mistake."""
    if not siren or siren == donor.siren:
        return
    if donor.siren:
        raise Invalid({"donor_siren": [Fault("donation.siren_differs")]})
    note_siren(actor, donor, siren)


def _contact(actor: Actor, donor: Organisation, name: str | None, email: str | None) -> int | None:
    if not name and not email:
        known = contacts_of(donor)
        return known[0].id if known else None
    for each in contacts_of(donor):
        if same_address(each.email, email):
            return each.id
    made: Contact = add_contact(actor, donor, name=name or email or "", email=email or None)
    db.session.flush()
    return made.id


class SlotHeld(Conflict):
    """An appointment holds a place in a half-day there: it is moved or given back with the donor first."""

    code = "donation.slot_held"


def move_donation(actor: Actor, donation: Donation, site_id: int) -> None:
    """Say to which place of ours a donation comes, before a half-day is agreed on or after it came; its devices stay where they are."""
    check(actor, Permission.DONATION_WRITE)
    lock(donation)
    if standing_appointment(donation) is not None:
        raise SlotHeld
    move_to_site(actor, donation, site_id)


def name_acceptance(
    actor: Actor,
    donation: Donation,
    *,
    accepted_by_act: str,
    accepted_on: date,
    act_kind: ActKind | None = None,
    with_conditions: bool | None = None,
) -> None:
    """Name the act by which the territory accepts the gift (CGCT L.2242-1, by delegation L.2122-22 9°).

    A gift with a condition or a charge is not accepted by delegation: the council decides.
    """
    check(actor, Permission.DONATION_WRITE)
    lock(donation)
    if with_conditions and act_kind is ActKind.DELEGATED:
        raise Invalid({"act_kind": [Fault("donation.council_decides")]})
    donation.accepted_by_act, donation.accepted_on = accepted_by_act, accepted_on
    donation.act_kind, donation.with_conditions = act_kind, with_conditions
    record(donation, "acceptance_named", actor, act=accepted_by_act, on=accepted_on, kind=act_kind, with_conditions=with_conditions)


def name_legal_basis(actor: Actor, donation: Donation, *, legal_basis: str) -> None:
    """Note on which text machines that were the territory's own are given away (CG3P L.3212-2, L.3212-3)."""
    check(actor, Permission.DONATION_WRITE)
    lock(donation)
    donation.legal_basis = legal_basis
    record(donation, "legal_basis_named", actor)


def name_donor_siren(actor: Actor, donation: Donation, *, siren: str) -> None:
    """Note the SIREN of a donor that we know without it."""
    check(actor, Permission.DONATION_WRITE)
    lock(donation.donor)
    if donation.donor.siren and donation.donor.siren != siren:
        raise Invalid({"siren": [Fault("donation.siren_differs")]})
    if not donation.donor.siren:
        note_siren(actor, donation.donor, siren)


_DONOR = {"donor_name": "name", "donor_address": "address", "donor_place": "place"}
_CONTACT = {"contact_name": "name", "contact_email": "email", "contact_phone": "phone"}


def donor_details(donation: Donation) -> dict[str, Any]:
    """Who gives and how they are reached, by the names of `DonorDetails`."""
    told = {field: getattr(donation.donor, name) for field, name in _DONOR.items()}
    told["donor_is_person"] = donation.donor.is_person
    return told | {field: getattr(donation.contact, name, None) for field, name in _CONTACT.items()}


def correct_donor(actor: Actor, donation: Donation, *, donor_is_person: bool = False, **facts: str | None) -> None:
    """Write anew who gives and how they are reached: what is sent and issued from now on says so, what was issued keeps what it said.

    `facts` are those of `DonorDetails`. The history says which of them changed; what they were and are stands beside, where it can be
    erased.
    """
    check(actor, Permission.DONATION_WRITE)
    check(actor, Permission.DIRECTORY_WRITE)
    lock(donation)
    donor = donation.donor
    lock(donor)
    before = donor_details(donation)
    if (facts["donor_place"] or None) != donor.place:
        donor.postcode = donor.commune_code = None
    for field, name in _DONOR.items():
        setattr(donor, name, facts[field] or None)
    set_apart(donor, is_person=donor_is_person)
    write_words(donor)
    reached = {name: facts[field] or None for field, name in _CONTACT.items()}
    if donation.contact is not None:
        lock(donation.contact)
        donation.contact.name = reached["name"] or reached["email"] or donation.contact.name
        donation.contact.email, donation.contact.phone = reached["email"], reached["phone"]
    elif any(reached.values()):
        donation.contact = Contact(organisation_id=donor.id, **{**reached, "name": reached["name"] or reached["email"] or donor.name[:160]})
    db.session.flush()
    changed = {field: (before[field], new) for field, new in donor_details(donation).items() if new != before[field]}
    if changed:
        happened = record(donation, "donor_corrected", actor, fields=sorted(changed))
        write_beside(
            happened, {field: f"{old or '–'} → {new or '–'}" for field, (old, new) in changed.items() if field != "donor_is_person"}
        )
