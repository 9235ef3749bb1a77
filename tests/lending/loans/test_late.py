"""Late is a query: what was due before today and is not back."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.lending.loans.queries import Which, late_count, lines
from refurb.lending.queries import days_late
from tests.support.story import desk, people


def test_a_loan_shows_as_late_the_day_after_it_was_due(context):
    loan = desk.lent(desk.tablet())
    agent = people.actor(Role.DESK)
    desk.made_due(loan, today())
    assert late_count(agent) == 0
    desk.made_due(loan, today() - timedelta(days=1))
    assert late_count(agent) == 1
    assert days_late(loan.lines[0]) == 1
    assert [row.reference for row in lines(agent, Which.LATE, "", 1).rows] == [loan.reference]


def test_what_is_back_is_late_no_more(context):
    loan = desk.lent(desk.tablet())
    desk.made_due(loan, today() - timedelta(days=5))
    desk.back(loan)
    assert late_count(people.actor(Role.DESK)) == 0
    assert days_late(loan.lines[0]) == 0
    assert [row.reference for row in lines(people.actor(Role.DESK), Which.BACK, "", 1).rows] == [loan.reference]


def test_the_most_late_comes_first(context):
    first, second = desk.lent(desk.kit("Malle 1")), desk.lent(desk.kit("Malle 2"))
    desk.made_due(first, today() - timedelta(days=2))
    desk.made_due(second, today() - timedelta(days=9))
    assert [row.name for row in lines(people.actor(Role.DESK), Which.OUT, "", 1).rows] == ["Malle 2", "Malle 1"]


def test_who_may_not_read_loans_counts_none(context):
    loan = desk.lent(desk.tablet())
    desk.made_due(loan, today() - timedelta(days=5))
    assert late_count(people.actor(Role.TECHNICIAN)) == 0
    with pytest.raises(NotFound):
        lines(people.actor(Role.TECHNICIAN), Which.LATE, "", 1)
