"""What came back is looked at, and a device reset, before it is lent again."""

import pytest

from refurb.lending.rules import NotWiped
from refurb.lending.words import ItemState
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    desk.back(desk.lent(tablet))
    event = fire(tablet, "check", wiped=True)
    assert tablet.state is ItemState.AVAILABLE
    assert event.facts["wiped"] is True


def test_a_kit_has_nothing_to_wipe(context):
    kit = desk.kit()
    desk.back(desk.lent(kit))
    assert "wiped" not in fire(kit, "check").facts
    assert kit.state is ItemState.AVAILABLE


def test_not_with_the_last_borrowers_data(context):
    tablet = desk.tablet()
    desk.back(desk.lent(tablet))
    with pytest.raises(NotWiped):
        fire(tablet, "check")
    assert tablet.state is ItemState.TO_CHECK


def test_not_what_is_out(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    refused_from(tablet, "check", ItemState.LENT, wiped=True)


def test_not_by_the_workshop(context):
    tablet = desk.tablet()
    desk.back(desk.lent(tablet))
    refused_to(tablet, "check", wiped=True)
