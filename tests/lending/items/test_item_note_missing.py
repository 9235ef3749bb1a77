"""Pieces are found missing while a thing is with us."""

import pytest

from refurb.kernel.speech.errors import Invalid
from refurb.lending.items.rules import NotSoManyHere
from refurb.lending.kits.queries import missing_now
from refurb.lending.words import ItemState
from tests.lending.kits.telling import is_accounted_for, part
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk


def test_what_is_found_missing_at_the_shelf(context):
    kit = desk.kit()
    event = fire(kit, "note_missing", component=part(kit, "Câble").id, quantity=2)
    assert event.facts["component"] == "Câble USB-C, 1 m"
    assert kit.state is ItemState.INCOMPLETE
    assert missing_now(kit)[0].loan is None
    with pytest.raises(NotSoManyHere):
        fire(kit, "note_missing", component=part(kit, "Câble").id, quantity=3)
    with pytest.raises(Invalid):
        fire(kit, "note_missing", component=0, quantity=1)
    fire(kit, "complete", note="retrouvés", brought_back=True)
    assert missing_now(kit) == []
    is_accounted_for(kit)


def test_note_missing_not_while_it_is_out_and_not_by_the_workshop(context):
    kit = desk.kit()
    refused_to(kit, "note_missing", component=1, quantity=1)
    desk.lent(kit)
    refused_from(kit, "note_missing", ItemState.LENT, component=1, quantity=1)
