import pytest

from refurb.ceremonies.rules import NobodyChosen
from refurb.ceremonies.words import CeremonyState
from refurb.kernel.speech.errors import WrongState
from tests.support.story import families, gala


def test_it_begins(context):
    ceremony = gala.planned(families.allocated())

    gala.fire(ceremony, "hold")

    assert ceremony.state is CeremonyState.HELD


def test_not_without_anybody(context):
    with pytest.raises(NobodyChosen):
        gala.fire(gala.planned(), "hold")


def test_it_begins_once(context):
    with pytest.raises(WrongState):
        gala.fire(gala.held(1), "hold")
