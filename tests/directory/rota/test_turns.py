"""Whose week it is: counted from a Monday, against plain counting; week 53, closures of one, two and three weeks, 29 February."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.directory.rota.turns import LAST, WEEK, CallRule, Schedule, ShutSpan, is_nth, monday_of, whole_weeks

TUESDAY, THURSDAY = 2, 4


def rule(weekday=TUESDAY, turn=None, nth=None, opens=840, closes=990, since=date(2026, 1, 1), until=None):
    return CallRule(1, weekday, opens, closes, since, turn=turn, nth=nth, until=until)


def calls(schedule, first, until):
    return [day for day, _rule in schedule.calls(first, until)]


def test_the_year_of_53_weeks_does_not_disturb_a_rota_of_two():
    schedule = Schedule(date(2026, 12, 21), 2, date(2026, 1, 1), rules=(rule(turn=0),))
    assert calls(schedule, date(2026, 12, 20), date(2027, 1, 20)) == [date(2026, 12, 22), date(2027, 1, 5), date(2027, 1, 19)]
    assert date(2026, 12, 31).isocalendar().week == 53


@pytest.mark.parametrize(
    ("weeks", "shifts", "a", "b"),
    [
        (1, False, ["2027-01-05"], ["2026-12-15", "2026-12-29"]),
        (1, True, ["2026-12-29"], ["2026-12-15", "2027-01-05"]),
        (2, False, ["2027-01-05"], ["2026-12-15", "2027-01-12"]),
        (2, True, ["2027-01-05"], ["2026-12-15", "2027-01-12"]),
        (3, False, ["2027-01-19"], ["2026-12-15", "2027-01-12"]),
        (3, True, ["2027-01-12"], ["2026-12-15", "2027-01-19"]),
    ],
)
def test_a_closure_of_one_two_or_three_weeks_keeps_the_dates_or_resumes_with_the_week_that_was_missed(weeks, shifts, a, b):
    first = date(2026, 12, 21)
    span = ShutSpan(first, first + weeks * WEEK, shifts)
    schedule = Schedule(date(2026, 12, 7), 2, date(2026, 1, 1), shut=(span,), rules=(rule(turn=0), rule(turn=1)))
    found = {turn: [] for turn in (0, 1)}
    for day, called in schedule.calls(date(2026, 12, 14), date(2027, 1, 20)):
        if not span.holds(day):
            found[called.turn].append(day.isoformat())
    assert found[0][:1] == a
    assert found[1][:2] == b
    assert schedule.asks(span) is (weeks != 2)


def test_in_a_rota_of_three_two_closed_weeks_make_a_difference():
    span = ShutSpan(date(2027, 2, 8), date(2027, 2, 20))
    assert Schedule(date(2027, 1, 4), 3, date(2027, 1, 4)).asks(span)
    assert not Schedule(date(2027, 1, 4), 2, date(2027, 1, 4)).asks(span)
    assert not Schedule(date(2027, 1, 4), 1, date(2027, 1, 4)).asks(span)


@pytest.mark.parametrize(
    ("first", "until", "weeks"),
    [
        (date(2027, 2, 8), date(2027, 2, 13), 1),  # Monday to Friday
        (date(2027, 2, 8), date(2027, 2, 12), 0),  # Friday is left
        (date(2027, 2, 9), date(2027, 2, 13), 0),  # Monday was served
        (date(2027, 2, 3), date(2027, 2, 17), 1),  # from a Wednesday to a Tuesday
        (date(2027, 2, 6), date(2027, 2, 28), 3),
        (date(2027, 2, 6), date(2027, 2, 7), 0),
    ],
)
def test_a_week_that_was_missed_is_one_of_which_no_day_is_left(first, until, weeks):
    assert whole_weeks(first, until) == weeks


def plainly(anchor, cycle, shut, last):
    """The letters of the weeks as one counts them with a finger on the calendar: after closed weeks that are owed, the finger goes back."""
    letters, turn, owed, monday = {}, 0, 0, anchor
    while monday <= last:
        missed = any(each.shifts and each.first <= monday and monday + timedelta(days=5) <= each.until for each in shut)
        if not missed:
            turn, owed = (turn - owed) % cycle, 0
        letters[monday] = turn
        owed += missed
        turn, monday = (turn + 1) % cycle, monday + WEEK
    return letters


SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40), st.booleans()), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 5), SPANS)
def test_the_turns_are_those_of_plain_counting(cycle, told):
    anchor, shut, free_from = date(2026, 8, 31), [], 0
    for gap, length, shifts in sorted(told):
        first = max(gap, free_from)
        shut.append(ShutSpan(anchor + timedelta(days=first), anchor + timedelta(days=first + length), shifts))
        free_from = first + length + 8  # Apart by a week, so that the finger knows which closure missed what.
    schedule = Schedule(anchor, cycle, anchor, shut=tuple(shut))
    for monday, turn in plainly(anchor, cycle, shut, anchor + timedelta(days=600)).items():
        assert schedule.turn(monday + timedelta(days=3)) == turn, monday


def test_a_rule_holds_from_its_day_to_the_day_before_its_end():
    schedule = Schedule(date(2026, 8, 31), 1, date(2026, 8, 31), rules=(rule(THURSDAY, since=date(2027, 1, 7), until=date(2027, 1, 21)),))
    assert calls(schedule, date(2026, 9, 1), date(2028, 1, 1)) == [date(2027, 1, 7), date(2027, 1, 14)]


def test_a_rota_has_no_passage_before_it_begins_or_once_it_is_over():
    schedule = Schedule(date(2027, 1, 4), 1, date(2027, 1, 4), until=date(2027, 1, 19), rules=(rule(TUESDAY),))
    assert calls(schedule, date(2026, 1, 1), date(2028, 1, 1)) == [date(2027, 1, 5), date(2027, 1, 12)]


def test_the_last_thursday_of_a_month_is_its_fourth_or_fifth_and_29_february_one_of_them():
    schedule = Schedule(date(2027, 1, 4), 2, date(2027, 1, 4), rules=(rule(THURSDAY, nth=LAST),))
    assert calls(schedule, date(2027, 1, 1), date(2027, 5, 1)) == [
        date(2027, 1, 28),
        date(2027, 2, 25),
        date(2027, 3, 25),
        date(2027, 4, 29),
    ]
    leap = Schedule(date(2028, 1, 3), 2, date(2028, 1, 3), rules=(rule(TUESDAY, nth=LAST),))
    assert calls(leap, date(2028, 2, 1), date(2028, 3, 1)) == [date(2028, 2, 29)]
    fortnightly = Schedule(date(2028, 2, 14), 2, date(2028, 1, 3), rules=(rule(TUESDAY, turn=0),))
    assert calls(fortnightly, date(2028, 2, 20), date(2028, 3, 20)) == [date(2028, 2, 29), date(2028, 3, 14)]


def test_the_second_of_a_month_is_between_the_8th_and_the_14th():
    assert [each for each in range(1, 32) if is_nth(date(2027, 1, each), 2)] == list(range(8, 15))


def test_two_rules_meet_where_one_day_may_have_both_at_the_same_hours():
    one = rule(turn=0)
    assert one.meets(rule(turn=None, opens=900, closes=1000), 2)
    assert one.meets(rule(nth=1), 2)
    assert not one.meets(rule(turn=1), 2)
    assert not one.meets(rule(turn=0, opens=990, closes=1000), 2), "one ends when the other begins"
    assert not one.meets(rule(weekday=THURSDAY, turn=0), 2)
    assert not rule(nth=1).meets(rule(nth=2), 2)
    assert rule(nth=4).meets(rule(nth=LAST), 2)
    assert not rule(until=date(2027, 1, 1)).meets(rule(since=date(2027, 1, 1)), 2)


def test_a_week_begins_on_its_monday():
    assert {monday_of(date(2026, 12, 28) + timedelta(days=each)) for each in range(7)} == {date(2026, 12, 28)}
