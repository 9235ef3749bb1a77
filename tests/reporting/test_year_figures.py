"""The counts of the year: what each one counts."""

from datetime import timedelta

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.reporting.queries import year_figures
from tests.support.story import families


def test_a_family_counts_in_the_year_it_is_served_whenever_it_was_referred(context):
    handover = families.handed_over()
    with unit_of_work():
        handover.allocation.referral.created_at = now() - timedelta(days=400)
    assert year_figures().families == 1


def test_a_family_that_was_served_another_year_does_not_count(context):
    handover = families.handed_over()
    with unit_of_work():
        handover.handed_at = now() - timedelta(days=400)
    assert year_figures().families == 0
