"""Reserving: what is promised is kept, what cannot be is refused with its rule and the nearest days, and nothing is half-written."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links, last_event
from refurb.kernel.deeds.personal import OF_PERSONS, NamesClosed
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Forbidden, Refusal
from refurb.lending.claims.availability import free_of, how_many, load_by_day
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import pool_of
from refurb.lending.models import Borrower, Item
from refurb.lending.reservations.actions import change, reserve
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.queries import WhichReservations, borrower_meant, reservation_listing
from refurb.lending.reservations.rules import (
    ClosedThatDay,
    DatesReversed,
    InThePast,
    NoneFree,
    NotFree,
    NothingReserved,
    TooFarAhead,
    TooLong,
    TooManyAtOnce,
)
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import loan_policy
from tests.lending.reserving import claims_of, fire, live, open_day, reserved
from tests.support.story import desk, people, promises


def closed_day():
    days, loans = days_of(1), loan_policy()
    return next(day for number in range(2, 40) if not loans.is_open(day := today() + timedelta(days=number), days))


def test_it_works(context):
    kit = desk.kit()
    made = reserved(kit)
    assert (made.reference, made.state) == (f"RS-{today().year}-0001", ReservationState.APPROVED)
    (claim,) = claims_of(made)
    assert (claim.item_id, claim.starts_on, claim.due_on) == (kit.id, made.from_on, made.to_on)
    assert claim.until_on == made.to_on + timedelta(days=1), "looked after on the day of its return"
    assert made.policy_version == loan_policy().version
    assert "Diaye" not in str(last_event(made).facts)
    assert list(broken_links(db.session)) == []


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        (lambda: (today() - timedelta(days=1), open_day(3)), InThePast),
        (lambda: (open_day(5), open_day(5)), DatesReversed),
        (lambda: (open_day(9), open_day(3)), DatesReversed),
        (lambda: (closed_day(), open_day(45)), ClosedThatDay),
        (lambda: (open_day(1), closed_day() + timedelta(days=7)), ClosedThatDay),
        (lambda: (open_day(182), open_day(190)), TooFarAhead),
        (lambda: (open_day(1), open_day(120)), TooLong),
    ],
)
def test_days_that_cannot_be_are_refused(context, days, refusal):
    kit = desk.kit()
    from_on, to_on = days()
    with pytest.raises(refusal) as refused:
        reserved(kit, from_on=from_on, to_on=to_on)
    if refusal in (TooFarAhead, TooLong):
        assert (refused.value.facts["rule"], refused.value.facts["version"]) == ("Malle pédagogique", loan_policy().version)
        reserved(kit, **{"from_on": from_on, "to_on": to_on} | promises.nearest(refused.value, from_on, to_on))
    elif refusal is ClosedThatDay:
        assert loan_policy().is_open(refused.value.facts["nearest"], days_of(1))
    else:
        assert db.session.query(Reservation).count() == 0


def test_one_day_too_many_is_refused_with_the_nearest_day_that_is_free(context):
    kit = desk.kit()
    first = reserved(kit, starts=5, ends=10)
    with pytest.raises(NotFree) as refused:
        reserved(kit, who=desk.borrower("Berthe"), from_on=first.to_on, to_on=open_day(20))
    assert (refused.value.facts["free"], refused.value.facts["wanted"]) == (0, 1)
    nearest = refused.value.facts["nearest"]
    assert nearest > first.to_on
    second = reserved(kit, who=desk.borrower("Charles"), from_on=nearest, to_on=nearest + (open_day(20) - first.to_on))
    assert live(second)[0].item_id == kit.id
    assert db.session.query(Reservation).count() == 2


def test_none_is_no_reservation_and_too_many_of_a_category_are_refused(context):
    kit, who = desk.kit(), desk.borrower()
    for lines, refusal in (([], NothingReserved), ([{"product_id": kit.product_id, "quantity": 10_000}], TooManyAtOnce)):
        with pytest.raises(refusal), unit_of_work():
            reserve(people.actor(Role.DESK), who, from_on=open_day(3), to_on=open_day(9), lines=lines)
    with pytest.raises(NoneFree):
        reserved(kit, kit)
    assert db.session.query(ItemClaim).count() == 0


def test_none_or_ten_thousand_of_a_product_are_no_reservation_and_nothing_is_claimed(context):
    kit, who, refused = desk.kit(), desk.borrower(), []
    for quantity in (0, 10_000):
        with pytest.raises(Refusal) as found, unit_of_work():
            told = [{"product_id": kit.product_id, "quantity": quantity}]
            reserve(people.actor(Role.DESK), who, from_on=open_day(3), to_on=open_day(9), lines=told)
        refused.append(type(found.value))
    assert refused == [NothingReserved, TooManyAtOnce]
    assert (db.session.query(Reservation).count(), db.session.query(ItemClaim).count()) == (0, 0)


def test_not_by_the_workshop(context):
    kit = desk.kit()
    with pytest.raises(Forbidden):
        reserved(kit, role=Role.TECHNICIAN)


def test_told_so_many_are_free_so_many_are_reserved_and_no_more(context):
    kits = [desk.kit(f"Malle {number}") for number in range(3)]
    pool = pool_of(kits[0])
    promises.promised(kits[0], open_day(1), open_day(4))
    promises.promised(kits[0], open_day(6), open_day(12))
    starts, until = open_day(1), open_day(12)
    told = how_many(pool, starts, until, free_of([pool.product_id], pool.site_id, starts, until)[pool.product_id])
    assert told == 2, "the two that are promised fit on one thing"
    made = reserved(*kits[:told], from_on=starts, to_on=open_day(11))
    assert None not in [each.item_id for each in live(made)]
    with pytest.raises((NotFree, NoneFree)):
        reserved(kits[0], who=desk.borrower("Berthe"), from_on=starts, to_on=open_day(11))


def test_a_month_is_summed_by_day(context):
    kit = desk.kit()
    made = reserved(kit, starts=3, ends=5)
    first = today()
    loads = load_by_day(1, first, first + timedelta(days=20))[kit.product_id]
    taken = [first + timedelta(days=number) for number, load in enumerate(loads) if load]
    assert taken == [made.from_on + timedelta(days=number) for number in range((made.to_on - made.from_on).days + 1)]


def test_changing_moves_it_and_refused_the_old_days_stay(context):
    kit = desk.kit()
    made, other = reserved(kit, starts=3, ends=5), reserved(kit, who=desk.borrower("Berthe"), starts=15, ends=20)
    lines = [{"product_id": kit.product_id, "quantity": 1}]
    with unit_of_work():
        change(people.actor(Role.DESK), made, from_on=open_day(7), to_on=open_day(9), lines=lines)
    assert (made.from_on, live(made)[0].starts_on, last_event(made).move) == (open_day(7), open_day(7), "changed")
    with pytest.raises((NotFree, NoneFree)), unit_of_work():
        change(people.actor(Role.DESK), made, from_on=other.from_on, to_on=other.to_on, lines=lines)
    assert (made.from_on, live(made)[0].starts_on, live(made)[0].item_id) == (open_day(7), open_day(7), kit.id)


def test_who_is_short_is_listed_with_a_telephone(context):
    kit = desk.kit()
    made = reserved(kit)
    promises.lost(kit)
    (row,) = reservation_listing(people.actor(Role.DESK), WhichReservations.SHORT, "").page(1).rows
    assert (row.reference, row.short, row.phone) == (made.reference, 1, made.borrower.phone)
    fire(made, "cancel", reason="prévenue")
    assert reservation_listing(people.actor(Role.DESK), WhichReservations.SHORT, "").page(1).rows == []


def test_the_last_things_asked_for_by_many_at_the_same_moment(app):
    with app.app_context():
        kits = [desk.kit(f"Malle {number}") for number in range(2)]
        days = {"from_on": open_day(3), "to_on": open_day(9)}
        who, product_id = desk.borrower().id, kits[0].product_id
    answers, gate = [], threading.Barrier(6)

    def ask():
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work():
                    borrower = db.session.get_one(Borrower, who)
                    made = reserve(people.actor(Role.DESK), borrower, lines=[{"product_id": product_id, "quantity": 1}], **days)
                    answers.append(made.reference)
            except Conflict as refusal:
                answers.append(type(refusal))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(isinstance(each, str) for each in answers) == 2
    assert [each for each in answers if not isinstance(each, str)] == [NoneFree if NoneFree in answers else NotFree] * 4
    with app.app_context():
        assert promises.taken_twice() == []
        assert db.session.query(Item).count() == 2


def test_no_name_is_tried_out_by_whoever_sees_none(context):
    made = reserved(desk.kit())
    closed = replace(people.actor(Role.DESK), sees_names=False)
    by_number, by_name = (reservation_listing(closed, WhichReservations.ALL, each).page(1, "").total for each in (made.reference, "Aïcha"))
    assert (by_number, by_name) == (1, 0)
    assert borrower_meant(closed, made.borrower.code) is made.borrower
    for typed in ("Aïcha N'Diaye", "Personne"):
        with pytest.raises(NamesClosed):
            borrower_meant(closed, typed)
    assert Reservation.KIND in OF_PERSONS
