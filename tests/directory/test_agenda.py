"""The agenda: public holidays are where the law puts them, and donors and borrowers find the same days closed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from refurb.directory.agenda.calendar import AGENDA, agenda, easter
from refurb.directory.agenda.days import SiteDays
from refurb.inventory.donations.slots import Slot, slot_policy
from refurb.inventory.words.slots import HalfDay
from refurb.kernel.deeds import policy
from refurb.kernel.deeds.policy import PolicyError
from refurb.lending.terms import loan_policy

DAYS = SiteDays(agenda())


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))],
)
def test_easter_is_when_it_is(year, day):
    assert easter(year) == day


@pytest.mark.parametrize(
    ("year", "moving"),
    [
        (2026, [date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)]),
        (2027, [date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)]),
        (2028, [date(2028, 4, 17), date(2028, 5, 25), date(2028, 6, 5)]),
    ],
)
def test_the_holidays_are_the_eleven_of_the_law(year, moving):
    first = date(year, 1, 1)
    found = [day for day in (first + timedelta(days=each) for each in range(366)) if day.year == year and agenda().is_holiday(day)]
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    assert found == sorted([*moving, *(date(year, month, day) for month, day in fixed)])


@given(some.dates(date(2024, 1, 1), date(2040, 1, 1)))
def test_a_day_on_which_the_house_is_closed_is_closed_to_donors_and_to_borrowers(day):
    closed = not agenda().is_open(day)
    for half in HalfDay:
        assert not (closed and slot_policy().is_open(Slot(day, half), DAYS))
    assert not (closed and loan_policy().is_open(day, DAYS))


@pytest.mark.parametrize("day", [date(2028, 4, 17), date(2028, 5, 25), date(2028, 6, 5)])  # Easter Monday, Ascension, Whit Monday.
def test_a_moving_holiday_of_a_year_that_nobody_wrote_down_is_closed_to_both(day):
    assert not slot_policy().is_open(Slot(day, HalfDay.MORNING), DAYS)
    assert not loan_policy().is_open(day, DAYS)
    assert slot_policy().is_open(Slot(day + timedelta(days=7), HalfDay.MORNING), DAYS)
    assert loan_policy().is_open(day + timedelta(days=7), DAYS)


def test_a_closure_ends_on_the_day_that_is_open_again():
    closed = AGENDA.read(policy.read("agenda").content | {"closures": [{"from": date(2026, 12, 23), "until": date(2027, 1, 4)}]})
    assert closed.is_open(date(2026, 12, 22))
    assert not closed.is_open(date(2026, 12, 23))
    assert not closed.is_open(date(2027, 1, 3))
    assert closed.is_open(date(2027, 1, 4))


def test_a_territory_may_have_more_holidays():
    content = policy.read("agenda").content
    alsace = AGENDA.read({**content, "holidays": {"dates": [], "after_easter": [], "alsace_moselle": True}})
    assert alsace.is_holiday(date(2028, 12, 26))
    assert alsace.is_holiday(date(2028, 4, 14)), "Good Friday"
    assert not alsace.is_holiday(date(2028, 4, 17))


@pytest.mark.parametrize(
    ("holidays", "closure", "named"),
    [
        ({"dates": ["noël"], "after_easter": []}, None, r"agenda\.toml: holidays\.dates\[1\]: must be a month and a day"),
        ({"dates": ["02-30"], "after_easter": []}, None, r"holidays\.dates\[1\]"),
        ({"dates": []}, None, r"holidays\.after_easter: is missing"),
        (None, {"from": date(2026, 5, 2), "until": date(2026, 5, 2)}, r"closures\[1\]\.until: must be after from"),
        (None, {"from": "2026-05-02", "until": date(2026, 5, 3)}, r"closures\[1\]\.from: must be a date without quotes"),
    ],
)
def test_a_wrong_agenda_is_refused(holidays, closure, named):
    content = dict(policy.read("agenda").content)
    content |= {"holidays": holidays} if holidays else {"closures": [closure]}
    with pytest.raises(PolicyError, match=named):
        AGENDA.read(content)
