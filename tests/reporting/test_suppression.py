"""No number from 1 to 4 can be worked out: every table that fits what is shown is tried."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.reporting.figures.suppression import FEW, Cover, SumOf, protect

MOST = 15


def row(*numbers):
    cells = {"total": sum(numbers), **dict(enumerate(numbers))}
    return cells, [SumOf("total", tuple(range(len(numbers))))]


def crossed(rows):
    """A table with its margins, and what they add up to."""
    across, down = range(len(rows)), range(len(rows[0]))
    cells = {(i, j): rows[i][j] for i in across for j in down}
    cells |= {(i, "all"): sum(rows[i]) for i in across} | {("all", j): sum(each[j] for each in rows) for j in down}
    cells["all", "all"] = sum(map(sum, rows))
    sums = [SumOf((i, "all"), tuple((i, j) for j in down)) for i in across]
    sums += [SumOf(("all", j), tuple((i, j) for i in across)) for j in down]
    return cells, [
        *sums,
        SumOf(("all", "all"), tuple((i, "all") for i in across)),
        SumOf(("all", "all"), tuple(("all", j) for j in down)),
    ]


def could_be(number, how):
    return {
        Cover.EXACT: range(number, number + 1), Cover.FEW: range(1, FEW), Cover.HIDDEN: range(FEW, MOST), Cover.WITHHELD: range(MOST),
    }[how]  # fmt: skip


def told(cells, sums, shown):
    """By each few cell, the numbers that it has in some table that fits; the innermost cells are tried, the sums follow."""
    totals = {each.total for each in sums}
    inner = [key for key in cells if key not in totals]
    found = {key: set() for key, how in shown.items() if how is Cover.FEW}
    for numbers in product(*(could_be(cells[key], shown[key]) for key in inner)):
        table = dict(zip(inner, numbers, strict=True))
        waiting = list(sums)
        while waiting:  # Sums of sums last.
            each = waiting.pop(0)
            if not all(part in table for part in each.parts):
                waiting.append(each)
                continue
            table[each.total] = sum(table[part] for part in each.parts)
        fits = all(table[each.total] == sum(table[part] for part in each.parts) for each in sums)
        limits = (key for key in totals if shown[key] is not Cover.WITHHELD)
        if fits and all(
            table[key] == cells[key]
            if shown[key] is Cover.EXACT
            else 0 < table[key] < FEW
            if shown[key] is Cover.FEW
            else table[key] >= FEW
            for key in limits
        ):
            for key, numbers_of in found.items():
                numbers_of.add(table[key])
    return found


def is_safe(cells, sums):
    shown = protect(cells, sums)
    assert all(shown[key] is not Cover.EXACT for key, number in cells.items() if 0 < number < FEW)
    assert all(numbers == set(range(1, FEW)) for numbers in told(cells, sums, shown).values()), shown
    return shown


SMALL = st.integers(0, 9)


@settings(max_examples=25, deadline=None)
@given(st.lists(SMALL, min_size=1, max_size=4))
def test_nothing_of_a_row_with_its_total_can_be_worked_out(numbers):
    is_safe(*row(*numbers))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(SMALL, min_size=2, max_size=2), min_size=2, max_size=2))
def test_nothing_of_a_crossed_table_can_be_worked_out(rows):
    is_safe(*crossed(rows))


@settings(max_examples=10, deadline=None)
@given(st.lists(SMALL, min_size=2, max_size=2), st.integers(0, 9))
def test_nothing_can_be_worked_out_where_two_tables_have_one_total(numbers, other):
    one = sum(numbers)
    parts = (min(other, one), one - min(other, one))
    cells = {"all": one, ("a", 0): numbers[0], ("a", 1): numbers[1], ("b", 0): parts[0], ("b", 1): parts[1]}
    is_safe(cells, [SumOf("all", (("a", 0), ("a", 1))), SumOf("all", (("b", 0), ("b", 1)))])


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 7), st.tuples(st.integers(1, 8), st.integers(1, 8)), st.integers(0, 8))
def test_no_reason_can_be_worked_out(untold, lines, twice):
    """Several reasons of one visit: each is told by no more visits than told one, all together by no fewer."""
    told = sum(lines) - min(twice, *lines)
    cells = {"visits": untold + told, "untold": untold, "told": told, 0: lines[0], 1: lines[1], "all": sum(lines)}
    cells |= {"more": sum(lines) - told, ("not", 0): told - lines[0], ("not", 1): told - lines[1]}
    sums = [SumOf("visits", ("untold", "told")), SumOf("all", (0, 1)), SumOf("all", ("told", "more"))]
    sums += [SumOf("told", (each, ("not", each))) for each in (0, 1)]
    unsaid = {"all", "more", ("not", 0), ("not", 1), *((0, 1) if 0 < told < FEW else ())}
    shown = protect(cells, sums, unsaid)
    found = {key: set() for key, how in shown.items() if how is Cover.FEW}
    of = {key: could_be(cells[key], shown[key]) for key in cells}
    for none, one, other in product(of["untold"], of[0], of[1]):
        for some in range(max(one, other), one + other + 1):
            if some in of["told"] and (none + some in of["visits"] or (shown["visits"] is Cover.HIDDEN and none + some >= FEW)):
                for key, number in (("untold", none), (0, one), (1, other), ("told", some), ("visits", none + some)):
                    found.get(key, set()).add(number)
    assert all(numbers >= set(range(1, FEW)) for numbers in found.values()), shown


def test_a_second_one_is_hidden_where_the_total_would_tell_the_first():
    shown = protect(*row(3, 40, 12, 0))
    assert [shown[each] for each in ("total", 0, 1, 2, 3)] == [
        Cover.EXACT,
        Cover.FEW,
        Cover.EXACT,
        Cover.HIDDEN,
        Cover.EXACT,
    ]


def test_two_few_numbers_that_leave_each_other_room_hide_nothing_else():
    shown = protect(*row(2, 3, 40))
    assert Cover.HIDDEN not in shown.values()


@pytest.mark.parametrize("numbers", [(4, 4), (1, 1, 1, 2), (1, 5)])
def test_where_parts_leave_too_little_room_the_total_is_hidden_too(numbers):
    shown = protect(*row(*numbers))
    assert shown["total"] is Cover.HIDDEN


def test_of_a_few_people_nothing_is_told_apart():
    shown = protect(*row(1, 2, 0))
    assert (shown["total"], {shown[each] for each in (0, 1, 2)}) == (Cover.FEW, {Cover.WITHHELD})


def test_what_is_large_or_nought_is_told():
    assert set(protect(*row(0, 5, 700)).values()) == {Cover.EXACT}


def test_a_long_table_is_done_at_once():
    numbers = [(each * 7) % 23 for each in range(60)]
    shown = protect(*row(*numbers))
    assert shown["total"] is Cover.EXACT
    assert sum(how is Cover.FEW for how in shown.values()) == sum(0 < each < FEW for each in numbers)
