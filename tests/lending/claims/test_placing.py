"""Where reservations may stand: asked of the pure function, beside a search that tries everything."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.lending.claims.placing import Want, place

FIRST = date(2027, 3, 1)


def day(number):
    return FIRST + timedelta(days=number)


def want(number, starts, until, item=None):
    return Want(number, day(starts), day(until), item)


def overlaps(one, other):
    return one[0] < other[1] and other[0] < one[1]


def whole_search(items, fixed, wants):
    """Whether every want can be served at once: all ways are tried."""
    for chosen in product(items, repeat=len(wants)):
        taken = [*fixed, *((item, each.starts, each.until) for item, each in zip(chosen, wants, strict=True))]
        if not any(one[0] == other[0] and overlaps(one[1:], other[1:]) for at, one in enumerate(taken) for other in taken[:at]):
            return True
    return False


def fixed_apart(told):
    """Of some invented windows those that the wall would let stand."""
    kept = []
    for item, starts, length in told:
        window = (item, day(starts), day(starts + length))
        if not any(item == other[0] and overlaps(window[1:], other[1:]) for other in kept):
            kept.append(window)
    return kept


spans = st.tuples(st.integers(0, 14), st.integers(1, 8))
windows = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 14), st.integers(1, 4)), max_size=6).map(fixed_apart)


@settings(max_examples=150, deadline=None)
@given(windows, st.lists(spans, min_size=1, max_size=6))
def test_it_serves_all_when_a_search_of_all_ways_does_and_never_two_at_once(fixed, told):
    wants = [want(at, starts, starts + length) for at, (starts, length) in enumerate(told)]
    placed = place((1, 2, 3), fixed, wants)
    taken = [*fixed, *((placed[each.id], each.starts, each.until) for each in wants if placed[each.id] is not None)]
    assert not any(one[0] == other[0] and overlaps(one[1:], other[1:]) for at, one in enumerate(taken) for other in taken[:at])
    # One after the other, as people ask: each is served if, and only if, it and all who were served before it can be at once.
    served = []
    for each in wants:
        if whole_search((1, 2, 3), fixed, [*served, each]):
            served.append(each)
    assert {each.id for each in served} == {number for number, item in placed.items() if item is not None}


def test_two_days_each_with_one_free_are_not_one_thing_free_for_both():
    fixed = [(1, day(0), day(5)), (2, day(5), day(10))]
    assert place((1, 2), fixed, [want(1, 0, 10)]) == {1: None}


def test_others_move_so_that_a_long_one_is_served():
    standing = [want(1, 0, 3, item=1), want(2, 5, 8, item=2)]
    placed = place((1, 2), [], [*standing, want(3, 0, 9)])
    assert placed[3] is not None
    assert placed[1] == placed[2] != placed[3]


def test_whoever_stands_is_not_put_off_for_an_older_one():
    assert place((1,), [], [want(1, 0, 5), want(2, 3, 8, item=1)]) == {1: None, 2: 1}


def test_a_thing_that_comes_back_in_the_morning_leaves_on_the_same_day():
    assert place((1,), [(1, day(0), day(3))], [want(1, 3, 5)]) == {1: 1}


@pytest.mark.parametrize("starts", [2, 4])
def test_one_day_too_many_is_too_many(starts):
    assert place((1,), [(1, day(0), day(3)), (1, day(5), day(9))], [want(1, starts, starts + 2)]) == {1: None}


def test_the_oldest_of_those_who_wait_comes_first():
    assert place((1,), [], [want(2, 0, 5), want(1, 0, 5)]) == {1: 1, 2: None}


def test_few_move_where_few_are_enough():
    taken = [(item, 7 * week + 3 * item % 7) for item in range(1, 21) for week in range(4)]
    standing = [want(number, starts, starts + 6, item) for number, (item, starts) in enumerate(taken)]
    placed = place(range(1, 21), [], [*standing, want(1_000, 5, 19)])
    assert placed[1_000] is not None
    assert None not in placed.values()
    moved = [each.id for each in standing if placed[each.id] != each.item]
    assert 0 < len(moved) < len(standing) / 2, "each that moves is written"
