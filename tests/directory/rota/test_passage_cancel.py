"""A passage does not take place: what is due at it moves on, and no change of rule brings it back."""

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.directory.rota.actions.rotas import keep_ahead
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid, WrongState
from tests.support.story import rota


def cancelled(passage, **told):
    with unit_of_work():
        passage_machine.fire(passage, "cancel", rota.desk(), **{"why": "Grippe", **told})


def test_it_works(autumn, expected):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux)
    cancelled(passage)
    assert (passage.state, passage.by_hand, passage.why) == (PassageState.CANCELLED, True, "Grippe")
    assert not days_of(charroux.site_id).is_open(passage.day)
    assert expected[1] == [(charroux.site_id, passage.day)]
    with unit_of_work():
        assert keep_ahead() == 0, "what was done by hand stays"


def test_not_without_a_reason(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    with pytest.raises(Invalid):
        cancelled(rota.passage(charroux), why=" ")


def test_not_twice(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux)
    cancelled(passage)
    with pytest.raises(WrongState):
        cancelled(passage)
