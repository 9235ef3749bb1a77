"""What was to do is not done, and its days are free."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.lending.claims.models import ItemClaim
from refurb.lending.upkeep.words import UpkeepState
from tests.lending.upkeep.tending import fire, planned, repair
from tests.support.story import desk


def test_it_works(context):
    _plan, ticket = planned(desk.kit(), on_date=today())
    claim = ticket.claim
    assert claim.ended_at is None
    fire(ticket, "drop", reason="matériel neuf")
    assert ticket.state is UpkeepState.DROPPED
    assert db.session.get(ItemClaim, claim.id).ended_at is not None


def test_not_without_a_reason(context):
    with pytest.raises(Invalid):
        fire(repair(desk.kit()), "drop")


def test_not_by_the_workshop(context):
    with pytest.raises(Forbidden):
        fire(repair(desk.kit()), "drop", Role.TECHNICIAN, reason="?")
