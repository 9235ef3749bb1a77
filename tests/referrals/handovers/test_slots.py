"""Slots of hand-overs: opened once or weekly, never on a closed day; a seat is one family's, whoever is faster."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from refurb.directory.agenda.actions import close_days, sum_of_planned
from refurb.directory.agenda.planned import planned
from refurb.directory.agenda.rules import span_to_close
from refurb.directory.sites.models import FIRST
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid, NotFound
from refurb.referrals.handovers.actions import choose, open_slots, withdraw_slot
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSeat, HandoverSlot
from refurb.referrals.handovers.planned import appointments_at_stops, appointments_on_closed_days, slots_at
from refurb.referrals.handovers.queries import free_seat, is_expected_at, offered_slots, slot_by_id, slots_between, slots_to_come
from refurb.referrals.handovers.rules import (
    HandoverSlotFull,
    HandoverSlotGone,
    HandoverSlotInUse,
    NothingOpened,
    can_be_chosen,
    is_open_then,
)
from refurb.referrals.handovers.words import InvitationState
from tests.referrals.cases.test_race import at_once
from tests.support.story import appointments, families, people


def office():
    return people.actor(Role.COORDINATOR)


def test_as_many_as_fit_into_the_hours_each_with_its_seats(context):
    slots = appointments.opened(places=2, hours=((540, 625), (840, 900)))
    assert [(each.from_minute, each.until_minute, len(each.seats)) for each in slots] == [
        (540, 570, 2), (570, 600, 2), (840, 870, 2), (870, 900, 2),
    ]  # fmt: skip
    assert [(each.places, each.left) for each in slots_to_come()] == [(2, 2)] * 4


def test_every_week_but_for_the_closed_days_and_what_is_there_already(context):
    day = appointments.an_open_day()
    second = day + timedelta(days=7)
    span = span_to_close(second, None, reason="Inventaire", site_id=FIRST)
    with unit_of_work():
        close_days(SERVICE, first=second, reason="Inventaire", site_id=FIRST, seen=sum_of_planned(SERVICE, span))
    appointments.opened(day=day)
    with unit_of_work():
        opened = open_slots(office(), day=day, hours=((840, 900),), minutes=30, places=1, weeks=3, site_id=FIRST)
    assert opened.closed == 2
    assert opened.known == 2
    assert second not in {each.slot.day for each in slots_to_come()}


@pytest.mark.both_databases
def test_those_of_some_places_between_two_days(context):
    first = appointments.an_open_day()
    appointments.opened(day=first, places=2, hours=((540, 600),))
    found = slots_between(first, first + timedelta(days=1), {FIRST})
    assert [(each.slot.from_minute, each.places, each.taken) for each in found] == [(540, 2, 0), (570, 2, 0)]
    assert slots_between(first - timedelta(days=1), first, {FIRST}) == [], "the last day is not one of them"
    assert slots_between(first, first + timedelta(days=1), set()) == []
    assert slots_between(first, first + timedelta(days=1), {FIRST + 1}) == []


def test_a_day_that_is_closed_opens_nothing(context):
    holiday = date(today().year + 1, 5, 1)
    with pytest.raises(NothingOpened), unit_of_work():
        open_slots(office(), day=holiday, hours=((840, 900),), minutes=30, places=1, site_id=FIRST)
    with pytest.raises(NothingOpened), unit_of_work():
        open_slots(office(), day=appointments.an_open_day(), hours=((840, 860),), minutes=30, places=1, site_id=FIRST)
    assert slots_to_come() == []


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.TECHNICIAN])
def test_only_who_hands_over_opens_and_withdraws(context, role):
    (slot, *_rest) = appointments.opened()
    with pytest.raises(Forbidden), unit_of_work():
        open_slots(people.actor(role), day=appointments.an_open_day(), hours=((600, 660),), minutes=30, places=1)
    with pytest.raises(Forbidden), unit_of_work():
        withdraw_slot(people.actor(role), slot)
    with pytest.raises(NotFound):
        slot_by_id(people.actor(role), slot.id)


def test_what_nobody_chose_is_withdrawn_and_what_somebody_chose_is_not(context):
    first, second = appointments.opened()
    appointments.chosen(appointments.invited(), first)
    assert is_expected_at(first)
    with pytest.raises(HandoverSlotInUse), unit_of_work():
        withdraw_slot(office(), first)
    with unit_of_work():
        withdraw_slot(office(), second)
        withdraw_slot(office(), second)
    assert [each.slot.id for each in slots_to_come()] == [first.id]
    with pytest.raises(HandoverSlotGone):
        can_be_chosen(second)
    with pytest.raises(NotFound):
        slot_by_id(office(), second.id)


def test_what_is_full_or_begun_or_closed_since_is_not_offered(context):
    first, second = appointments.opened()
    invitation = appointments.chosen(appointments.invited(), first)
    assert free_seat(first) is None
    assert [each.slot.id for each in offered_slots()] == [second.id]
    with at(second.starts_at):
        assert offered_slots() == []
    span = span_to_close(second.day, None, reason="Grève", site_id=FIRST)
    told = [thing.what for planner in planned for thing in planner.find(SERVICE, span)]
    assert f"Remise {invitation.allocation.referral.reference}" in told
    with unit_of_work():
        close_days(SERVICE, first=second.day, reason="Grève", site_id=FIRST, seen=sum_of_planned(SERVICE, span))
    assert not is_open_then(second)
    assert offered_slots() == []
    with pytest.raises(HandoverSlotGone):
        can_be_chosen(second)
    assert [each.count for each in slots_at(FIRST)] == [2]
    assert appointments_on_closed_days(people.actor(Role.TECHNICIAN), span) == []
    assert [each.day for each in appointments_at_stops([FIRST], today())] == [first.day]


def test_the_family_chooses_from_tomorrow_on_and_no_home_visit(context):
    appointments.opened()
    appointments.opened(at_home=True)
    assert [each.slot.at_home for each in offered_slots()] == [False, True] * 2
    assert [each.slot.at_home for each in offered_slots(by_link=True)] == [False, False]


def test_a_home_visit_asks_for_an_address_that_goes_when_it_is_over(context):
    slot = appointments.opened(at_home=True)[0]
    invitation = appointments.invited()
    with pytest.raises(Invalid):
        appointments.chosen(invitation, slot)
    appointments.chosen(invitation, slot, address="3 rue des Lilas", lift=True, lift_words="Fauteuil")
    assert (invitation.address, invitation.lift_words) == ("3 rue des Lilas", "Fauteuil")
    with at(slot.starts_at):
        appointments.fire(invitation, "miss")
    assert (invitation.address, invitation.lift_words, invitation.lift) == (None, None, True)


def test_two_for_the_last_seat_at_the_same_moment(app):
    with app.app_context():
        slot_id = appointments.opened()[0].id
        numbers = [appointments.invite_to(families.allocated()).id, appointments.invite_to(families.allocated()).id]

    def take(number):
        def prepare(actor):
            invitation = db.session.get_one(HandoverInvitation, number)
            return lambda: choose(actor, invitation, slot=slot_id)

        return prepare

    answers = at_once(app, *map(take, numbers))

    assert sorted(each[0] is None for each in answers) == [False, True]
    assert isinstance(next(each[0] for each in answers if each[0] is not None), HandoverSlotFull)
    with app.app_context():
        states = sorted(each.state for each in db.session.scalars(select(HandoverInvitation)))
        assert states == [InvitationState.CHOSEN, InvitationState.INVITED]


def test_the_database_gives_no_seat_twice_and_has_none_beyond_what_was_opened(context):
    slot = appointments.opened()[0]
    seat = appointments.chosen(appointments.invited(), slot).seat_id
    other = families.allocated()
    row = {"allocation_id": other.id, "state": "chosen", "invited_by": "sms", "invited_at": now(), "answer_by": today()}
    for number in (seat, seat + 1000, None):
        with pytest.raises(Conflict), unit_of_work():
            db.session.execute(insert(HandoverInvitation).values(**row, seat_id=number))
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(insert(HandoverSeat).values(slot_id=slot.id, number=1))
    with pytest.raises(Conflict), unit_of_work():
        twice = {"site_id": FIRST, "day": slot.day, "from_minute": slot.from_minute, "until_minute": 1000, "made_at": now()}
        db.session.execute(insert(HandoverSlot).values(**twice))
