"""A day in autumn on which the van is at Charroux, and who counts there."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import at
from tests.support.story import people
from tests.support.story.rota import NOVEMBER


@pytest.fixture
def autumn(context):
    """It is a Tuesday of November 2026."""
    people.settle()
    with at(NOVEMBER):
        yield


@pytest.fixture
def desk(app, signed_in):
    """Whoever counts, at a day of November."""
    with at(NOVEMBER):
        yield signed_in(Role.DESK)
