"""What every deed of the counter means for what is promised: who moves, who is short, and what is refused."""

from datetime import timedelta

import pytest

from refurb.directory.sites.actions import add_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.lending.claims.facts import NewlyShort, claim_open
from refurb.lending.claims.midnight import bring_up_to_date
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import outdated_pools, pool_of
from refurb.lending.claims.words import FOR_EVER, ClaimKind
from refurb.lending.items.actions import correct_item, move_item
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, undo_return
from refurb.lending.words import ItemState
from tests.support.story import desk, people, promises

DESK = people.actor


def in_days(number):
    return today() + timedelta(days=number)


def fire(item, name, **facts):
    with unit_of_work():
        item_machine.fire(item, name, DESK(Role.DESK), **facts)


def walk_in(item, override=None):
    who = desk.borrower()
    with unit_of_work():
        return lend(DESK(Role.DESK), who, [Departure(item, desk.all_there(item.components))], on_paper=True, override=override)


def stands_on(claim):
    return db.session.get(ItemClaim, claim.id, populate_existing=True).item_id


@pytest.fixture
def two(context):
    return desk.kit("Malle 1"), desk.kit("Malle 2")


def test_a_loan_is_a_claim_until_the_day_after_its_return(two):
    loan = walk_in(two[0])
    claim = claim_open(two[0])
    assert (claim.kind, claim.loan_line_id, claim.due_on) == (ClaimKind.LOAN, loan.lines[0].id, loan.lines[0].due_on)
    assert (claim.starts_on, claim.until_on) == (today(), loan.lines[0].due_on + timedelta(days=1))
    desk.back(loan)
    assert claim_open(two[0]).kind is ClaimKind.CHECK
    fire(two[0], "check")
    assert claim_open(two[0]) is None


def test_a_walk_in_moves_the_reservation_to_the_other_thing(two):
    claim = promises.promised(two[0], in_days(2), in_days(5))
    bound = next(each for each in two if each.id == claim.item_id)
    walk_in(bound)
    assert stands_on(claim) == next(each.id for each in two if each is not bound)
    assert promises.taken_twice() == []


def test_a_walk_in_that_would_leave_somebody_with_nothing_is_refused_and_writes_nothing(two):
    claims = [promises.promised(two[0], in_days(2), in_days(5)) for _ in two]
    with pytest.raises(NewlyShort) as refused:
        walk_in(two[0])
    assert refused.value.facts == {"name": "Malle 1", "count": 1}
    assert two[0].state is ItemState.AVAILABLE
    assert sorted(map(stands_on, claims)) == sorted(each.id for each in two)


def test_a_walk_in_over_a_reservation_says_why_and_who_is_short(two):
    claims = [promises.promised(two[0], in_days(2), in_days(5)) for _ in two]
    walk_in(two[0], override="Elle a téléphoné, elle vient plus tard")
    short = [each.id for each in claims if stands_on(each) is None]
    event = [each for each in events_of(two[0]) if each.move == "lend"][-1]
    assert len(short) == 1
    assert event.facts["short"] == short
    assert "téléphoné" not in str(event.facts), "the reason is kept where it can be erased"


@pytest.mark.parametrize("deed", ["lose", "send_to_repair", "retire"])
def test_what_is_so_is_written_and_who_is_short_by_it_is_known(two, deed):
    claims = [promises.promised(two[0], in_days(2), in_days(5)) for _ in two]
    fire(two[0], deed, reason="fendu")
    assert sorted(map(stands_on, claims), key=str) == [two[1].id, None]


def test_what_is_found_again_serves_whoever_was_short_once_it_is_looked_at(two):
    claims = [promises.promised(two[0], in_days(10), in_days(15)) for _ in two]
    fire(two[0], "lose", reason="introuvable")
    fire(two[0], "find")
    assert sorted(map(stands_on, claims)) == sorted(each.id for each in two), "the check is over by then"


def test_a_new_thing_serves_whoever_was_short(two):
    claims = [promises.promised(two[0], in_days(2), in_days(5)) for _ in range(3)]
    assert None in map(stands_on, claims)
    desk.kit("Malle 3")
    assert None not in map(stands_on, claims)


def test_a_wrong_return_that_is_undone_takes_the_thing_again(two):
    loan = walk_in(two[0])
    desk.back(loan)
    claims = [promises.promised(two[0], in_days(5), in_days(8)) for _ in two]
    with unit_of_work():
        undo_return(DESK(Role.DESK), loan.lines[0], reason="c'était l'autre")
    assert claim_open(two[0]).kind is ClaimKind.LOAN
    assert sorted(map(stands_on, claims), key=str) == [two[1].id, None]


def test_what_is_late_is_taken_until_it_is_back(two):
    loan = walk_in(two[0])
    due = loan.lines[0].due_on
    claims = [promises.promised(two[0], due + timedelta(days=3), due + timedelta(days=6)) for _ in two]
    assert None not in map(stands_on, claims)
    with clock.at(now() + (due - today()) + timedelta(days=1)):
        assert outdated_pools() == [pool_of(two[0])]
        with unit_of_work():
            assert bring_up_to_date() == 1
        assert claim_open(two[0]).until_on == FOR_EVER
        assert sorted(map(stands_on, claims), key=str) == [two[1].id, None]
        assert outdated_pools() == []
        desk.back(loan)
        fire(two[0], "check")
        assert None not in map(stands_on, claims)


def test_days_that_pass_in_one_step_or_in_many_leave_the_same(two):
    claim = promises.promised(two[0], in_days(2), in_days(6))
    for number in (3, 4):
        with clock.at(now() + timedelta(days=number)):
            promises.day_has_come(pool_of(two[0]))
            assert db.session.get(ItemClaim, claim.id, populate_existing=True).starts_on == today()
    with clock.at(now() + timedelta(days=6)):
        promises.day_has_come(pool_of(two[0]))
        assert db.session.get(ItemClaim, claim.id, populate_existing=True).ended_at is not None


def test_a_thing_leaves_its_place_only_if_those_who_reserved_there_keep_one(two):
    with unit_of_work():
        there = add_site(DESK(Role.ADMIN), name="Annexe", kind=SiteKind.DESK).id
    claim = promises.promised(two[0], in_days(2), in_days(5))
    with unit_of_work():
        move_item(DESK(Role.DESK), two[0], there)
    assert stands_on(claim) == two[1].id
    with pytest.raises(NewlyShort), unit_of_work():
        move_item(DESK(Role.DESK), two[1], there)
    assert two[1].site_id != there


def test_a_thing_that_turns_out_to_be_another_product_takes_its_loan_with_it(two):
    loan = walk_in(two[0])
    other = desk.product("Malle de capteurs", "kit")
    parts = [{"name": each.name, "quantity": each.quantity, "value_cents": each.value_cents} for each in two[0].components]
    with unit_of_work():
        correct_item(DESK(Role.DESK), two[0], product_id=other.id, name="Capteurs", components=parts)
    assert claim_open(two[0]).product_id == other.id
    assert claim_open(two[0]).loan_line_id == loan.lines[0].id
