"""Whoever was taken off is invited again, by the same invitation: a guest by a press, a family by choosing her hand-over again."""

import pytest

from refurb.ceremonies.guests.rules import NotChosen
from refurb.ceremonies.guests.words import GuestAnswer
from tests.support.story import families, gala


def test_a_guest_by_a_press(context):
    guest = gala.guest(gala.planned())
    gala.answer(guest, "withdraw")
    gala.answer(guest, "invite_again")
    assert guest.state is GuestAnswer.TO_SEND


def test_a_family_by_choosing_her_again(context):
    allocation = families.allocated()
    ceremony = gala.planned(allocation)
    was = gala.family(ceremony)
    gala.choose(ceremony)
    with pytest.raises(NotChosen):
        gala.answer(was, "invite_again")
    gala.choose(ceremony, allocation)
    assert (gala.family(ceremony), was.state, was.no_photo) == (was, GuestAnswer.TO_SEND, True)
