"""A thing comes back with something missing: to be completed."""

import pytest

from refurb.lending.items.queries import missing_of
from refurb.lending.items.rules import NothingMissing
from refurb.lending.words import ComponentState, ItemState
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    desk.back(loan, Chargeur=("missing", 0))
    assert tablet.state is ItemState.INCOMPLETE
    charger = loan.lines[0].counts[1]
    assert (charger.quantity_back, charger.state_back) == (0, ComponentState.MISSING)
    assert missing_of(tablet) == ["Chargeur"]


def test_what_was_missing_when_it_left_is_not_missing_again(context):
    kit = desk.kit()
    loan = desk.lent(kit, Tapis=("missing", 0))
    desk.back(loan)
    assert kit.state is ItemState.TO_CHECK


def test_not_when_all_is_there(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    with pytest.raises(NothingMissing):
        fire(tablet, "take_back_incomplete", counts=desk.all_there(loan.lines[0].counts))
    assert tablet.state is ItemState.LENT


def test_not_what_is_here(context):
    refused_from(desk.tablet(), "take_back_incomplete", ItemState.AVAILABLE)


def test_not_by_the_workshop(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    refused_to(tablet, "take_back_incomplete")
