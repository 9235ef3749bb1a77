"""Agreeing on the half-day in which a donation is fetched or brought."""

from datetime import timedelta

import pytest

from refurb.inventory.donations.actions.intake import SlotFull
from refurb.inventory.donations.queries.appointments import standing_appointment
from refurb.inventory.donations.slots import Slot, slot_policy
from refurb.inventory.words.donations import DonationState
from refurb.inventory.words.slots import Way
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from tests.support.story import intake, workshop


def test_the_half_day_the_place_and_the_way_are_kept(context):
    key = intake.free_slot()
    donation = intake.scheduled(key, place="12 rue des Ateliers, quai 2", note="badge à l'accueil")
    assert donation.state == DonationState.SCHEDULED
    held = standing_appointment(donation)
    assert (held.way, held.place, held.sequence) == (Way.PICK_UP, "12 rue des Ateliers, quai 2", 0)
    assert Slot(held.day, held.half_day).key == key
    assert donation.scheduled_on == held.day
    hours = slot_policy().hours[held.half_day]
    assert (local(held.starts_at).time(), local(held.ends_at).time()) == (hours.first, hours.until)
    assert "place" not in last_event(donation).facts, "the place of an individual is a home"


def test_what_is_brought_is_brought_to_us_unless_told_otherwise(context):
    held = standing_appointment(intake.scheduled(way=Way.DROP_OFF))
    assert held.place == "1 place du Maréchal-Leclerc, 86000 Poitiers"


def test_a_half_day_holds_no_more_than_it_has_places(context):
    key = intake.free_slot()
    for _ in range(slot_policy().at_once):
        intake.scheduled(key)
    with pytest.raises(SlotFull):
        intake.scheduled(key)


def test_a_cancelled_donation_gives_its_place_back(context):
    key = intake.free_slot()
    first, _second = intake.scheduled(key), intake.scheduled(key)
    workshop.move(first, "cancel", reason="le donateur garde tout")
    assert standing_appointment(first) is None
    assert standing_appointment(intake.scheduled(key)) is not None


def test_not_in_the_past_nor_on_a_closed_day_nor_too_far(context):
    sunday = today() + timedelta(days=7 - today().isoweekday() + 7)
    far = today() + slot_policy().furthest + timedelta(days=10)
    for day in (today() - timedelta(days=1), sunday, far):
        with pytest.raises(Invalid) as refused:
            intake.scheduled(f"{day.isoformat()}/morning")
        assert "slot" in refused.value.fields


def test_not_without_a_slot_that_can_be_read(context):
    with pytest.raises(Invalid):
        intake.scheduled("demain")


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden):
        workshop.move(donation, "schedule", who=workshop.technician(), way="pick_up", slot=intake.free_slot())


def test_not_once_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.received(), "schedule", way="pick_up", slot=intake.free_slot())


def test_its_page_offers_the_half_days_that_have_room(app, signed_in):
    with app.app_context():
        full = intake.free_slot()
        for _ in range(slot_policy().at_once):
            intake.scheduled(full)
        donation, free = workshop.announced(), intake.free_slot()
        reference = donation.reference
    client = signed_in(Role.COORDINATOR)
    page = client.get(f"/dons/{reference}/fixer-le-rendez-vous").text
    assert f'value="{free}"' in page
    assert f'value="{full}"' not in page
    assert client.submit(f"/dons/{reference}/fixer-le-rendez-vous", {"way": "drop_off", "slot": free}).status_code == 303
    answer = client.submit(f"/dons/{reference}/deplacer-le-rendez-vous", {"way": "drop_off", "slot": full})
    assert answer.status_code == 409
    assert "n’a plus de place" in answer.text
