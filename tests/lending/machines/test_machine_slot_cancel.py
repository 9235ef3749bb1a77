"""A slot is given up, by whoever booked or by whoever keeps the machine; unconfirmed, by time."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import WrongState
from refurb.lending.machines.actions import HELD_HOURS, cancel_slot, let_slots_lapse
from refurb.lending.machines.words import SlotState
from tests.lending.fablab import booked, fire, printer


def test_it_works_and_the_hour_is_free_again(context):
    machine = printer()
    slot = booked(machine)
    fire(slot, "cancel", reason="La personne a téléphoné")
    assert (slot.state, slot.freed_at is not None) == (SlotState.CANCELLED, True)
    assert booked(machine, slot.borrower).day == slot.day


def test_by_the_link_and_twice(context):
    slot = booked(printer())
    for _press in range(2):
        with unit_of_work():
            cancel_slot(slot)
    assert slot.state is SlotState.CANCELLED


def test_what_nobody_confirms_lapses_and_the_rest_does_not(context):
    machine = printer()
    sure = booked(machine)
    held = booked(machine, sure.borrower, hour=840, held=True)
    with unit_of_work():
        assert let_slots_lapse() == 0
    with at(now() + timedelta(hours=HELD_HOURS + 1)), unit_of_work():
        assert let_slots_lapse() == 1
    assert (sure.state, held.state) == (SlotState.BOOKED, SlotState.CANCELLED)


def test_not_once_it_runs(context):
    slot = booked(printer())
    fire(slot, "start")
    with pytest.raises(WrongState):
        fire(slot, "cancel", reason="trop tard")
