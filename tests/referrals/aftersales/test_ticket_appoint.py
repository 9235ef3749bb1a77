"""The family is given an hour; it may be given another one."""

import datetime as dt

import pytest

from refurb.kernel.speech.clock import local, now, today
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.aftersales.words import TicketState
from tests.support.story import troubles

WHEN = "%sT10:30"


def test_it_works_twice(context):
    ticket, tomorrow = troubles.told(), today() + dt.timedelta(days=1)
    troubles.fire(ticket, "appoint", at=WHEN % tomorrow, place="Atelier")
    assert ticket.state is TicketState.APPOINTED
    assert local(ticket.appointment_at).strftime("%Y-%m-%d %H:%M") == f"{tomorrow} 10:30"
    later = tomorrow + dt.timedelta(days=1)
    troubles.fire(ticket, "appoint", at=WHEN % later, place="À domicile")
    assert local(ticket.appointment_at).date() == later
    assert ticket.appointment_place == "À domicile"


def test_not_in_the_past(context):
    ticket = troubles.told()
    with pytest.raises(Invalid):
        troubles.fire(ticket, "appoint", at=WHEN % (now() - dt.timedelta(days=2)).date(), place="Atelier")
