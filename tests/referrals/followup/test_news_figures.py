"""What families answered in numbers: each rate with how many were asked, and no number of one to four people told or worked out."""

from hypothesis import given
from hypothesis import strategies as some

from refurb.directory.organisations.shown import FEW
from refurb.referrals.followup.figures import StageFigures, protected


@given(some.lists(some.integers(0, 40), min_size=1, max_size=6))
def test_no_small_number_is_told_nor_can_be_worked_out(counts):
    rows = [(f"R{place}", count) for place, count in enumerate(counts)]
    told = protected(rows)
    if 0 < sum(counts) < FEW:
        assert told == []
        return
    assert sum(count for _word, count in told) == sum(counts), "the total is the same, so a subtraction tells nothing"
    assert all(count == 0 or count >= FEW for _word, count in told)
    said = " ".join(word for word, _count in told).lower()
    assert all(f"r{place}" in said for place in range(len(counts)))


def test_rows_that_are_large_enough_stay_as_they_are():
    assert protected([("Marche", 19), ("Sans réponse", 7)]) == [("Marche", 19), ("Sans réponse", 7)]


def test_two_small_ones_are_united():
    told = protected([("Marche toujours", 19), ("Avec un souci", 3), ("Ne marche plus", 2), ("Sans réponse", 7)])
    assert told == [("Marche toujours", 19), ("Avec un souci, ou ne marche plus", 5), ("Sans réponse", 7)]


def test_neither_the_few_who_answered_nor_the_few_who_did_not_are_told():
    def figures(asked, answered):
        return StageFigures(30, asked, answered, [], [], [], [])

    assert figures(31, 24).told_answered == "24"
    assert figures(31, 3).told_answered == "moins de 5"
    assert figures(31, 29).told_answered == "plus de 26"
    assert figures(4, 4).few
    assert figures(4, 4).told_asked == "moins de 5"
