"""An organisation is refused, with a reason of the list; somebody else than who wrote the request says so."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.endowed import EndowmentRefusal, EndowmentState
from tests.support.story import endowed


def test_it_is_refused_with_a_reason(context):
    endowment = endowed.asked()
    endowed.fire(endowment, "refuse", refusal="no_stock")
    assert (endowment.state, endowment.refusal) == (EndowmentState.REFUSED, EndowmentRefusal.NO_STOCK)


def test_not_without(context):
    with pytest.raises(Invalid):
        endowed.fire(endowed.asked(), "refuse")


def test_not_by_a_partner(context):
    with pytest.raises(Forbidden):
        endowed.fire(endowed.asked(), "refuse", Role.PRESCRIBER, refusal="no_stock")
