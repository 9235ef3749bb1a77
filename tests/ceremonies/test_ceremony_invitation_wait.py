"""A full room keeps whoever asks waiting, in order; whoever leaves the line changes nobody's place but those behind."""

import pytest

from refurb.ceremonies.guests.queries import place_in_line
from refurb.ceremonies.guests.words import GuestAnswer
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Conflict
from tests.support.story import gala


def test_the_office_puts_somebody_on_the_list(context):
    ceremony = gala.planned(capacity=1)
    first, second, third = (gala.guest(ceremony, name) for name in ("Mme Un", "M. Deux", "Mme Trois"))
    gala.answer(first, "accept")

    gala.answer(second, "wait", companions=2)
    gala.answer(third, "wait")

    assert (place_in_line(second), place_in_line(third), ceremony.taken) == (1, 2, 1)
    gala.answer(second, "decline")
    assert place_in_line(third) == 1


def test_with_room_left_nobody_waits(context):
    guest = gala.guest(gala.planned(capacity=3))
    gala.answer(guest, "wait")
    db.session.expire_all()
    assert guest.state is GuestAnswer.COMING


def test_whoever_waits_has_waited_since_an_hour(context):
    guest = gala.guest(gala.planned())
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(guest.__table__.update().values(state="waiting"))
