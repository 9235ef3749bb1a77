import pytest

from refurb.ceremonies.rules import NotHeld
from refurb.ceremonies.words import Attendance
from refurb.kernel.speech.errors import Conflict, WrongState
from tests.support.story import gala


def test_who_comes_late_is_served(context):
    (turn,) = gala.held(1).turns
    gala.turn(turn, "miss")

    gala.turn(turn, "come_late")
    gala.turn(turn, "hand_over")

    assert turn.state is Attendance.SERVED


def test_not_after_the_ceremony_is_closed(context):
    ceremony = gala.held(1)
    (turn,) = ceremony.turns
    gala.turn(turn, "miss")
    gala.fire(ceremony, "close")

    with pytest.raises(NotHeld):
        gala.turn(turn, "come_late")


def test_not_when_invited_elsewhere_since(context):
    (turn,) = gala.held(1).turns
    gala.turn(turn, "miss")
    gala.planned(turn.allocation, title="Rattrapage")

    with pytest.raises(Conflict):
        gala.turn(turn, "come_late")


def test_who_was_never_absent_does_not_come_late(context):
    (turn,) = gala.held(1).turns

    with pytest.raises(WrongState):
        gala.turn(turn, "come_late")
