"""What the tests of single moves share: who fires, and the two refusals that every row has."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, WrongState
from refurb.lending.items.states import item_machine
from tests.support.story import people

WHY = {"reason": "écran fendu"}


def fire(item, name, role=Role.DESK, **facts):
    """Make a move of an item, as somebody of a role."""
    with unit_of_work():
        item_machine.fire(item, name, people.actor(role), **facts)
    event = last_event(item)
    assert event is not None
    assert event.move == name
    return event


def refused_from(item, name, state, role=Role.DESK, **facts):
    """The item stands in a state that the move does not start from."""
    assert item.state is state
    with pytest.raises(WrongState), unit_of_work():
        item_machine.fire(item, name, people.actor(role), **facts)
    assert item.state is state


def refused_to(item, name, role=Role.TECHNICIAN, **facts):
    """Whoever has not the permission is refused, and nothing moves."""
    before = item.state
    with pytest.raises(Forbidden), unit_of_work():
        item_machine.fire(item, name, people.actor(role), **facts)
    assert item.state is before
