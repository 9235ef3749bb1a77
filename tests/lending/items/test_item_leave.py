"""A device of the stock leaves the pool: its code leads to the device again, and it is wiped anew."""

import pytest

from refurb.directory.queries import code_row
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.items.rules import ItemOut
from refurb.lending.words import ItemState
from tests.lending.moves import refused_from, refused_to
from tests.support.story import desk, people


def leave(item, role=Role.DESK):
    with unit_of_work():
        device_machine.fire(item.device, "leave_pool", people.actor(role))


def test_it_works(context):
    tablet = desk.tablet()
    leave(tablet)
    assert tablet.state is ItemState.RETIRED
    assert tablet.device.state is DeviceState.TO_ERASE
    code = code_row(tablet.code)
    assert (code.subject_kind, code.subject_id) == ("device", tablet.device_id)
    assert tablet.device.without_drive_since is None, "borrowers had it: nothing proven before counts"


def test_not_while_it_is_out(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    with pytest.raises(ItemOut):
        leave(tablet)
    assert tablet.state is ItemState.LENT
    assert tablet.device.state is DeviceState.IN_POOL


def test_not_what_has_left(context):
    tablet = desk.tablet()
    leave(tablet)
    refused_from(tablet, "leave", ItemState.RETIRED)


def test_not_by_an_observer(context):
    refused_to(desk.tablet(), "leave", Role.OBSERVER)
