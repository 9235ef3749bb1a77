"""Whoever lets it pass, or does not answer in time, makes room for the next; nobody waits for days that have begun."""

from datetime import timedelta

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.lending.reservations.actions import let_days_pass
from refurb.lending.waits.actions import let_waits_pass
from refurb.lending.waits.words import WaitState
from tests.lending.reserving import fire
from tests.lending.waiting import offer_of, taken_and_waited_for


def test_it_works(context):
    taken, (first, second) = taken_and_waited_for("Berthe", "Chloé")
    fire(taken, "cancel", reason="plus besoin")
    fire(offer_of(first), "cancel", reason="laisse la place")
    assert (first.state, second.state) == (WaitState.LAPSED, WaitState.OFFERED)
    assert offer_of(second).borrower.name == "Chloé"


def test_without_an_answer_the_next_is_offered_it(context):
    taken, (first, second) = taken_and_waited_for("Berthe", "Chloé")
    fire(taken, "cancel", reason="plus besoin")
    with clock.at(offer_of(first).expires_at + timedelta(minutes=1)), unit_of_work():
        let_days_pass()
    assert first.state is WaitState.LAPSED
    assert second.state in {WaitState.OFFERED, WaitState.WAITING}, "unless its days have begun"


def test_nobody_waits_for_days_that_have_begun(context):
    _taken, (wait,) = taken_and_waited_for()
    with clock.at(clock.midnight(wait.from_on + timedelta(days=1)) + timedelta(hours=1)), unit_of_work():
        assert let_waits_pass() == 1
    assert wait.state is WaitState.LAPSED
