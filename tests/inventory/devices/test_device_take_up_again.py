"""What was discarded or kept for its parts by mistake is taken up again, as long as it is here."""

import pytest

from refurb.inventory.waste.actions import InABatch, LeftWithASlip, take_out_line
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import dock, people, workshop

WHY = "la machine d'à côté"


@pytest.mark.parametrize("wrong", ["discard", "strip"])
def test_it_is_sorted_again(context, wrong):
    facts = {"operator": "", "slip": ""} if wrong == "discard" else {}
    device = workshop.fire(workshop.laptop(), wrong, reason="écran cassé", **facts)
    assert workshop.fire(device, "take_up_again", who=workshop.technician(), reason=WHY).state == DeviceState.RECEIVED
    assert workshop.fire(device, "accept").state == DeviceState.TO_ERASE


def test_not_from_within_a_batch(context):
    device, batch = dock.discarded(), dock.batch()
    dock.scan(batch, device.code)
    with pytest.raises(InABatch):
        workshop.fire(device, "take_up_again", reason=WHY)
    who, line = workshop.technician(), batch.lines[0].id
    with unit_of_work():
        take_out_line(who, batch, line)
    assert workshop.fire(device, "take_up_again", reason=WHY).state == DeviceState.RECEIVED


def test_not_what_left_with_a_slip(context):
    device = workshop.fire(workshop.laptop(), "discard", reason="écran cassé", operator="Recyclerie", slip="BSD-2026-7")
    with pytest.raises(LeftWithASlip):
        workshop.fire(device, "take_up_again", reason=WHY)


def test_the_desk_may_not(context):
    device = dock.discarded()
    with pytest.raises(Forbidden):
        workshop.fire(device, "take_up_again", who=people.actor(Role.DESK), reason=WHY)


def test_not_what_is_lost(context):
    device = workshop.fire(workshop.laptop(), "lose", reason="vol")
    with pytest.raises(WrongState):
        workshop.fire(device, "take_up_again", reason=WHY)
