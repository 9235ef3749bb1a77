import pytest

from refurb.ceremonies.queries import free_allocations
from refurb.ceremonies.words import CeremonyState
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Invalid, WrongState
from tests.support.story import families, gala, people


def test_the_families_are_free_for_another_date(context):
    allocation = families.allocated()
    ceremony = gala.planned(allocation)

    gala.fire(ceremony, "cancel", reason="Salle fermée.")

    assert ceremony.state is CeremonyState.CANCELLED
    assert [row.id for row in free_allocations(people.actor(Role.COORDINATOR))] == [allocation.id]
    assert allocation.device.state is DeviceState.RESERVED
    assert last_event(ceremony).facts == {"allocations": [allocation.id], "from": "planned", "to": "cancelled"}


def test_why_is_written(context):
    with pytest.raises(Invalid):
        gala.fire(gala.planned(), "cancel")


def test_not_once_it_has_begun(context):
    with pytest.raises(WrongState):
        gala.fire(gala.held(1), "cancel", reason="Trop tard.")
