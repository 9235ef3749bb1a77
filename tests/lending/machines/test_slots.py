"""Slots of machines: hours of the wall clock, never two at once, qualified people only, introductions, out of order."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from refurb.directory.agenda.actions import close_days, sum_of_planned
from refurb.directory.agenda.rules import span_to_close
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Conflict, Forbidden, NotFound, Refusal
from refurb.kernel.speech.words import moment
from refurb.lending.machines.actions import (
    HELD_HOURS,
    MAIL_SLOT_LINK,
    MOST_AN_HOUR_FROM_ONE_PLACE,
    TELL_SLOT,
    TELL_WATCH,
    WATCH_KEPT,
    add_machine,
    ask_slot_online,
    book_slot,
    correct_machine,
    forget_watches,
    give_introduction,
    grant,
    plan_upkeep,
    put_back_in_order,
    put_out_of_order,
    seat_online,
    take_seat,
    watch_machine,
)
from refurb.lending.machines.effects import slot_letter, watch_letter
from refurb.lending.machines.models import MachineSlot, MachineWatch
from refurb.lending.machines.queries import (
    CellKind,
    asked_since,
    borrower_at,
    has_passed,
    introduction_by_id,
    is_out_on,
    machine_by_id,
    machines,
    next_introduction,
    places_left,
    qualification_on,
    seats_of,
    slot_by_id,
    slot_of_link,
    slots_to_come,
    standings_of,
    starts_of,
    watchers_of,
    week_of_slots,
)
from refurb.lending.machines.rules import (
    FullUp,
    MachineNameTaken,
    MachineOut,
    NoSuchSlot,
    NotQualified,
    SeatTaken,
    SlotPast,
    SlotTaken,
    TooManySlots,
    TooYoung,
)
from refurb.lending.machines.words import SlotKind, SlotState
from tests.lending.fablab import FACTS, a_day, booked, printer, qualified, with_address
from tests.support.story import desk, people


def trainer():
    return people.actor(Role.DESK)


def refused(kind, machine, who, **facts):
    with pytest.raises(kind), unit_of_work():
        book_slot(trainer(), machine, who, **{"day": a_day(machine), "hour": 600} | facts)


def planned(kind):
    return [each.facts for each in db.session.scalars(select(Effect).where(Effect.kind == kind))]


def test_a_day_has_as_many_slots_as_fit_into_its_hours(context):
    machine = printer()
    assert starts_of(machine, a_day(machine)) == [(600, 690), (690, 780), (840, 930), (930, 1020), (1020, 1110)]
    sunday = today() + timedelta(days=6 - today().weekday() + 7)
    assert starts_of(machine, sunday) == []
    span = span_to_close(a_day(machine), None, reason="Inventaire", site_id=1)
    with unit_of_work():
        close_days(SERVICE, first=span.first, reason="Inventaire", site_id=1, seen=sum_of_planned(SERVICE, span))
    assert starts_of(machine, span.first) == []


def test_an_hour_is_that_of_the_wall_clock_whatever_the_season(context):
    """Summer time begins on 28 March 2027: 10 h is 9 h UTC the day before, 8 h the day after."""
    machine, who = printer(), desk.borrower()
    with at(now().replace(year=2027, month=3, day=1)):
        qualified(machine, who)
        slots = []
        for day in (date(2027, 3, 27), date(2027, 3, 30)):
            with unit_of_work():
                slots.append(book_slot(trainer(), machine, who, day=day, hour=600))
    assert [(each.starts_at.hour, each.ends_at.hour, each.ends_at.minute) for each in slots] == [(9, 10, 30), (8, 9, 30)]


def test_two_slots_of_one_machine_never_overlap(context):
    machine = printer()
    slot = booked(machine, slots=2)
    assert (slot.from_minute, slot.until_minute) == (600, 780)
    for hour in (600, 690):
        refused(SlotTaken, machine, slot.borrower, hour=hour)
    assert booked(printer("Autre", training_minutes=None, training_months=None), slot.borrower).day == slot.day
    assert booked(machine, slot.borrower, hour=840).id != slot.id


def test_the_wall_behind_the_rule(context):
    slot = booked(printer())
    row = {
        "machine_id": slot.machine_id, "day": slot.day, "from_minute": 645, "until_minute": 700, "kind": SlotKind.UPKEEP,
        "state": SlotState.BOOKED, "made_at": now(), "note": "de force",
    }  # fmt: skip
    with pytest.raises(Conflict), unit_of_work() as session:
        session.execute(insert(MachineSlot), [row])
    with unit_of_work() as session:
        session.execute(insert(MachineSlot), [row | {"from_minute": 690, "until_minute": 780}])


def test_whoever_is_faster_has_it(app):
    with app.app_context():
        machine, who = printer(), desk.borrower()
        qualified(machine, who)
        day, number, borrower = a_day(machine), machine.id, who.id
        db.session.remove()
    told, ready = [], threading.Barrier(4)

    def book():
        with app.app_context():
            try:
                ready.wait(10)
                with unit_of_work() as session:
                    book_slot(SERVICE, machine_by_id(number), session.get(type(who), borrower), day=day, hour=600)
                told.append("booked")
            except Refusal as refusal:
                told.append(refusal.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=book) for _number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(told) == ["booked"] + ["machine.slot_taken"] * 3


def test_what_cannot_be_is_refused_by_its_rule(context):
    machine = printer()
    who = qualified(machine)
    refused(NoSuchSlot, machine, who, hour=610)
    refused(NoSuchSlot, machine, who, hour=690, slots=2)
    refused(SlotPast, machine, who, day=today() - timedelta(days=1))
    refused(SlotPast, machine, who, day=today() + timedelta(days=90))
    refused(TooYoung, machine, who, minor="Thibault", minor_age=9)
    with pytest.raises(Forbidden), unit_of_work():
        book_slot(people.actor(Role.TECHNICIAN), machine, who, day=a_day(machine), hour=600)
    assert has_passed(today() - timedelta(days=1), 600)
    assert not has_passed(today() + timedelta(days=1), 0)


def test_nobody_uses_it_who_was_not_shown_it_or_too_long_ago(context):
    machine, who = printer(), desk.borrower()
    refused(NotQualified, machine, who)
    qualified(machine, who, minor="Thibault")
    assert booked(machine, who, minor="Thibault", minor_age=14).minor == "Thibault"
    refused(NotQualified, machine, who, hour=840)
    qualified(machine, who)
    until = qualification_on(machine, who.id, today()).until_on
    with at(now() + (until - today()) - timedelta(days=4)):
        ahead = booked(machine, who, hour=840, after=2)
        assert ahead.day <= until
        standing = next(each for each in standings_of(machine) if each.qualification.minor is None)
        assert (standing.is_over, standing.ends_soon, standing.uncovered) == (False, True, 0)
        with unit_of_work():
            ahead.day = until + timedelta(days=1)
        assert standings_of(machine)[0].uncovered == 1
        refused(NotQualified, machine, who, day=a_day(machine, 8))
    assert booked(printer("Libre", training_minutes=None, training_months=None), desk.borrower("Autre")).id


def test_an_introduction_gives_each_place_once(context):
    machine = printer()
    day = a_day(machine)
    with unit_of_work():
        slot = give_introduction(trainer(), machine, day=day, hour=600, places=2)
    assert next_introduction(machine)[1] == 2
    assert introduction_by_id(slot.id) is slot
    first, second = desk.borrower(), desk.borrower("Berthe")
    for who in (first, second):
        with unit_of_work():
            take_seat(trainer(), slot, who)
    assert (places_left([slot.id]), [each.number for each in seats_of(slot)]) == ({slot.id: 0}, [1, 2])
    with pytest.raises(FullUp), unit_of_work():
        seat_online(slot, source="192.0.2.1", name="Zoé", email="zoe@chez.example")
    assert next_introduction(machine) is None
    with unit_of_work():
        other = give_introduction(trainer(), machine, day=day, hour=840, places=2)
    with unit_of_work():
        seat_online(other, source="192.0.2.1", name="Zoé", email="zoe@chez.example")
    with pytest.raises(SeatTaken), unit_of_work():
        seat_online(other, source="192.0.2.1", name="ZOÉ", email="Zoe@chez.example")
    kinds = {cell.from_minute: (cell.kind, cell.left) for _day, cells in week_of_slots(machine, day, 1) for cell in cells}
    assert kinds[600] == (CellKind.INTRODUCTION, 0)
    assert kinds[840] == (CellKind.INTRODUCTION, 1)
    with pytest.raises(NotFound):
        introduction_by_id(booked(machine, hour=690).id)


def test_out_of_order_lets_go_what_was_booked_and_tells_each(context):
    machine = printer()
    who = with_address()
    soon, later = booked(machine, qualified(machine, who)), booked(machine, who, after=10)
    with unit_of_work():
        assert put_out_of_order(trainer(), machine, reason="Buse bouchée", until=soon.day) == 1
    assert (soon.state, later.state) == (SlotState.CANCELLED, SlotState.BOOKED)
    assert planned(TELL_SLOT) == [{"slot_id": soon.id}]
    assert "hors service" in slot_letter("out", soon).text
    assert is_out_on(machine, soon.day)
    refused(MachineOut, machine, who)
    assert {cell.kind for _day, cells in week_of_slots(machine, soon.day, 1) for cell in cells} == {CellKind.OUT}
    with unit_of_work():
        watch = watch_machine(machine, source="192.0.2.1", email="Paul@chez.example")
    assert [each.id for each in watchers_of(machine)] == [watch.id]
    with unit_of_work():
        assert put_back_in_order(trainer(), machine) == 1
    with unit_of_work():
        assert put_back_in_order(trainer(), machine) == 0
    assert planned(TELL_WATCH) == [{"watch_id": watch.id}]
    assert "de nouveau en service" in watch_letter(watch).text
    with at(now() + WATCH_KEPT + timedelta(days=1)), unit_of_work():
        assert forget_watches() == 1
    assert db.session.query(MachineWatch).count() == 0


def test_upkeep_takes_its_time(context):
    machine = printer()
    with unit_of_work():
        plan_upkeep(trainer(), machine, day=a_day(machine), hour=600, note="Graissage", slots=2)
    cells = [cell.kind for _day, cells in week_of_slots(machine, a_day(machine), 1) for cell in cells]
    assert cells[:3] == [CellKind.UPKEEP, CellKind.UPKEEP, CellKind.FREE]
    assert slots_to_come(machine) == []


def test_online_a_slot_is_held_for_whoever_is_known_and_was_shown_it(context):
    machine = printer()
    who = qualified(machine, with_address())
    told = {"source": "192.0.2.7", "day": a_day(machine), "hour": 600}
    with unit_of_work():
        slot = ask_slot_online(machine, name="zoé anonyme", email="ZOE@chez.example", **told)
    assert (slot.state, slot.borrower_id, borrower_at("Zoé Anonyme", "zoe@chez.example").id) == (SlotState.HELD, who.id, who.id)
    assert planned(MAIL_SLOT_LINK) == [{"slot_id": slot.id}]
    letter = slot_letter("body", slot)
    assert "/mon-creneau/" in letter.text
    assert moment(slot.made_at + timedelta(hours=HELD_HOURS)) in letter.text, "the hour itself: nobody knows when a letter arrives"
    assert slot_of_link(slot.id) is slot
    with pytest.raises(NotQualified), unit_of_work():
        ask_slot_online(machine, name="Inconnu", email="inconnu@chez.example", **told | {"hour": 840})
    assert asked_since(1, source=slot.source) == 1
    with unit_of_work() as session:
        for _number in range(MOST_AN_HOUR_FROM_ONE_PLACE):
            session.add(MachineWatch(machine_id=machine.id, email="x@y.example", language="fr", source=slot.source, asked_at=now()))
    with pytest.raises(TooManySlots), unit_of_work():
        ask_slot_online(machine, name="Zoé Anonyme", email="zoe@chez.example", **told | {"hour": 840})


def test_machines_are_entered_and_corrected(context):
    machine = printer()
    assert [each.id for each in machines()] == [machine.id]
    with pytest.raises(MachineNameTaken), unit_of_work():
        add_machine(trainer(), site_id=1, name="Imprimante 3D", **FACTS)
    with unit_of_work():
        correct_machine(trainer(), machine, site_id=1, name="Imprimante bleue", **FACTS | {"slot_minutes": 60})
    assert (machine_by_id(machine.id).name, len(starts_of(machine, a_day(machine)))) == ("Imprimante bleue", 7)
    with pytest.raises(NotFound):
        machine_by_id(999)
    slot = booked(machine)
    assert slot_by_id(trainer(), slot.id) is slot
    with pytest.raises(NotFound):
        slot_by_id(people.actor(Role.TECHNICIAN), slot.id)
    with pytest.raises(Forbidden), unit_of_work():
        grant(people.actor(Role.TECHNICIAN), machine, slot.borrower)
