"""A thing stays in the pool without what is missing of it."""

import pytest

from refurb.lending.items.rules import IndispensableMissing
from refurb.lending.words import ItemState
from tests.lending.kits.telling import correct, told
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    kit = desk.kit()
    desk.back(desk.lent(kit), Câble=("missing", 3))
    fire(kit, "keep_incomplete")
    assert kit.state is ItemState.TO_CHECK


def test_not_kept_for_lending_without_what_is_indispensable(context):
    kit = desk.kit()
    correct(kit, told(kit, Robot={"indispensable": True}))
    desk.back(desk.lent(kit), Robot=("missing", 3))
    with pytest.raises(IndispensableMissing):
        fire(kit, "keep_incomplete")
    refused_from(desk.tablet(), "keep_incomplete", ItemState.AVAILABLE)
    refused_to(kit, "keep_incomplete")
