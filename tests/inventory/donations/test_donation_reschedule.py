"""Moving an appointment: the same entry in the donor's calendar, one number on."""

import pytest

from refurb.inventory.donations.invitations import invitation
from refurb.inventory.donations.queries.appointments import last_appointment, standing_appointment
from refurb.inventory.words.donations import DonationState
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import intake, workshop


def test_the_new_half_day_stands_and_the_former_has_its_place_again(context):
    first, second = intake.free_slot(), intake.free_slot(1)
    donation = intake.scheduled(first)
    before = invitation(donation, standing_appointment(donation))
    workshop.move(donation, "reschedule", way="pick_up", slot=second)
    after = invitation(donation, standing_appointment(donation))
    assert donation.state == DonationState.SCHEDULED
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.starts_at > before.starts_at
    assert intake.free_slot() == first
    assert donation.scheduled_on == last_appointment(donation).day


def test_only_one_that_was_fixed(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.announced(), "reschedule", way="pick_up", slot=intake.free_slot())


def test_a_technician_may_not(context):
    donation = intake.scheduled()
    with pytest.raises(Forbidden):
        workshop.move(donation, "reschedule", who=workshop.technician(), way="pick_up", slot=intake.free_slot())
