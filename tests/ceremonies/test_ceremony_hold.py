import datetime as dt

import pytest

from refurb.ceremonies.actions import change_plan
from refurb.ceremonies.rules import NobodyChosen, OtherDay
from refurb.ceremonies.states import ceremony_machine
from refurb.ceremonies.words import CeremonyState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Invalid, WrongState
from tests.support.story import families, gala, people


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


def hold(ceremony, **facts):
    with unit_of_work():
        ceremony_machine.fire(ceremony, "hold", people.actor(Role.COORDINATOR), **facts)
    return last_event(ceremony).facts


def test_on_another_day_than_planned_somebody_says_so(context):
    ceremony = gala.planned(families.allocated())

    with pytest.raises(OtherDay) as told:
        hold(ceremony)

    assert told.value.facts == {"planned": today() + dt.timedelta(days=7), "today": today()}
    assert ceremony.state is CeremonyState.PLANNED
    with pytest.raises(Invalid) as unsaid:
        hold(ceremony, other_day=True)
    assert list(unsaid.value.fields) == ["reason"]
    told = hold(ceremony, other_day=True, reason="La salle était fermée mardi.")
    assert (told["other_day"], "reason" in told) == (True, False)
    event = last_event(ceremony)
    assert notes_of([event])[event.id] == {"reason": "La salle était fermée mardi."}


def test_on_its_day_nothing_is_asked(context):
    ceremony = gala.planned(families.allocated())
    with unit_of_work():
        at = dt.datetime.combine(today(), dt.time(23, 30))
        change_plan(people.actor(Role.COORDINATOR), ceremony, title="Remise", starts_at=at, place="Ici")

    assert hold(ceremony)["other_day"] is False


def test_the_page_says_for_which_day_it_was_planned(app, signed_in):
    with app.app_context():
        number = gala.planned(families.allocated()).id
    client = signed_in(Role.COORDINATOR)

    assert f"/ceremonies/{number}/commencer-la-ceremonie" in client.get(f"/ceremonies/{number}").text
    refused = client.submit(f"/ceremonies/{number}/commencer-la-ceremonie", {})
    assert refused.status_code in {409, 422}
    assert "est prévue le" in refused.text
    assert client.submit(f"/ceremonies/{number}/commencer-la-ceremonie", {"other_day": "1", "reason": "Salle fermée."}).status_code == 303
