"""A passage took place."""

from datetime import date

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.directory.rota.rules import NotYetThere
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from tests.support.story import rota


def finished(passage):
    with unit_of_work():
        passage_machine.fire(passage, "finish", rota.desk())


def test_it_works(autumn):
    _made, blanzay, _charroux = rota.two_weeks()
    passage = rota.passage(blanzay)
    finished(passage)
    assert passage.state is PassageState.DONE
    assert days_of(blanzay.site_id).is_open(passage.day)


def test_not_before_its_day(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux)
    with pytest.raises(NotYetThere):
        finished(passage)
    with at(rota.noon(date(2026, 12, 10))):
        finished(passage)
