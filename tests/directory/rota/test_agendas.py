"""Calendars by signed addresses: of an adviser, a place, a machine; nothing in them names who is helped, and one taken back is gone."""

import re

import pytest
from sqlalchemy import select

from refurb.accounts.models import Account
from refurb.directory.rota import agendas
from refurb.directory.rota.models import CalendarFeed
from refurb.directory.rota.words import FeedKind
from refurb.directory.sites.models import FIRST
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, NotFound
from tests.support.story import appointments, families, gala, people

PAGE = "/agendas"
pytestmark = pytest.mark.usefixtures("client")  # On one database: nothing here differs between them.


def told(content):
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    events = "\n".join(lines).split("BEGIN:VEVENT\n")[1:]
    return [dict(line.split(":", 1) for line in each.splitlines() if ":" in line) for each in events]


def made(kind, number=None, role=Role.COORDINATOR):
    with unit_of_work():
        return agendas.make_feed(people.actor(role), kind=kind, number=number)


def test_the_agenda_of_a_place_has_hours_and_numbers_in_utc_and_no_name(context):
    slot = appointments.opened()[0]
    invitation = appointments.chosen(appointments.invite_to(families.allocated()), slot)
    gala.planned()
    feed = made(FeedKind.SITE, FIRST)
    content = agendas.calendar_of(feed)
    handover = next(each for each in told(content) if str(each["UID"]).startswith("remises-"))
    assert handover["DTSTART"] == f"{slot.starts_at:%Y%m%dT%H%M%SZ}"
    assert "1 personne attendue" in handover["SUMMARY"]
    assert any(str(each["UID"]).startswith("ceremonie-") for each in told(content))
    referral = invitation.allocation.referral
    for hidden in (referral.beneficiary.last_name, referral.beneficiary.first_name, referral.reference, "CCAS"):
        assert hidden not in content.decode()


def test_a_ceremony_that_is_off_is_cancelled_there(context):
    ceremony = gala.planned()
    gala.fire(ceremony, "cancel", reason="Salle fermée.")
    (event,) = [each for each in told(agendas.calendar_of(made(FeedKind.SITE, FIRST))) if str(each["UID"]).startswith("ceremonie-")]
    assert str(event["STATUS"]) == "CANCELLED"


def test_the_address_opens_without_an_account_until_it_is_taken_back(app, signed_in, client):
    desk = signed_in(Role.COORDINATOR)
    assert desk.submit(PAGE, {"of": f"site-{FIRST}"}).status_code == 303
    address = re.search(r'value="http[^"]*(/agendas/[^"]+\.ics)"', desk.get(PAGE).text)[1]
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    with app.app_context():
        number = db.session.scalars(select(CalendarFeed.id)).one()
    assert signed_in(Role.DESK).submit(f"/agendas/{number}/retirer", {}).status_code == 404, "it is somebody else's"
    assert desk.submit(f"/agendas/{number}/retirer", {}).status_code == 303
    assert client.get(address).status_code == 404
    assert client.get(address.replace(".ics", "x.ics")).status_code == 404


def test_an_account_that_is_closed_opens_no_calendar_any_more(context):
    feed = made(FeedKind.PERSON)
    token = agendas.token_of(feed)
    assert agendas.open_token(token).id == feed.id
    with unit_of_work():
        db.session.get(Account, feed.account_id).is_active = False
    with pytest.raises(NotFound):
        agendas.open_token(token)


@pytest.mark.parametrize("asked", ["", "site-999999", "site-0", "machine-x", "person-1", "moon-1"])
def test_what_is_no_agenda_is_refused_and_nothing_is_made(app, signed_in, asked):
    answer = signed_in(Role.COORDINATOR).submit(PAGE, {"of": asked})
    assert answer.status_code in {404, 422}
    with app.app_context():
        assert db.session.scalars(select(CalendarFeed)).all() == []


@pytest.mark.both_databases
def test_an_agenda_is_followed_by_one_address_and_what_is_done_stands_in_the_history(context):
    first = made(FeedKind.SITE, FIRST)
    assert made(FeedKind.SITE, FIRST).id == first.id
    with unit_of_work():
        agendas.revoke_feed(people.actor(Role.COORDINATOR), first.id)
    with unit_of_work():
        agendas.revoke_feed(people.actor(Role.COORDINATOR), first.id)
    assert made(FeedKind.SITE, FIRST).id != first.id
    assert sorted(each.move for each in events_of(first)) == ["feed_made", "feed_revoked"]
    with pytest.raises(Forbidden):
        made(FeedKind.PERSON, role=Role.PRESCRIBER)


def test_partners_have_no_agenda_of_the_house(signed_in):
    assert signed_in(Role.PRESCRIBER).get(PAGE).status_code == 403
