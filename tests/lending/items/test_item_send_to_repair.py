"""A thing goes to repair and is not lent meanwhile."""

import pytest

from refurb.kernel.speech.errors import Invalid
from refurb.lending.words import ItemState
from tests.lending.moves import WHY, fire, refused_from, refused_to
from tests.support.story import desk


def test_it_works(context):
    tablet = desk.tablet()
    fire(tablet, "send_to_repair", **WHY)
    assert tablet.state is ItemState.IN_REPAIR


def test_not_without_a_reason(context):
    with pytest.raises(Invalid):
        fire(desk.tablet(), "send_to_repair")


def test_not_what_is_out(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    refused_from(tablet, "send_to_repair", ItemState.LENT, **WHY)


def test_not_by_an_observer(context):
    refused_to(desk.tablet(), "send_to_repair", **WHY)
