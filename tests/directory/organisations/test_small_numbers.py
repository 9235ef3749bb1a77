"""Numbers of people below five are not written, nor told by what stands beside them."""

import pytest

from refurb.directory.organisations.shown import masked, masked_total


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (1, "moins de 5"), (4, "moins de 5"), (5, "5"), (12, "12")])
def test_a_small_number_is_not_written(context, number, said):
    assert masked(number) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((0, 0), "0"),
        ((2, 1), "moins de 5"),
        ((1, 1, 1, 1), "au moins 4"),  # « moins de 5 » would tell all four
        ((6, 7, 0), "13"),
        ((7, 1), "plus de 7"),  # 8 would tell the one
        ((6, 1, 1), "plus de 6"),  # 8 would tell both
        ((4, 4), "plus de 4"),  # as would 8 here
    ],
)
def test_no_subtraction_tells_it(context, parts, said):
    assert masked_total(parts) == said
