"""A passage that was moved or cancelled takes place after all; what replaced it does not."""

from datetime import date

import pytest

from refurb.directory.rota.actions.passages import add_passage
from refurb.directory.rota.models import Passage
from refurb.directory.rota.rules import ReplacementTaken
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from tests.directory.rota.test_passage_cancel import cancelled
from tests.directory.rota.test_passage_move import moved
from tests.support.story import rota


def reinstated(passage):
    with unit_of_work():
        passage_machine.fire(passage, "reinstate", rota.desk())


def test_it_works(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux)
    cancelled(passage)
    reinstated(passage)
    assert (passage.state, passage.why, passage.by_hand) == (PassageState.PLANNED, None, True)


def test_what_replaced_it_does_not_take_place(autumn, expected):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux)
    moved(passage, "2026-12-04")
    instead = rota.passage(charroux)
    reinstated(passage)
    assert (passage.state, passage.moved_to) == (PassageState.PLANNED, None)
    assert db.session.get(Passage, instead.id).state is PassageState.CANCELLED
    assert expected[1][-1] == (charroux.site_id, date(2026, 12, 4))


def test_a_passage_besides_the_rule_takes_the_place_of_one_that_was_cancelled(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux)
    cancelled(passage)
    with unit_of_work():
        made = add_passage(rota.desk(), charroux, day=passage.day, opens=600, closes=700)
    assert made is passage
    assert (made.state, made.opens) == (PassageState.PLANNED, 600)


def test_not_once_what_replaced_it_took_place(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux, 1)
    moved(passage, "2026-12-16")
    instead = rota.passage(charroux, 1)
    with at(rota.noon(date(2026, 12, 16))):
        with unit_of_work():
            passage_machine.fire(instead, "finish", rota.desk())
        with pytest.raises(ReplacementTaken):
            reinstated(passage)
