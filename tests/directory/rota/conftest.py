"""A day in autumn, and what people are expected at."""

import pytest

from refurb.directory.rota.at_stops import StopRoom, at_stops
from refurb.kernel.speech.clock import at
from tests.directory.rota.christmas import closed_at_christmas
from tests.support.story import people, rota


@pytest.fixture
def autumn(context):
    """It is a Tuesday of November 2026, and the house is closed at Christmas."""
    people.settle()
    with at(rota.NOVEMBER):
        closed_at_christmas()
        yield


@pytest.fixture
def expected():
    """What people are expected at: the tests say it, and are told what moved on."""
    found, moved = [], []
    before = list(at_stops)
    room = StopRoom(
        lambda sites, first: [each for each in found if each.site_id in sites and each.day >= first],
        lambda _actor, span: moved.append((span.site_id, span.first)),
    )
    at_stops[:] = [room]
    yield found, moved
    at_stops[:] = before
