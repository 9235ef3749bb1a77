"""A passage takes place on another day: a row by hand there, and whoever is expected moves on."""

from datetime import date

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.directory.rota.rules import AtTwoStops, BeenSince, ComesThatDay, NobodyThatDay
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import people, rota


def moved(passage, day, who=None, **told):
    with unit_of_work():
        passage_machine.fire(passage, "move", who or rota.desk(), **{"day": day, "why": "Panne", **told})


def test_it_works(autumn, expected):
    _made, _blanzay, charroux = rota.two_weeks()
    first = rota.passage(charroux)
    moved(first, "2026-12-04", opens="10h", closes="12h")
    assert (first.state, first.moved_to, first.why, first.by_hand) == (PassageState.MOVED, date(2026, 12, 4), "Panne", True)
    instead = rota.passage(charroux)
    assert (instead.day, instead.opens, instead.closes, instead.by_hand) == (date(2026, 12, 4), 600, 720, True)
    assert [days_of(charroux.site_id).is_open(date(2026, 12, each)) for each in (3, 4)] == [False, True]
    assert expected[1] == [(charroux.site_id, date(2026, 12, 3))]
    assert events_of(first)[0].facts.get("why") is None, "what was written freely is no part of the history"


def test_without_hours_it_keeps_its_own(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    moved(rota.passage(charroux), "2026-12-07")
    assert (rota.passage(charroux).opens, rota.passage(charroux).closes) == (840, 990)


@pytest.mark.parametrize(("day", "refusal"), [("2026-12-17", ComesThatDay), ("2026-12-03", ComesThatDay), ("2026-12-25", NobodyThatDay)])
def test_not_to_a_day_on_which_it_comes_or_nobody_does(autumn, day, refusal):
    _made, _blanzay, charroux = rota.two_weeks()
    with pytest.raises(refusal):
        moved(rota.passage(charroux), day)


def test_not_with_its_hours_reversed_or_without_a_reason(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    for told in ({"opens": "12h", "closes": "10h"}, {"why": ""}, {"opens": "midi"}):
        with pytest.raises(Invalid):
            moved(rota.passage(charroux), "2026-12-04", **told)


def test_not_while_the_vehicle_is_elsewhere(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    with pytest.raises(AtTwoStops):
        moved(rota.passage(charroux), "2026-12-08")
    moved(rota.passage(charroux), "2026-12-08", opens="9h", closes="12h")


def test_not_once_its_day_has_passed(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    passage = rota.passage(charroux)
    with at(rota.noon(date(2026, 12, 4))), pytest.raises(BeenSince):
        moved(passage, "2026-12-09")


def test_not_by_the_workshop(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    with pytest.raises(Forbidden):
        moved(rota.passage(charroux), "2026-12-04", people.actor(Role.TECHNICIAN))
