"""A thing that is no device of the stock leaves the pool for good."""

import pytest

from refurb.lending.items.rules import HasDevice
from refurb.lending.words import ItemState
from tests.lending.moves import WHY, fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    kit = desk.kit()
    fire(kit, "retire", **WHY)
    assert kit.state is ItemState.RETIRED


def test_not_a_device_of_the_stock(context):
    with pytest.raises(HasDevice):
        fire(desk.tablet(), "retire", **WHY)


def test_not_what_is_out(context):
    kit = desk.kit()
    desk.lent(kit)
    refused_from(kit, "retire", ItemState.LENT, **WHY)


def test_not_by_the_workshop(context):
    refused_to(desk.kit(), "retire", **WHY)
