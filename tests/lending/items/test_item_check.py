"""What came back is looked at, and a device reset, before it is lent again."""

import pytest

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.items.actions import keeps_data
from refurb.lending.items.rules import NotWiped
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


def test_what_is_asked_follows_the_category(context):
    """A projector of the stock keeps nobody's data, a tablet that was bought does."""
    pooled, bought = desk.tablet(), desk.kit("Tablette achetée")
    with unit_of_work():
        bought.product.category, pooled.product.category = "tablet", "projector"
    assert keeps_data(bought)
    assert not keeps_data(pooled)


def test_where_the_category_does_not_say_the_kind_of_device_decides(context):
    tablet = desk.tablet()
    with unit_of_work():
        tablet.product.category = "other"
    assert keeps_data(tablet)
    with unit_of_work():
        tablet.device.kind = DeviceKind.OTHER
    assert not keeps_data(tablet)
