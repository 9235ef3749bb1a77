"""A loan closes from its own lines, when the last of them is back, and never by hand."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import WrongState
from refurb.lending.items.rules import NotCounted
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.loans.rules import StillOut
from refurb.lending.loans.states import loan_machine
from refurb.lending.words import LoanState
from tests.support.story import desk, people


def two_things():
    tablet, kit, who = desk.tablet(), desk.kit(), desk.borrower()
    with unit_of_work():
        lines = [Departure(each, desk.all_there(each.components)) for each in (tablet, kit)]
        return lend(people.actor(Role.DESK), who, lines, on_paper=True)


def bring_back(line, **other):
    with unit_of_work():
        take_back(people.actor(Role.DESK), line, desk.all_there(line.counts, **other))


def test_it_works(context):
    loan = two_things()
    bring_back(loan.lines[0])
    assert loan.state is LoanState.OPEN
    bring_back(loan.lines[1])
    assert loan.state is LoanState.CLOSED
    assert [event.move for event in events_of(loan)] == ["close", "created"]


def test_not_while_a_line_is_out(context):
    loan = two_things()
    bring_back(loan.lines[0])
    with pytest.raises(StillOut), unit_of_work():
        loan_machine.fire(loan, "close", people.actor(Role.DESK))


def test_not_while_a_component_is_unaccounted_for(context):
    loan = two_things()
    kit = loan.lines[1]
    bring_back(loan.lines[0])
    with pytest.raises(NotCounted), unit_of_work():
        take_back(people.actor(Role.DESK), kit, desk.all_there(kit.counts)[:1])
    assert loan.state is LoanState.OPEN
    assert kit.back_at is None


def test_it_closes_with_something_missing_once_that_is_said(context):
    loan = two_things()
    bring_back(loan.lines[0])
    bring_back(loan.lines[1], Robot=("missing", 3))
    assert loan.state is LoanState.CLOSED


def test_not_twice(context):
    loan = two_things()
    for line in loan.lines:
        bring_back(line)
    with pytest.raises(WrongState), unit_of_work():
        loan_machine.fire(loan, "close", people.actor(Role.DESK))
