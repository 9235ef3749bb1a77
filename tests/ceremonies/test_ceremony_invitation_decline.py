"""Nobody comes by an invitation: a family's device is handed over on another day, alone, and no reason is asked."""

from refurb.ceremonies.guests.words import GuestAnswer
from refurb.ceremonies.planned import comes_to_a_ceremony
from refurb.ceremonies.queries import free_allocations
from refurb.ceremonies.words import Attendance
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.referrals.models import Allocation
from tests.support.story import families, gala, people


def test_a_family_that_prefers_to_come_alone_is_free_for_an_appointment(context):
    allocation = families.allocated()
    ceremony = gala.planned(allocation)

    gala.answer(gala.family(ceremony), "decline")

    assert ceremony.turns[0].state is Attendance.ALONE
    assert not db.session.query(Allocation.id).filter(comes_to_a_ceremony()).all()
    assert [row.id for row in free_allocations(people.actor(Role.COORDINATOR))] == [allocation.id]


def test_a_guest_gives_her_places_back(context):
    ceremony = gala.planned(capacity=3)
    guest = gala.guest(ceremony)
    gala.answer(guest, "accept", companions=2)

    gala.answer(guest, "decline")

    assert (guest.state, guest.places, ceremony.taken) == (GuestAnswer.DECLINED, 1, 0)
