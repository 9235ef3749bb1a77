"""What the counter asks of the database: so much for the press, so much for each thing; in statements, since a clock hears others too."""

import pytest

from refurb.kernel.deeds.access import Role
from tests.lending.counter.pressing import answered, lying, pressed, scanned
from tests.support.heard import heard
from tests.support.story import desk

LEAVES, COMES_BACK = 26, 18
"""So many statements at most for each thing more."""


@pytest.fixture
def agent(signed_in):
    return signed_in(Role.DESK)


@pytest.fixture
def codes(app):
    with app.app_context():
        return [desk.kit(f"Robots mBot n° {number}").code for number in range(5)]


@pytest.fixture
def card(app):
    with app.app_context():
        return desk.borrower().code


def recorded(app, agent, *codes, on_paper=False):
    """How many statements the press that records asks, once all lies there and is answered."""
    answers = answered(scanned(agent, *codes))
    if on_paper:
        pressed(agent, "paper", **answers)
    told = lying(agent.get("/comptoir")) | answers | {"do": "record"}
    with heard(app) as asked:
        assert agent.submit("/comptoir", told).status_code == 303
    return len(asked)


def test_a_departure_and_a_return_ask_little_for_the_press_and_for_each_thing(app, agent, codes, card):
    one = recorded(app, agent, card, codes[0], on_paper=True)
    four = recorded(app, agent, card, *codes[1:], on_paper=True)
    assert one <= 72
    assert four - one <= 3 * LEAVES
    one, four = recorded(app, agent, codes[0]), recorded(app, agent, *codes[1:])
    assert one <= 50
    assert four - one <= 3 * COMES_BACK


def test_a_scan_asks_no_more_for_what_lies_there_already(app, agent, codes, card):
    asked = []
    for code in (card, *codes):
        with heard(app) as told:
            scanned(agent, code)
        asked.append(len(told))
    assert max(asked) <= 60, asked
