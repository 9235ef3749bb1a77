from refurb.ceremonies.queries import free_allocations
from refurb.ceremonies.words import Attendance
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.referrals.words import AllocationState
from tests.support.story import gala, people


def test_one_absence_stops_nobody(context):
    first, second = gala.held(2).turns

    gala.turn(first, "miss")
    gala.turn(second, "hand_over")

    assert (first.state, second.state) == (Attendance.ABSENT, Attendance.SERVED)


def test_the_device_stays_theirs(context):
    (turn,) = gala.held(1).turns

    gala.turn(turn, "miss")

    assert turn.allocation.state is AllocationState.ACTIVE
    assert turn.allocation.device.state is DeviceState.RESERVED


def test_who_was_absent_may_be_invited_elsewhere(context):
    (turn,) = gala.held(1).turns
    gala.turn(turn, "miss")

    assert [row.id for row in free_allocations(people.actor(Role.COORDINATOR))] == [turn.allocation_id]
    again = gala.planned(turn.allocation, title="Rattrapage")

    assert again.turns[0].state is Attendance.EXPECTED


def test_from_the_page_in_one_press(app, signed_in):
    with app.app_context():
        number = gala.held(2).id
    client = signed_in(Role.COORDINATOR)

    answer = client.submit(f"/ceremonies/{number}/tours/1/noter-absent", follow_redirects=True)

    assert "Absent" in answer.text
    assert f"/ceremonies/{number}/tours/1/finalement-la" in answer.text
