"""Somebody waits no more."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, WrongState
from refurb.lending.waits.states import wait_machine
from refurb.lending.waits.words import WaitState
from tests.lending.reserving import fire
from tests.lending.waiting import taken_and_waited_for
from tests.support.story import people


def withdraw(wait, role=Role.DESK):
    with unit_of_work():
        wait_machine.fire(wait, "withdraw", people.actor(role))


def test_it_works(context):
    taken, (wait,) = taken_and_waited_for()
    withdraw(wait)
    fire(taken, "cancel", reason="plus besoin")
    assert (wait.state, wait.reservation_id) == (WaitState.WITHDRAWN, None)


def test_not_what_is_offered_and_not_by_the_workshop(context):
    taken, (wait,) = taken_and_waited_for()
    with pytest.raises(Forbidden):
        withdraw(wait, Role.TECHNICIAN)
    fire(taken, "cancel", reason="plus besoin")
    with pytest.raises(WrongState):
        withdraw(wait)
