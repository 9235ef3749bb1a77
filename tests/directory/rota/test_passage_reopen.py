"""A passage that was said to have taken place did not."""

import pytest

from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import WrongState
from tests.directory.rota.test_passage_finish import finished
from tests.support.story import rota


def test_it_works(autumn):
    _made, blanzay, _charroux = rota.two_weeks()
    passage = rota.passage(blanzay)
    finished(passage)
    with unit_of_work():
        passage_machine.fire(passage, "reopen", rota.desk())
    assert passage.state is PassageState.PLANNED


def test_only_one_that_was_done(autumn):
    _made, blanzay, _charroux = rota.two_weeks()
    with pytest.raises(WrongState), unit_of_work():
        passage_machine.fire(rota.passage(blanzay), "reopen", rota.desk())
