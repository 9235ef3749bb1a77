"""Agree with a donor before anything arrives: ask, note the answer, hold a half-day, move it, release it."""

from typing import Any

from refurb.directory.agenda.queries import days_of
from refurb.directory.queries import home
from refurb.directory.sites.queries import every_site
from refurb.inventory.donations.models.appointments import Appointment, DonorQuestion
from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.donations.queries.appointments import last_appointment, open_question, seats_taken, standing_appointment
from refurb.inventory.donations.queries.proposals import proposal_of
from refurb.inventory.donations.slots import Slot, slot_policy
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


class SlotFull(Conflict):
    """The half-day has no place left."""

    code = "donation.slot_full"


@donation_machine.does("ask")
def ask_the_donor(donation: Donation, _actor: Actor, facts: dict[str, Any]) -> None:
    """Keep the question, for the donor's page and the mail; the history only knows that one was asked."""
    db.session.add(DonorQuestion(donation_id=donation.id, question=facts.pop("question"), asked_at=now()))


@donation_machine.does("answer")
def note_the_answer(donation: Donation, _actor: Actor, facts: dict[str, Any]) -> None:
    """Keep the answer beside its question."""
    asked, answer = open_question(donation), facts.pop("answer")
    if asked is not None:
        asked.answer, asked.answered_at = answer, now()


def agree_on_a_slot(donation: Donation, _actor: Actor, facts: dict[str, Any]) -> None:
    """Take a place in a half-day that is open and to come; the place held before, if any, is given back."""
    slot: Slot = facts.pop("slot")
    way: Way = facts["way"]
    policy = slot_policy()
    if not policy.is_open(slot, days_of(donation.site_id)) or slot.day - today() > policy.furthest:
        raise Invalid({"slot": [Fault("donation.slot_closed")]})
    starts_at, ends_at = policy.span(slot)
    if ends_at <= now():
        raise Invalid({"slot": [Fault("field.date_past")]})
    release_the_slot(donation)
    taken = seats_taken(slot, donation.site_id)
    seat = next((number for number in range(1, policy.at_once + 1) if number not in taken), None)
    if seat is None:
        raise SlotFull
    before = last_appointment(donation)
    db.session.add(
        Appointment(
            donation_id=donation.id,
            site_id=donation.site_id,
            way=way,
            day=slot.day,
            half_day=slot.half,
            seat=seat,
            starts_at=starts_at,
            ends_at=ends_at,
            place=facts.pop("place", None) or usual_place(donation, way),
            sequence=before.sequence + 1 if before is not None else 0,
            made_at=now(),
        )
    )
    donation.scheduled_on = slot.day
    facts |= {"scheduled_on": slot.day, "half_day": slot.half}


donation_machine.does("schedule")(agree_on_a_slot)
donation_machine.does("reschedule")(agree_on_a_slot)


def usual_place(donation: Donation, way: Way) -> str:
    """Where things change hands when nobody says otherwise: at the donor's, or here."""
    if way is Way.DROP_OFF:
        site, card = every_site()[donation.site_id], home()
        return (site.where or card.address or card.name)[:300]
    told: Proposal | None = proposal_of(donation)
    donor = donation.donor
    return ((told.address if told else None) or donor.postal_address or donor.name)[:300]


def release_the_slot(donation: Donation) -> None:
    """Give the place in its half-day back."""
    held = standing_appointment(donation)
    if held is not None:
        held.released_at = now()
        db.session.flush()


@donation_machine.does("refuse")
@donation_machine.does("cancel")
@donation_machine.does("receive")
def let_others_have_it(donation: Donation, _actor: Actor, _facts: dict[str, Any]) -> None:
    """What is over, or here already, needs its half-day no more."""
    release_the_slot(donation)
