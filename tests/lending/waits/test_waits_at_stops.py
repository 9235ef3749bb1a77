"""Waiting for something at a stop of the vehicle: between its passages, offered while it can still be loaded."""

from dataclasses import replace
from datetime import date

import pytest

from refurb.directory.rota.at_stops import things_at
from refurb.directory.rota.states import passage_machine
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, today
from refurb.lending.reservations.rules import NoPassageThatDay, VanHasLeft
from refurb.lending.terms import LOANS, loan_policy
from refurb.lending.waits.actions import wait_for
from refurb.lending.waits.effects import offer_letter
from refurb.lending.waits.queries import first_wait_in_the_way
from refurb.lending.waits.words import WaitState
from tests.lending.reserving import fire, reserved
from tests.support.story import desk, people, rota

FIRST, SECOND = date(2026, 12, 3), date(2026, 12, 17)


@pytest.fixture
def taken(context):
    """It is 24 November 2026; the only kit is reserved over the passages of Charroux of December."""
    people.settle()
    with at(rota.NOVEMBER):
        stop, kit = rota.two_weeks()[2], desk.kit()
        yield kit, stop, reserved(kit, from_on=date(2026, 12, 1), to_on=date(2026, 12, 18))


def wait_at(kit, stop, from_on=FIRST, to_on=SECOND):
    who = desk.borrower("Berthe")
    with unit_of_work():
        return wait_for(rota.desk(), who, product_id=kit.product_id, from_on=from_on, to_on=to_on, quantity=1, handover_id=stop.site_id)


def test_what_is_free_again_is_offered_at_the_stop(taken):
    kit, stop, before = taken
    with pytest.raises(NoPassageThatDay):
        wait_at(kit, stop, date(2026, 12, 4))
    wait = wait_at(kit, stop)
    fire(before, "cancel", reason="plus besoin")
    assert (wait.state, wait.reservation.handover_id) == (WaitState.OFFERED, stop.site_id)
    assert wait.reservation.expires_at < rota.noon(FIRST), "it is answered before the van is loaded"
    assert "Charroux, mairie" in offer_letter(wait, "x", "b@chez.example", "http://x").text


def test_nothing_is_offered_for_a_van_that_is_on_the_road(taken):
    kit, stop, before = taken
    wait = wait_at(kit, stop)
    with at(rota.noon(FIRST)):
        fire(before, "cancel", reason="plus besoin")
    assert wait.state is WaitState.WAITING


def test_nobody_waits_for_a_van_that_is_loaded(taken):
    kit, stop, _before = taken
    with at(rota.noon(FIRST)), pytest.raises(VanHasLeft):
        wait_at(kit, stop)


def test_who_waits_for_a_passage_that_is_off_is_listed_there_and_in_nobodys_way(taken):
    kit, stop, _before = taken
    wait = wait_at(kit, stop)
    passage, policy, terms = rota.passage(stop), loan_policy(), loan_policy().terms(kit.product.category)
    assert first_wait_in_the_way(kit.product_id, kit.site_id, today()) == FIRST
    with LOANS.as_if(replace(policy, categories={**policy.categories, terms.key: replace(terms, preparation=2)})):
        assert first_wait_in_the_way(kit.product_id, kit.site_id, today()) < FIRST, "it is packed before"
    with unit_of_work():
        passage_machine.fire(passage, "cancel", rota.desk(), why="Panne")
    assert first_wait_in_the_way(kit.product_id, kit.site_id, today()) is None
    assert [each.values["reference"] for each in things_at([stop.site_id], FIRST)[stop.site_id, FIRST] if "attente" in each.what] == [
        wait.reference
    ]
    with unit_of_work():
        passage_machine.fire(passage, "reinstate", rota.desk())
    with at(rota.noon(FIRST)):
        assert first_wait_in_the_way(kit.product_id, kit.site_id, today()) is None
