"""Closures of some hours: what is left of the day stays open, and whatever is agreed on for those hours is told."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import insert

from refurb.directory.agenda.actions import close_days, sum_of_planned
from refurb.directory.agenda.calendar import agenda
from refurb.directory.agenda.days import ClosedSpan, SiteDays
from refurb.directory.agenda.models import ClosedDays
from refurb.directory.agenda.planned import what_is_planned
from refurb.directory.agenda.queries import closures, days_of, stays_open
from refurb.directory.agenda.rules import span_to_close
from refurb.directory.sites.hours import read_osm
from refurb.directory.sites.models import FIRST
from refurb.inventory.donations.queries.appointments import slots_with_room, standing_appointment
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Invalid
from refurb.referrals.handovers.rules import HandoverSlotGone, can_be_chosen
from tests.lending.fablab import booked, printer
from tests.support.story import appointments, desk, intake, people, places, rota

MONDAY = date(2027, 2, 1)
MORNING, AFTERNOON = (0, 12 * 60 + 30), (13 * 60, 24 * 60)


def days(*shut, hours="Mo-Fr 09:00-12:00,14:00-18:00"):
    closed = tuple(ClosedSpan(MONDAY, MONDAY, hours=each) for each in shut)
    return SiteDays(agenda(), closed, read_osm(hours) if hours else None)


@pytest.mark.parametrize(
    ("shut", "left"),
    [
        ([], ((540, 720), (840, 1080))),
        ([MORNING], ((840, 1080),)),
        ([AFTERNOON], ((540, 720),)),
        ([(600, 660)], ((540, 600), (660, 720), (840, 1080))),
        ([(600, 900)], ((540, 600), (900, 1080))),
        ([MORNING, AFTERNOON], ()),
        ([(540, 1080)], ()),
    ],
)
def test_what_is_left_of_a_day(context, shut, left):
    found = days(*shut)
    assert found.open_spans(MONDAY) == left
    assert found.is_open(MONDAY) is bool(left)
    assert found.is_spared(MONDAY), "none closes the whole day by itself"
    assert found.is_open(MONDAY + timedelta(days=1))


def test_hours_that_nobody_has_said_leave_the_rest_of_the_day(context):
    found = days(MORNING, hours=None)
    assert found.open_spans(MONDAY) == ((750, 1440),)
    assert not found.is_open_between(MONDAY, time(9), time(12))
    assert found.is_open_between(MONDAY, time(12), time(14))
    assert found.is_spared_between(MONDAY, 750, 780)
    assert not found.is_spared_between(MONDAY, 740, 780)


def test_a_yearly_closure_of_hours_comes_every_year(context):
    span = ClosedSpan(date(2026, 12, 24), date(2026, 12, 24), yearly=True, hours=AFTERNOON)
    assert (span.touches(date(2030, 12, 24)), span.holds(date(2030, 12, 24))) == (True, False)


@pytest.mark.parametrize("hours", [(600, 600), (700, 600), (-1, 60), (600, 1441)])
def test_hours_end_after_they_begin_and_within_a_day(context, hours):
    with pytest.raises(Invalid) as refused:
        span_to_close(MONDAY, None, hours=hours)
    assert list(refused.value.fields) == ["until_hour"]
    told = {"reason": "x", "first": MONDAY, "last": MONDAY, "entered_at": now(), "from_minute": hours[0], "until_minute": hours[1]}
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(insert(ClosedDays).values(**told))


def test_a_donor_is_offered_the_half_day_that_is_left_and_one_who_comes_then_is_told(context):
    donation = intake.scheduled()
    found = standing_appointment(donation)
    shut = (0, 13 * 60) if found.half_day == "morning" else (13 * 60, 24 * 60)
    coordinator = people.actor(Role.COORDINATOR)
    other = (13 * 60, 24 * 60) if shut[0] == 0 else (0, 13 * 60)
    assert [each.what for each in what_is_planned(coordinator, span_to_close(found.day, None, hours=other))] == []
    assert len(what_is_planned(coordinator, span_to_close(found.day, None, hours=shut))) == 1
    places.closed(found.day, hours=shut)
    assert found.half_day not in {each.slot.half for each in slots_with_room(FIRST) if each.slot.day == found.day}


def test_a_return_moves_only_where_nothing_is_left_of_the_day(context):
    day, line = places.monday(), desk.lent(desk.tablet()).lines[0]
    desk.made_due(line.loan, day)
    span = span_to_close(day, None, hours=MORNING)
    assert stays_open(span, FIRST, day)
    places.closed(day, hours=MORNING)
    assert line.due_on == day
    places.closed(day, hours=(12 * 60, 24 * 60))
    assert line.due_on > day, "the morning and the rest are the whole day"


def test_a_family_is_called_whose_hour_is_closed(context):
    first = appointments.opened()[0]
    appointments.chosen(appointments.invited(), first)
    coordinator = people.actor(Role.COORDINATOR)
    before = span_to_close(first.day, None, hours=(0, first.from_minute))
    assert what_is_planned(coordinator, before) == []
    shut = (first.from_minute + 1, first.until_minute + 60)
    assert len(what_is_planned(coordinator, span_to_close(first.day, None, hours=shut))) == 1
    places.closed(first.day, hours=shut)
    with pytest.raises(HandoverSlotGone):
        can_be_chosen(first)


def test_what_was_seen_of_the_day_is_not_what_was_seen_of_its_morning(context):
    actor, day = people.actor(Role.COORDINATOR), places.monday()
    seen = sum_of_planned(actor, span_to_close(day, None, reason="x"))
    with pytest.raises(Conflict), unit_of_work():
        close_days(actor, reason="x", first=day, hours=MORNING, seen=seen)


def test_from_the_form_to_the_list(app, signed_in):
    office = signed_in(Role.COORDINATOR)
    with app.app_context():
        day = places.monday()
    told = {"reason": "Réunion d'équipe", "first": day.isoformat(), "from_hour": "13h30"}
    wrong = office.submit("/lieux/fermetures/ajouter", told | {"until_hour": "9h"})
    assert wrong.status_code == 422
    assert "finit avant de commencer" in wrong.text
    assert 'value="13h30"' in wrong.text
    assert office.submit("/lieux/fermetures/ajouter", told | {"until_hour": "25h"}).status_code == 422
    shown = office.submit("/lieux/fermetures/ajouter", told)
    assert shown.status_code == 200
    answer = office.submit("/lieux/fermetures/ajouter", told | {"seen": shown.text.split('name="seen" value="')[1].split('"')[0]})
    assert answer.status_code == 303, answer.text
    with app.app_context():
        row = closures()[0]
        assert row.hours == (13 * 60 + 30, 24 * 60)
        assert days_of(FIRST).is_open(day)
        number = row.id
    assert "13\N{NARROW NO-BREAK SPACE}h\N{NARROW NO-BREAK SPACE}30 à 24" in office.get("/lieux").text
    page = office.get(f"/lieux/fermetures/{number}/modifier").text
    assert 'value="13h30"' in page
    assert office.get("/api/v1/sites/1").json["closures"][0]["from_minute"] == 13 * 60 + 30


def test_all_hours_of_a_day_are_the_day(context):
    span = span_to_close(MONDAY, None, hours=(0, 24 * 60))
    assert (span.hours, span.holds(MONDAY)) == (None, True), "no vehicle goes, and nobody comes at home"


def test_midnight_begins_a_day_and_ends_it(app, signed_in):
    office = signed_in(Role.COORDINATOR)
    with app.app_context():
        day = places.monday()
    told = {"reason": "Pont", "first": day.isoformat(), "from_hour": "0h", "until_hour": "24h"}
    shown = office.submit("/lieux/fermetures/ajouter", told)
    assert shown.status_code == 200, shown.text
    answer = office.submit("/lieux/fermetures/ajouter", told | {"seen": shown.text.split('name="seen" value="')[1].split('"')[0]})
    assert answer.status_code == 303, answer.text
    with app.app_context():
        assert closures()[0].hours is None
        assert not days_of(FIRST).is_spared(day)


def test_a_passage_in_closed_hours_is_told_and_goes(context):
    stop = rota.stop(rota.begun())
    day = rota.days(stop)[0]
    coordinator = people.actor(Role.COORDINATOR)

    def told(hours):
        span = span_to_close(day, None, site_id=stop.site_id, hours=hours)
        return [(each.endpoint, each.moves_to) for each in what_is_planned(coordinator, span)]

    assert told((0, stop.opens)) == []
    assert told((stop.closes - 1, 24 * 60)) == [("rota.passage", None)]
    places.closed(day, site_id=stop.site_id, hours=(stop.closes - 1, 24 * 60))
    assert day in rota.days(stop)


def test_a_slot_of_a_machine_that_is_to_be_closed_is_told(context):
    slot = booked(printer(), hour=600)
    coordinator, site = people.actor(Role.COORDINATOR), slot.machine.site_id

    def told(**more):
        return [each.what for each in what_is_planned(coordinator, span_to_close(slot.day, None, **more))]

    assert told() == told(site_id=site) == told(hours=(slot.from_minute, slot.from_minute + 1)) == ["Créneau, Imprimante 3D"]
    assert told(hours=(0, slot.from_minute)) == told(site_id=places.second().id) == []
