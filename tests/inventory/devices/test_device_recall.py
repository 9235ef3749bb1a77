"""Recalling a reserved device: its allocation ends, and a drive that it once held has lost its proof meanwhile."""

import pytest
from sqlalchemy import update

from refurb.inventory.devices.rules import DrivesNotClean
from refurb.inventory.models.evidence import Erasure
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop


def reserved_with_a_void_proof():
    device = workshop.fire(workshop.ready_laptop(), "reserve")
    with unit_of_work():
        db.session.execute(update(Erasure).values(voided_at=now()))
    return device


def test_it_goes_back_to_the_bench(context):
    assert workshop.fire(workshop.fire(workshop.ready_laptop(), "reserve"), "recall").state == DeviceState.TO_REFURBISH


def test_it_cannot_be_released_as_ready_instead(context):
    device = reserved_with_a_void_proof()
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "release")
    assert workshop.fire(device, "recall").state == DeviceState.TO_REFURBISH


def test_a_technician_may_not(context):
    device = workshop.fire(workshop.ready_laptop(), "reserve")
    with pytest.raises(Forbidden):
        workshop.fire(device, "recall", who=workshop.technician())


def test_not_what_is_not_reserved(context):
    with pytest.raises(WrongState):
        workshop.fire(workshop.ready_laptop(), "recall")
