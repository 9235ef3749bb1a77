"""The terms: the file in force is right, and nothing is due on a closed day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from refurb.directory.agenda.calendar import agenda
from refurb.directory.agenda.days import SiteDays
from refurb.kernel.deeds import policy
from refurb.kernel.deeds.policy import PolicyError
from refurb.lending.terms import LOANS, NeverOpen, loan_policy

DAYS = SiteDays(agenda())


@pytest.mark.parametrize(
    "closed", [date(2026, 11, 29), date(2026, 12, 25), date(2027, 1, 3), date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)]
)
def test_closed_days_are_closed(closed):
    assert not loan_policy().is_open(closed, DAYS)


def test_a_working_day_is_open():
    assert loan_policy().is_open(date(2026, 12, 1), DAYS)
    assert loan_policy().is_open(date(2027, 1, 4), DAYS), "the day up to which a closure runs is open again"


@given(some.dates(date(2024, 1, 1), date(2040, 1, 1)), some.sampled_from(sorted(loan_policy().categories)))
def test_a_due_date_is_open_and_within_bounds(out_on, category):
    loans = loan_policy()
    terms = loans.terms(category)
    due = loans.due_date(terms, out_on, DAYS)
    assert loans.is_open(due, DAYS)
    assert out_on < due <= loans.latest(terms, out_on, DAYS)
    assert loans.is_open(loans.latest(terms, out_on, DAYS), DAYS)


def test_a_category_that_left_the_file_is_lent_as_anything_else():
    assert loan_policy().terms("gramophone") == loan_policy().categories["other"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("most_items"),
        lambda data: data["categories"].pop("other"),
        lambda data: data["categories"]["kit"].update(days=200),
        lambda data: data["categories"]["kit"].update(colour="blue"),
        lambda data: data["closures"].append({"from": date(2026, 5, 2), "until": date(2026, 5, 1)}),
        lambda data: data.update(closed_dates=["12-25"]),
    ],
)
def test_a_wrong_file_is_refused(spoil):
    kept = policy.read("loans").content
    data = {**kept, "categories": {key: dict(each) for key, each in kept["categories"].items()}, "closures": []}
    spoil(data)
    with pytest.raises(PolicyError):
        LOANS.read(data, "test")


def test_a_house_that_never_opens_is_a_mistake():
    data = {**policy.read("loans").content, "closed_weekdays": [1, 2, 3, 4, 5, 6, 7]}
    with pytest.raises(PolicyError):
        LOANS.read(data, "test")
    longest = {"from": date(2026, 1, 1), "until": date(2028, 1, 1)}
    loans = LOANS.read({**policy.read("loans").content, "closures": [longest]}, "test")
    with pytest.raises(NeverOpen):
        loans.due_date(loans.terms("kit"), date(2026, 1, 1) + timedelta(days=1), DAYS)
