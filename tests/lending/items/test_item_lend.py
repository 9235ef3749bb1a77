"""A thing goes out: only with a loan, a day and a count."""

import pytest

from refurb.kernel.deeds.history import last_event
from refurb.kernel.speech.errors import Invalid
from refurb.lending.words import ItemState
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    assert tablet.state is ItemState.LENT
    event = last_event(tablet)
    assert event.move == "lend"
    assert event.facts["loan_id"] == loan.id
    assert event.facts["counts"] == [["Tablette", 1, "complete"], ["Chargeur", 1, "complete"], ["Housse", 1, "complete"]]


def test_not_without_a_loan(context):
    tablet = desk.tablet()
    with pytest.raises(Invalid):
        fire(tablet, "lend")
    assert tablet.state is ItemState.AVAILABLE


def test_not_what_is_out(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    refused_from(tablet, "lend", ItemState.LENT)


def test_not_by_the_workshop(context):
    refused_to(desk.tablet(), "lend")
