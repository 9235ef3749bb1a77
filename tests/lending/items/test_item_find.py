"""What was lost turns up again, and is checked."""

from refurb.lending.words import ItemState
from tests.lending.moves import WHY, fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    fire(tablet, "lose", **WHY)
    fire(tablet, "find")
    assert tablet.state is ItemState.TO_CHECK
    assert loan.lines[0].lost, "the loan's history stays as it was"


def test_not_what_is_here(context):
    refused_from(desk.tablet(), "find", ItemState.AVAILABLE)


def test_not_by_the_workshop(context):
    tablet = desk.tablet()
    fire(tablet, "lose", **WHY)
    refused_to(tablet, "find")
