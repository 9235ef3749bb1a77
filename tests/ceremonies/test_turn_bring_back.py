"""Who preferred to come alone comes to the ceremony after all, unless she is expected at another."""

import pytest

from refurb.ceremonies.words import Attendance
from refurb.kernel.speech.errors import Conflict
from tests.support.story import families, gala


def test_a_family_changes_its_mind(context):
    ceremony = gala.planned(families.allocated())
    gala.answer(gala.family(ceremony), "decline")

    gala.answer(gala.family(ceremony), "accept")

    assert ceremony.turns[0].state is Attendance.EXPECTED


def test_not_while_another_ceremony_expects_her(context):
    allocation = families.allocated()
    ceremony = gala.planned(allocation)
    gala.answer(gala.family(ceremony), "decline")
    gala.planned(allocation, title="Une autre")

    with pytest.raises(Conflict):
        gala.answer(gala.family(ceremony), "accept")
