"""The families of a year: whom it counts, and when."""

from datetime import timedelta

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.reporting.figures.numbers import numbers
from refurb.reporting.figures.periods import FiguresAsked
from tests.support.story import families


def test_a_family_counts_in_the_year_it_is_served_whenever_it_was_referred(context):
    handover = families.handed_over()
    with unit_of_work():
        handover.allocation.referral.created_at = now() - timedelta(days=400)
    assert numbers(FiguresAsked(today().year)).families == 1


def test_a_family_that_was_served_another_year_counts_in_that_one(context):
    handover = families.handed_over()
    then = now() - timedelta(days=400)
    with unit_of_work():
        handover.handed_at = then
    assert [numbers(FiguresAsked(year)).families for year in (today().year, then.year)] == [0, 1]
