"""Take in a proposal of the public form, let its author confirm it, forget it when nobody does."""

import hmac
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from refurb.directory.actions import add_organisation
from refurb.directory.models import Contact, Organisation
from refurb.directory.organisations.actions.organisations import take_up_organisation
from refurb.directory.organisations.queries import organisation_numbered
from refurb.documents.links import LinkExpired
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.donations.queries.proposals import LASTS, proposals_since
from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _l

MAIL_PROPOSAL_LINK = "mail_proposal_link"

MOST_AN_HOUR_FROM_ONE_PLACE = 8
MOST_A_DAY_FOR_ONE_ADDRESS = 4
MOST_AN_HOUR = 200
SOURCE_KEPT = timedelta(days=1)


class TooManyProposals(Refusal):
    """Too many proposals came from this place, or for this address, lately."""

    code = "proposal.too_many"
    status = 429


def _keyed(text: str) -> str:
    return hmac.new(key_for("proposals").encode(), f"proposal {text}".encode(), "sha256").hexdigest()


def propose(*, source: str, **facts: Any) -> Proposal:
    """Take a proposal in and promise the mail that asks its author to confirm it; whoever proposes has no account.

    `source` is the network address, kept as a keyed hash for a day. The throttle holds back by place, by e-mail address and overall, so
    that the form cannot be used to write to people.
    """
    place, email = _keyed(source), facts.pop("email").lower()
    facts.pop("website", None)
    if (
        proposals_since(1, source=place) >= MOST_AN_HOUR_FROM_ONE_PLACE
        or proposals_since(24, email=email) >= MOST_A_DAY_FOR_ONE_ADDRESS
        or proposals_since(1) >= MOST_AN_HOUR
    ):
        raise TooManyProposals
    counts = {kind.value: count for kind, count in facts.pop("counts").items()}
    told = {name: value or None for name, value in facts.items()} | {"address": facts["address"]}  # Nowhere, if it is brought.
    proposal = Proposal(created_at=now(), source=place, email=email, counts=counts, **told)
    db.session.add(proposal)
    db.session.flush()
    plan(MAIL_PROPOSAL_LINK, proposal_id=proposal.id)
    return proposal


def confirm_proposal(proposal: Proposal) -> Donation:
    """Its author has opened the link and pressed: it becomes a donation that is announced. A second press finds the same donation."""
    lock(proposal)
    if proposal.donation is not None:
        return proposal.donation
    if proposal.created_at + LASTS < now():
        raise LinkExpired(days=LASTS.days)
    donor = _donor_of(proposal)
    donation = announce_donation(
        SERVICE,
        legal_origin=proposal.origin,
        lines={DeviceKind(kind): count for kind, count in proposal.counts.items()},
        donor_id=donor.id,
        donor_siren=donor.siren,
        contact_name=proposal.contact_name,
        contact_email=proposal.email,
        note=proposal.message,
        source="public_form",
    )
    contact = db.session.get(Contact, donation.contact_id)
    if contact is not None and contact.phone is None:
        contact.phone = proposal.phone
    proposal.donation_id, proposal.confirmed_at = donation.id, now()
    begun = last_event(donation)
    plan(TELL_DONOR, subject_kind=Donation.KIND, subject_id=donation.id, event=begun.position if begun else 0)
    return donation


def _donor_of(proposal: Proposal) -> Organisation:
    """Whom we know by the SIREN or the RNA, else by the confirmed address together with the name; else a new donor."""
    is_person = proposal.origin is LegalOrigin.INDIVIDUAL
    numbers = {} if is_person else {"siren": proposal.siren, "rna": proposal.rna}
    found = organisation_numbered(**numbers) or _reached_donor(proposal, is_person=is_person)
    if found is None:
        return add_organisation(
            SERVICE,
            name=proposal.name,
            **numbers,
            address=proposal.address or None,
            is_donor=True,
            is_person=is_person,
            is_public_body=proposal.origin is LegalOrigin.PUBLIC_BODY,
        )
    if found.archived_at is not None:
        take_up_organisation(SERVICE, found)
    return found


def _reached_donor(proposal: Proposal, *, is_person: bool) -> Organisation | None:
    if proposal.siren:
        return None
    known = select(Organisation).join(Contact).where(func.lower(Contact.email) == proposal.email, Organisation.siren.is_(None))
    known = known.where(Organisation.is_person.is_(is_person), Organisation.merged_into_id.is_(None))
    return next((each for each in db.session.scalars(known) if fold(each.name) == fold(proposal.name)), None)


def _forget_sources() -> None:
    db.session.execute(update(Proposal).where(Proposal.source.is_not(None), Proposal.created_at < now() - SOURCE_KEPT).values(source=None))


forget_proposals = Term(
    key="donations.proposals",
    who=_l("Personne qui propose un don, et ne confirme pas"),
    what=_l("nom, courriel, téléphone, adresse du matériel, message"),
    lasts=LASTS,
    model=Proposal,
    past=lambda: Proposal.confirmed_at.is_(None) & (Proposal.created_at < now() - LASTS),
    rest=lambda: Proposal.confirmed_at.is_(None),
    aside=_forget_sources,
    hourly=True,
)
