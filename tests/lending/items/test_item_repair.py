"""A repaired thing is checked before it is lent again."""

from refurb.lending.words import ItemState
from tests.lending.moves import WHY, fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    fire(tablet, "send_to_repair", **WHY)
    fire(tablet, "repair")
    assert tablet.state is ItemState.TO_CHECK


def test_not_what_is_not_in_repair(context):
    refused_from(desk.tablet(), "repair", ItemState.AVAILABLE)


def test_not_by_the_workshop(context):
    tablet = desk.tablet()
    fire(tablet, "send_to_repair", **WHY)
    refused_to(tablet, "repair")
