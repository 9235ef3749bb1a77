"""A family's turn is kept apart by its answer; never once the ceremony is going on."""

import pytest

from refurb.ceremonies.rules import NotPlanned
from refurb.ceremonies.words import Attendance
from refurb.kernel.deeds.access import Role
from tests.support.story import families, gala


def test_who_would_rather_come_alone_is_not_called(app, signed_in):
    with app.app_context():
        ceremony = gala.planned(families.allocated(), families.allocated())
        gala.answer(gala.family(ceremony, 2), "decline")
        gala.fire(ceremony, "hold")
        number = ceremony.id
        assert [turn.state for turn in ceremony.turns] == [Attendance.EXPECTED, Attendance.ALONE]
    page = signed_in(Role.COORDINATOR).get(f"/ceremonies/{number}").text
    assert "Préfère un rendez-vous" in page
    assert f"/ceremonies/{number}/tours/2" not in page


def test_not_once_it_has_begun(context):
    (turn,) = gala.held(1).turns
    with pytest.raises(NotPlanned):
        gala.turn(turn, "keep_apart")
