import pytest

from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from refurb.referrals.cases.actions import allocate, cancel_allocation
from refurb.referrals.words import AllocationState
from tests.support.story import families, people

WHY = "Zoë a déménagé."


def cancel(allocation, role=Role.COORDINATOR, reason=WHY):
    with unit_of_work():
        cancel_allocation(people.actor(role), allocation, reason=reason)


def test_the_device_is_ready_again(context):
    allocation = families.allocated()

    cancel(allocation)

    assert allocation.state is AllocationState.CANCELLED
    assert allocation.device.state is DeviceState.READY


def test_the_reason_is_kept_out_of_the_history(context):
    allocation = families.allocated()

    cancel(allocation)

    assert allocation.cancelled_because == WHY
    assert "Zoë" not in str(last_event(allocation).facts)


def test_both_can_be_joined_again(context):
    allocation = families.allocated()
    cancel(allocation)

    with unit_of_work():
        again = allocate(people.actor(Role.COORDINATOR), allocation.referral, allocation.device)

    assert again.state is AllocationState.ACTIVE


def test_a_reason_is_written(context):
    with pytest.raises(Invalid):
        cancel(families.allocated(), reason="")


def test_what_was_handed_over_is_not_cancelled(context):
    allocation = families.handed_over().allocation

    with pytest.raises(WrongState):
        cancel(allocation)


def test_the_prescriber_cancels_nothing(context):
    with pytest.raises(Forbidden):
        cancel(families.allocated(), Role.PRESCRIBER)


def test_from_the_page(app, signed_in):
    with app.app_context():
        reference = families.allocated().referral.reference
    client = signed_in(Role.COORDINATOR)

    assert client.get(f"/remises/{reference}/annuler-l-attribution").status_code == 200
    assert client.submit(f"/remises/{reference}/annuler-l-attribution", {"reason": WHY}).status_code == 303
    assert "En liste d’attente" in client.get(f"/orientations/{reference}").text


def test_no_door_of_the_device_goes_behind_it(app, signed_in):
    with app.app_context():
        code = families.allocated().device.code
    client = signed_in(Role.COORDINATOR)
    for move in ("release", "hand_over", "reserve"):
        assert client.submit(f"/appareils/{code}/{device_machine[move].address}").status_code == 404
        assert client.post(f"/api/v1/devices/{code}/{move}", json={}, headers={"X-CSRFToken": client.token()}).status_code == 404
