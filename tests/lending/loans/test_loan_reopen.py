"""A loan is open again when the return of its last line is undone; a step of that deed, told in test_item_undo_return.py."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import WrongState
from refurb.lending.loans.actions import undo_return
from refurb.lending.loans.states import loan_machine
from refurb.lending.words import LoanState
from tests.support.story import desk, people


def test_it_works(context):
    loan = desk.lent(desk.tablet())
    desk.back(loan)
    with unit_of_work():
        undo_return(people.actor(Role.DESK), loan.lines[0], reason="erreur")
    assert loan.state is LoanState.OPEN
    assert [event.move for event in events_of(loan)] == ["reopen", "close", "created"]


def test_not_what_is_open(context):
    loan = desk.lent(desk.tablet())
    with pytest.raises(WrongState), unit_of_work():
        loan_machine.fire(loan, "reopen", people.actor(Role.DESK))
