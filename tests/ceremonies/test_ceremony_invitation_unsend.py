"""An invitation is taken back before it leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.ceremonies.guests.actions import MAIL_GUEST
from refurb.ceremonies.guests.effects import mail_ceremony_guest
from refurb.ceremonies.guests.rules import LetterLeft
from refurb.ceremonies.guests.words import GuestAnswer
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.speech.clock import at, now
from tests.support.story import gala


def test_within_ten_minutes_nothing_leaves(context):
    guest = gala.guest(gala.planned())
    gala.answer(guest, "send")

    gala.answer(guest, "unsend")

    assert guest.state is GuestAnswer.TO_SEND
    with pytest.raises(NotTold):
        mail_ceremony_guest(**db.session.scalars(select(Effect).where(Effect.kind == MAIL_GUEST)).one().facts)


def test_what_left_is_not_taken_back(context):
    guest = gala.guest(gala.planned())
    gala.answer(guest, "send")

    with at(now() + timedelta(minutes=10)), pytest.raises(LetterLeft):
        gala.answer(guest, "unsend")
