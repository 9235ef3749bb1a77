"""At the counter a thing leaves by its borrower's reservation, whichever thing of the pool it is."""

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.lending.claims.facts import NewlyShort
from refurb.lending.claims.pools import on_holding, pool_of
from refurb.lending.claims.words import ClaimKind
from refurb.lending.counter.actions.piles import hear
from refurb.lending.counter.shown import shown_pile
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import loan_policy
from tests.lending.reserving import claims_of, fire, refused_from_here, reserved
from tests.support.story import desk, people, promises


def test_it_works_with_either_thing(context):
    things, who = [desk.kit("Malle 1"), desk.kit("Malle 2")], desk.borrower()
    mine = reserved(things[0], who=who, starts=1)
    other = reserved(things[0], who=desk.borrower("Berthe"), starts=1)
    taken = claims_of(other)[0].item_id
    scanned = next(each for each in things if each.id == taken)
    loan = desk.lent(scanned, who, due_on=mine.to_on)
    claim = claims_of(mine)[0]
    assert (claim.kind, claim.item_id, claim.loan_line_id) == (ClaimKind.LOAN, scanned.id, loan.lines[0].id)
    assert (mine.state, other.state) == (ReservationState.OUT, ReservationState.APPROVED)
    assert claims_of(other)[0].item_id == next(each.id for each in things if each is not scanned)
    assert promises.taken_twice() == []


def test_it_is_out_once_all_has_left(context):
    things, who = [desk.kit("Malle 1"), desk.kit("Malle 2")], desk.borrower()
    mine = reserved(*things, who=who, starts=1)
    desk.lent(things[0], who)
    assert mine.state is ReservationState.APPROVED
    desk.lent(things[1], who)
    assert mine.state is ReservationState.OUT


def test_each_thing_leaves_until_the_day_of_its_own_reservation(context):
    things, who, agent = [desk.kit("Malle 1"), desk.kit("Malle 2"), desk.kit("Malle 3")], desk.borrower(), people.actor(Role.DESK)
    days = [reserved(things[0], who=who, starts=1, ends=ends).to_on for ends in (5, 9)]
    usual = loan_policy().due_date(loan_policy().terms("kit"), today(), days_of(1))
    with unit_of_work():
        for code in (who.code, *(each.code for each in things)):
            pile = hear(agent, code)
    assert sorted((each.due_on, each.is_reserved) for each in shown_pile(pile).lines) == [(days[0], True), (days[1], True), (usual, False)]
    with unit_of_work():
        loan = lend(agent, who, [Departure(each, desk.all_there(each.components)) for each in things], on_paper=True)
    assert [line.due_on for line in loan.lines] == [*days, usual]


def test_somebody_else_s_stays_here_unless_a_reason_is_given(context):
    kit = desk.kit()
    mine = reserved(kit, who=desk.borrower("Berthe"), starts=1)
    walk_in = desk.borrower("Charles")
    for reason in (None, "Berthe vient lundi"):
        lines = [Departure(kit, desk.all_there(kit.components))]
        if reason is None:
            with pytest.raises(NewlyShort), unit_of_work():
                lend(people.actor(Role.DESK), walk_in, lines, on_paper=True)
        else:
            with unit_of_work():
                lend(people.actor(Role.DESK), walk_in, lines, on_paper=True, override=reason)
    assert (mine.state, claims_of(mine)[0].item_id) == (ReservationState.APPROVED, None)


def test_not_what_was_cancelled(context):
    refused_from_here(reserved(promises.printer()), "leave")


def test_the_last_thing_leaves_without_the_pools_of_those_before(context):
    things, who = [desk.kit("Malle 1"), promises.printer()], desk.borrower()
    reservation = reserved(*things, who=who, starts=1)
    fire(reservation, "approve")
    first, last = sorted(things, key=pool_of)
    desk.lent(first, who)
    held = []
    on_holding.append(held.append)
    try:
        desk.lent(last, who)
    finally:
        on_holding.remove(held.append)
    assert reservation.state is ReservationState.OUT
    assert set(held) == {pool_of(last)}, "another pool after it would be taken against the order"
