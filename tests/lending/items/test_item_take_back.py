"""A thing comes back complete: to be checked."""

import pytest

from refurb.lending.items.rules import NotCounted, SomethingMissing
from refurb.lending.words import ItemState
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    desk.back(loan)
    assert tablet.state is ItemState.TO_CHECK
    assert [count.quantity_back for count in loan.lines[0].counts] == [1, 1, 1]


def test_something_damaged_is_noted_and_there(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    desk.back(loan, Housse=("damaged", None))
    assert tablet.state is ItemState.TO_CHECK
    assert [count.state_back.value for count in loan.lines[0].counts] == ["complete", "complete", "damaged"]


def test_not_with_a_component_missing(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    with pytest.raises(SomethingMissing):
        fire(tablet, "take_back", counts=desk.all_there(loan.lines[0].counts, Chargeur=("missing", 0)))


def test_not_uncounted(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    with pytest.raises(NotCounted):
        fire(tablet, "take_back", counts=[])
    assert tablet.state is ItemState.LENT


def test_not_what_is_here(context):
    refused_from(desk.tablet(), "take_back", ItemState.AVAILABLE)


def test_not_by_the_workshop(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    refused_to(tablet, "take_back")
