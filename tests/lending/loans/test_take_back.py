"""Taking back: line by line, counted beside what left, once; the row of the loan is completed, never overwritten."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.items.rules import NotOut, WrongCount
from refurb.lending.kits.queries import held_by
from refurb.lending.loans.actions import take_back
from refurb.lending.words import ItemState
from tests.lending.moves import fire
from tests.support.story import desk, people


def bring_back(line, role=Role.DESK, note=None, **other):
    with unit_of_work():
        return take_back(people.actor(role), line, desk.all_there(line.counts, **other), note)


def test_take_back_works(context):
    kit = desk.kit()
    loan = desk.lent(kit)
    line = bring_back(loan.lines[0], note="roue voilée", Robot=("missing", 3))
    assert line.back_at is not None
    assert line.note == "roue voilée"
    assert [(count.quantity_out, count.quantity_back) for count in line.counts] == [(4, 3), (4, 4), (1, 1)]
    assert kit.state is ItemState.INCOMPLETE


def test_a_second_loan_leaves_the_first_one_as_it_was(context):
    kit = desk.kit()
    first = desk.lent(kit)
    bring_back(first.lines[0])
    before = (first.lines[0].out_at, first.lines[0].back_at, first.lines[0].due_on)
    fire(kit, "check")
    second = desk.lent(kit)
    bring_back(second.lines[0])
    assert (first.lines[0].out_at, first.lines[0].back_at, first.lines[0].due_on) == before
    assert [row.loan for row in held_by(people.actor(Role.DESK), kit)] == [second.reference, first.reference]


def test_not_twice(context):
    loan = desk.lent(desk.kit())
    bring_back(loan.lines[0])
    with pytest.raises(NotOut):
        bring_back(loan.lines[0])


def test_not_more_than_left(context):
    loan = desk.lent(desk.kit())
    with pytest.raises(WrongCount):
        bring_back(loan.lines[0], Robot=("missing", 9))


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_not_by_who_may_not_lend(context, role):
    loan = desk.lent(desk.kit())
    with pytest.raises(Forbidden):
        bring_back(loan.lines[0], role=role)
