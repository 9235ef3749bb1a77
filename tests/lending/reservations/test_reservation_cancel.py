"""A reservation is cancelled: what it held is free again, first for whoever was short."""

import pytest

from refurb.lending.reservations.rules import NotToCome
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import fire, live, refused_from_here, refused_to_strangers, reserved
from tests.support.story import desk, promises

WHY = {"reason": "L'atelier n'a pas lieu"}


def test_it_works_and_serves_whoever_was_short(context):
    kit = desk.kit()
    first = reserved(kit)
    short = promises.promised(kit, first.from_on, first.to_on)
    assert short.item_id is None
    fire(first, "cancel", **WHY)
    assert first.state is ReservationState.CANCELLED
    assert live(first) == []
    assert promises.again(short).item_id == kit.id


def test_not_what_has_left_in_part(context):
    kits, who = [desk.kit("Malle 1"), desk.kit("Malle 2")], desk.borrower()
    made = reserved(*kits, who=who, starts=1)
    desk.lent(kits[0], who)
    with pytest.raises(NotToCome):
        fire(made, "cancel", **WHY)
    assert len(live(made)) == 2


def test_not_twice_and_not_by_the_workshop(context):
    made = reserved(desk.kit())
    refused_to_strangers(made, "cancel", **WHY)
    fire(made, "cancel", **WHY)
    refused_from_here(made, "cancel", **WHY)
