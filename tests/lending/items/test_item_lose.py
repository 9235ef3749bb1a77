"""A thing is declared lost; if it was out, its line is over and the loan may close."""

import pytest

from refurb.kernel.speech.errors import Invalid
from refurb.lending.words import ComponentState, ItemState, LoanState
from tests.lending.moves import WHY, fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    fire(tablet, "lose", **WHY)
    assert tablet.state is ItemState.LOST


def test_lost_while_it_is_out_ends_its_line_with_everything_missing(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    fire(tablet, "lose", **WHY)
    line = loan.lines[0]
    assert line.lost
    assert line.back_at is not None
    assert {count.state_back for count in line.counts} == {ComponentState.MISSING}
    assert loan.state is LoanState.CLOSED


def test_not_without_a_reason(context):
    with pytest.raises(Invalid):
        fire(desk.tablet(), "lose")


def test_not_twice(context):
    tablet = desk.tablet()
    fire(tablet, "lose", **WHY)
    refused_from(tablet, "lose", ItemState.LOST, **WHY)


def test_not_by_the_workshop(context):
    refused_to(desk.tablet(), "lose", **WHY)
