"""What was missing is there again."""

import pytest

from refurb.kernel.speech.errors import Invalid
from refurb.lending.items.queries import missing_of
from refurb.lending.words import ItemState
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk


def incomplete():
    tablet = desk.tablet()
    desk.back(desk.lent(tablet), Chargeur=("missing", 0))
    return tablet


def test_it_works(context):
    tablet = incomplete()
    fire(tablet, "complete", note="chargeur remplacé")
    assert tablet.state is ItemState.TO_CHECK
    assert missing_of(tablet) == []


def test_not_without_saying_how(context):
    with pytest.raises(Invalid):
        fire(incomplete(), "complete")


def test_not_what_is_complete(context):
    refused_from(desk.tablet(), "complete", ItemState.AVAILABLE, note="?")


def test_not_by_the_workshop(context):
    refused_to(incomplete(), "complete", note="?")
