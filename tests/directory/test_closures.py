"""Closures: which days they hold, what they move, and that nothing is moved that was not seen."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from refurb.directory.agenda.actions import change_closure, close_days, sum_of_planned, withdraw_closure
from refurb.directory.agenda.calendar import agenda
from refurb.directory.agenda.days import ClosedSpan, SiteDays
from refurb.directory.agenda.models import ClosedDays
from refurb.directory.agenda.planned import what_is_planned
from refurb.directory.agenda.queries import days_of, span_of
from refurb.directory.agenda.rules import MovesOtherThings, span_instead, span_to_close
from refurb.directory.sites.models import FIRST
from refurb.inventory.donations.queries.appointments import slots_with_room, standing_appointment
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound
from refurb.lending.reservations.closed_days import reservations_at
from refurb.lending.terms import NeverOpen, loan_policy
from tests.lending.reserving import claims_of, reserved
from tests.support.story import desk, gala, intake, people, places


def holds(span, *days):
    return [span.holds(day) for day in days]


def test_both_ends_of_a_closure_are_closed():
    span = ClosedSpan(date(2027, 1, 15), date(2027, 1, 17))
    assert holds(span, date(2027, 1, 14), date(2027, 1, 15), date(2027, 1, 17), date(2027, 1, 18)) == [False, True, True, False]


def test_a_yearly_closure_goes_over_new_year_every_year_and_not_before_its_first():
    span = ClosedSpan(date(2026, 12, 24), date(2027, 1, 2), yearly=True)
    assert holds(span, date(2026, 12, 24), date(2027, 1, 2), date(2031, 1, 1), date(2031, 12, 31)) == [True] * 4
    assert holds(span, date(2026, 1, 1), date(2025, 12, 31), date(2027, 1, 3)) == [False] * 3


def test_29_february_stands_for_the_last_day_of_february():
    span = ClosedSpan(date(2028, 2, 29), date(2028, 2, 29), yearly=True)
    assert holds(span, date(2028, 2, 29), date(2029, 2, 28), date(2032, 2, 29)) == [True] * 3
    assert holds(span, date(2032, 2, 28), date(2029, 3, 1), date(2028, 2, 28)) == [False] * 3
    over = ClosedSpan(date(2028, 2, 27), date(2028, 3, 1), yearly=True)
    assert holds(over, date(2029, 2, 28), date(2029, 3, 1), date(2029, 3, 2)) == [True, True, False]


def test_the_days_of_a_place_are_its_hours_the_holidays_and_the_closures_that_concern_it(context):
    other, monday = places.second(hours="Mo-Tu 14:00-18:00"), places.monday()
    places.closed(monday, site_id=other.id)
    assert not days_of(other.id).is_open(monday)
    assert days_of(FIRST).is_open(monday) == agenda().is_open(monday)
    assert not days_of(other.id).is_open(monday + timedelta(days=3)), "it has no hours on a Thursday"
    places.closed(monday + timedelta(days=1))
    assert not days_of(other.id).is_open(monday + timedelta(days=1))
    assert not days_of(FIRST).is_open(monday + timedelta(days=1))


def test_what_is_due_moves_to_the_next_open_day_and_its_loan_says_so(context):
    loan, day = desk.lent(desk.tablet()), places.monday()
    desk.made_due(loan, day)
    coordinator, span = people.actor(Role.COORDINATOR), span_to_close(day, None)
    shown = what_is_planned(coordinator, span)
    assert [(each.day, each.endpoint) for each in shown] == [(day, "lending.loan")]
    assert loan.lines[0].due_on == day, "to look is not to close"
    places.closed(day)
    assert loan.lines[0].due_on == shown[0].moves_to > day
    assert SiteDays(agenda()).is_open(loan.lines[0].due_on)
    moved = next(event for event in events_of(loan) if event.move == "due_moved")
    assert moved.facts["before"] == day.isoformat()


def test_a_reservation_on_closed_days_is_listed_stays_and_is_said_where_it_is_left_short(context):
    kit, day = desk.kit(), places.monday()
    loan = desk.lent(kit)
    desk.made_due(loan, day)
    made = reserved(kit, who=desk.borrower("Berthe"), from_on=loan_policy().next_open(day + timedelta(days=1), days_of(FIRST)), ends=25)
    found = what_is_planned(people.actor(Role.COORDINATOR), ClosedSpan(made.from_on, made.to_on))
    assert [(each.day, each.values["reference"], each.moves_to) for each in found] == [
        (made.from_on, made.reference, None),
        (made.to_on, made.reference, None),
    ]
    assert what_is_planned(people.actor(Role.COORDINATOR), ClosedSpan(made.from_on, made.to_on, site_id=places.second().id)) == []
    places.closed(day)
    moved = next(event for event in events_of(loan) if event.move == "due_moved")
    assert moved.facts["short"] == [each.id for each in claims_of(made)]
    assert 1 in [each.count for each in reservations_at(FIRST)]


def test_what_is_late_already_stays_late(context):
    loan, day = desk.lent(desk.tablet()), today() - timedelta(days=3)
    desk.made_due(loan, day)
    places.closed(today(), today() + timedelta(days=2))
    assert loan.lines[0].due_on == day


def test_an_appointment_and_a_ceremony_are_listed_and_stay(context):
    donation, ceremony = intake.scheduled(), gala.planned()
    held = standing_appointment(donation)
    last = max(held.day, today() + timedelta(days=7))
    coordinator = people.actor(Role.COORDINATOR)
    places.closed(today(), last)
    left = what_is_planned(coordinator, ClosedSpan(today(), last))
    assert {each.endpoint for each in left if each.moves_to is None} == {"inventory.donation", "ceremonies.ceremony"}
    assert standing_appointment(donation).day == held.day
    assert ceremony.starts_at > now()
    assert all(room.slot.day > last for room in slots_with_room(FIRST)), "no half-day is offered on closed days"


def test_a_closure_of_another_place_moves_nothing_here(context):
    loan, day = desk.lent(desk.tablet()), places.monday()
    desk.made_due(loan, day)
    places.closed(day, site_id=places.second().id)
    assert loan.lines[0].due_on == day


def test_nothing_is_closed_that_moves_more_than_was_seen(context):
    day, coordinator = places.monday(), people.actor(Role.COORDINATOR)
    seen = sum_of_planned(coordinator, span_to_close(day, None, reason="Inventaire"))
    loan = desk.lent(desk.tablet())
    desk.made_due(loan, day)
    for told in (seen, None):
        with pytest.raises(MovesOtherThings), unit_of_work():
            close_days(coordinator, reason="Inventaire", first=day, seen=told)
    assert days_of(FIRST).is_open(day)


def test_days_are_open_again_once_the_closure_is_withdrawn(context):
    day = places.monday()
    row = places.closed(day)
    with unit_of_work():
        withdraw_closure(people.actor(Role.COORDINATOR), row)
    assert days_of(FIRST).is_open(day)
    assert [event.move for event in events_of(row)] == ["withdrawn", "closed"]


def test_other_days_are_closed_instead_in_one_deed(context):
    day, coordinator = places.monday(), people.actor(Role.COORDINATOR)
    row = places.closed(day)
    loan, later = desk.lent(desk.tablet()), day + timedelta(days=1)
    desk.made_due(loan, later)
    facts = {"reason": "Inventaire", "first": later}
    seen = sum_of_planned(coordinator, span_to_close(later, None, reason="Inventaire"))
    with pytest.raises(MovesOtherThings), unit_of_work():
        change_closure(coordinator, row, **facts, seen=None)
    assert row.withdrawn_at is None
    with unit_of_work():
        made = change_closure(coordinator, row, **facts, seen=seen)
    assert (days_of(FIRST).is_open(day), days_of(FIRST).is_open(later)) == (True, False)
    assert loan.lines[0].due_on > later
    assert ([each.move for each in events_of(row)], [each.move for each in events_of(made)]) == (["withdrawn", "closed"], ["closed"])
    with pytest.raises(NotFound), unit_of_work():
        change_closure(coordinator, row, **facts, seen=seen)


def test_a_closure_that_has_begun_keeps_its_first_day_and_ends_later(context):
    coordinator = people.actor(Role.COORDINATOR)
    with at(now() - timedelta(days=3)):
        row = places.closed(today())
    began, until = row.first, today() + timedelta(days=1)
    facts = {"reason": "Inventaire", "last": until}
    for other in (began - timedelta(days=1), began + timedelta(days=1), today(), until):
        with pytest.raises(Invalid) as refused, unit_of_work():
            change_closure(coordinator, row, first=other, seen="", **facts)
        assert refused.value.fields["first"][0].code == "closure.has_begun"
    with pytest.raises(Invalid), unit_of_work():
        change_closure(coordinator, row, reason="Inventaire", first=began, last=today() - timedelta(days=1), seen="")
    seen = sum_of_planned(coordinator, span_to_close(began, until, reason="Inventaire"))
    with unit_of_work():
        change_closure(coordinator, row, first=began, seen=seen, **facts)
    assert not days_of(FIRST).is_open(until)


def test_a_closure_that_has_begun_keeps_its_place(context):
    coordinator = people.actor(Role.COORDINATOR)
    with at(now() - timedelta(days=3)):
        begun = places.closed(today())
    to_come = places.closed(today() + timedelta(days=9))
    with pytest.raises(Invalid) as refused, unit_of_work():
        change_closure(coordinator, begun, reason="Inventaire", first=begun.first, last=today(), site_id=FIRST, seen="")
    assert [(name, each.code) for name, (each,) in refused.value.fields.items()] == [("site_id", "closure.begun_where_it_is")]
    seen = sum_of_planned(coordinator, span_to_close(to_come.first, None, site_id=FIRST, reason="Inventaire"))
    with unit_of_work():
        assert change_closure(coordinator, to_come, reason="Inventaire", first=to_come.first, site_id=FIRST, seen=seen).site_id == FIRST


def test_a_return_moves_to_the_day_that_the_same_deed_opens_again(context):
    day, coordinator, calendar = places.monday(), people.actor(Role.COORDINATOR), days_of(FIRST)
    span = span_to_close(day, None, reason="Inventaire")
    freed = loan_policy().next_open(day, calendar.with_closed(span))
    row, loan = places.closed(freed), desk.lent(desk.tablet())
    desk.made_due(loan, day)
    instead = span_instead(span_of(row), day, None, reason="Inventaire")
    assert [each.moves_to for each in what_is_planned(coordinator, instead)] == [freed]
    twin = places.closed(freed)
    later = loan_policy().next_open(freed, calendar.with_closed(span_of(twin)))
    assert [each.moves_to for each in what_is_planned(coordinator, instead)] == [later], "another closure of the same days still holds them"
    with unit_of_work():
        withdraw_closure(coordinator, twin)
    with unit_of_work():
        change_closure(coordinator, row, reason="Inventaire", first=day, seen=sum_of_planned(coordinator, instead))
    assert (loan.lines[0].due_on, days_of(FIRST).is_open(day), days_of(FIRST).is_open(freed)) == (freed, False, True)


def test_what_comes_every_year_since_one_that_has_passed_is_corrected(context):
    coordinator, first = people.actor(Role.COORDINATOR), today() - timedelta(days=300)
    last = first + timedelta(days=9)
    row = places.closed(first, last, yearly=True)
    with pytest.raises(Invalid) as refused:
        span_instead(span_of(row), first, last)
    assert refused.value.fields["last"][0].code == "field.date_past"
    told = {"reason": "Congés", "first": first, "last": last, "yearly": True}
    with unit_of_work():
        made = change_closure(coordinator, row, seen=sum_of_planned(coordinator, span_instead(span_of(row), **told)), **told)
    assert (made.reason, made.first, made.last) == ("Congés", first, last)
    with pytest.raises(Invalid):
        span_instead(span_of(made), today() - timedelta(days=1), None, yearly=True)
    assert span_instead(span_of(made), today(), None, yearly=True).first == today(), "it does not hold now, and may come on other days"


@pytest.mark.parametrize(
    ("yearly", "day", "begun"),
    [
        (False, date(2026, 12, 24), False),
        (False, date(2026, 12, 25), True),
        (True, date(2027, 12, 24), False),
        (True, date(2028, 1, 1), True),
        (True, date(2028, 1, 3), False),
    ],
)
def test_one_of_every_year_has_begun_while_it_holds(yearly, day, begun):
    assert ClosedSpan(date(2026, 12, 24), date(2027, 1, 2), yearly).has_begun(day) is begun


@pytest.mark.parametrize(("days", "code"), [(-1, "closure.ends_before"), (183, "closure.too_long")])
def test_a_closure_ends_after_it_begins_and_within_half_a_year(days, code):
    with pytest.raises(Invalid) as refused:
        span_to_close(date(2027, 1, 1), date(2027, 1, 1) + timedelta(days=days))
    assert refused.value.fields["last"][0].code == code


def test_closures_that_leave_no_day_for_a_return_are_refused(context):
    desk.made_due(desk.lent(desk.tablet()), today() + timedelta(days=1))
    half = timedelta(days=182)
    places.closed(today() + half, today() + 2 * half)
    with pytest.raises(NeverOpen):
        places.closed(today(), today() + half, yearly=True)


def test_the_database_refuses_a_closure_that_ends_before_it_begins(context):
    row = {"reason": "x", "first": date(2027, 1, 2), "last": date(2027, 1, 1), "yearly": False, "entered_at": now()}
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(insert(ClosedDays).values(**row))


def test_the_workshop_closes_nothing(context):
    with pytest.raises(Forbidden), unit_of_work():
        close_days(people.actor(Role.TECHNICIAN), reason="x", first=today())
