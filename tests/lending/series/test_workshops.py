"""Workshops: several dates in one transaction, each with its ways out; by a partner for its own structure alone."""

from datetime import timedelta

import pytest

from refurb.accounts.actions import open_account
from refurb.accounts.queries import actor_of
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.lending.models import Borrower, Product
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.words import ReservationState
from refurb.lending.series.actions import (
    borrower_for,
    cancel_workshop,
    forget_draft,
    forget_drafts,
    reserve_workshop,
    save_draft,
)
from refurb.lending.series.effects import tell_partner
from refurb.lending.series.queries import (
    Dates,
    WorkshopWay,
    count_workshops,
    dates_of,
    draft_of,
    lending_sites,
    outlook_of,
    structures_of,
    workshop_by_reference,
    workshops_of,
)
from refurb.lending.series.rules import DatesTaken, NoStructure, NothingToSend
from refurb.lending.series.words import Repeat, WayOut
from refurb.lending.waits.models import Wait
from tests.lending.reserving import fire, open_day, reserved
from tests.support.story import desk, people, promises

EMAIL = "animation@quatre-vents.example"


def facilitator(email=EMAIL):
    """Somebody who reserves for the second partner."""
    people.settle()
    structure = db.session.query(Organisation).filter(Organisation.is_partner).order_by(Organisation.id.desc()).first()
    with unit_of_work():
        account = open_account(
            SERVICE, email=email, name="Sandrine Oumar", grants=[Grant(Role.FACILITATOR, structure.id)], password=people.PASSWORD
        )
    return actor_of(account)


def days(starts=7, ends=9):
    """The first days from `starts` on, so far apart, that are open in the two weeks after them too."""
    while any(open_day(each + week) != today() + timedelta(days=each + week) for each in (starts, ends) for week in (0, 7, 14)):
        starts, ends = starts + 1, ends + 1
    return Dates(open_day(starts), open_day(ends))


def outlook(*things, repeat=Repeat.WEEKLY, count=3, starts=7, ends=9):
    """What each date would get, one of each product."""
    wanted = {each.product_id: 1 for each in things}
    products = [db.session.get_one(Product, each) for each in sorted(wanted)]
    first = days(starts, ends)
    return outlook_of(products, wanted, dates_of(first.from_on, first.to_on, repeat, count), 1)


def sent(actor, ways, purpose="Robots et histoires"):
    with unit_of_work():
        return reserve_workshop(actor, borrower_for(actor), ways, site_id=1, purpose=purpose, word="merci")


def plain(looks, wanted):
    return [each.way("") or WorkshopWay(WayOut.LATER, each.asked, wanted) for each in looks]


def test_each_date_is_a_reservation_of_its_own_for_the_structure(context):
    kit, actor = desk.kit(), facilitator()
    looks = outlook(kit)
    assert [each.is_free for each in looks] == [True, True, True]
    made = sent(actor, plain(looks, {kit.product_id: 1}))
    assert [each.state for each in made] == [ReservationState.APPROVED] * 3
    assert {each.series_id for each in made} == {made[0].id}
    assert {each.borrower.organisation_id for each in made} == structures_of(actor)
    assert [each.reference for each in workshops_of(actor)] == [each.reference for each in made]
    assert count_workshops(actor) == 3
    assert sent(actor, plain(outlook(kit, starts=12, ends=13, count=1), {kit.product_id: 1}))[0].borrower_id == made[0].borrower_id
    letter = tell_partner(reservation_id=made[0].id, state="approved")
    assert letter.to == EMAIL
    assert made[0].reference in letter.subject


def test_a_date_that_is_taken_has_its_ways_out(context):
    kit, actor = desk.kit(), facilitator()
    wanted = days()
    taken = reserved(kit, who=desk.borrower("Aïcha"), from_on=wanted.from_on, to_on=wanted.to_on)
    first, second, third = outlook(kit)
    assert [each.is_free for each in (first, second, third)] == [False, True, True]
    assert [each.kind for each in first.ways][-2:] == [WayOut.WAIT, WayOut.DROP]
    later = first.way("later")
    assert later.dates.from_on > taken.to_on
    wait = first.way("wait")
    assert (wait.wanted, wait.waits, wait.rank) == ({}, {kit.product_id: 1}, 1)
    made = sent(actor, [wait, *plain([second, third], {kit.product_id: 1})])
    assert len(made) == 2
    assert db.session.query(Wait).one().from_on == first.asked.from_on


def test_no_two_dates_are_moved_onto_each_other(context):
    kit, actor = desk.kit(), facilitator()
    reserved(kit, who=desk.borrower("Aïcha"), starts=5, ends=18)
    looks = outlook(kit)
    made = sent(actor, plain(looks, {kit.product_id: 1}))
    assert len(made) + db.session.query(Wait).count() == 3
    assert promises.taken_twice() == []


def test_fewer_or_without_what_is_missing(context):
    kits, printer = [desk.kit(f"Malle {number}") for number in range(2)], promises.printer()
    reserved(kits[0], who=desk.borrower("Aïcha"), from_on=days().from_on, to_on=days().to_on)
    product, other = kits[0].product_id, printer.product_id
    products = [db.session.get_one(Product, each) for each in (product, other)]
    (look,) = outlook_of(products, {product: 2, other: 1}, [days()], 1)
    assert look.way("fewer").wanted == {product: 1, other: 1}
    assert look.way("without").wanted == {other: 1}
    assert look.way("drop").wanted == {}
    assert look.lacks(products[0], 2)


def test_what_needs_an_agreement_is_asked_apart_and_the_rest_is_held(context):
    kit, printer, actor = desk.kit(), promises.printer(), facilitator()
    wanted = {kit.product_id: 1, printer.product_id: 1}
    made = sent(actor, plain(outlook(kit, printer, count=2), wanted))
    assert [each.state for each in made] == [ReservationState.APPROVED, ReservationState.PENDING] * 2


def test_somebody_was_quicker_and_nothing_is_reserved(context):
    kit, actor = desk.kit(), facilitator()
    looks = outlook(kit)
    reserved(kit, who=desk.borrower("Aïcha"), from_on=days().from_on, to_on=days().to_on)
    with pytest.raises(DatesTaken) as told:
        sent(actor, plain(looks, {kit.product_id: 1}))
    assert told.value.facts["count"] == 1
    assert db.session.query(Reservation).count() == 1
    with pytest.raises(NothingToSend):
        sent(actor, [])


def test_a_stranger_neither_sees_nor_lets_go_what_another_structure_reserved(context):
    kit, actor = desk.kit(), facilitator()
    (made,) = sent(actor, plain(outlook(kit, count=1), {kit.product_id: 1}))
    stranger = people.actor(Role.DESK)
    assert list(workshops_of(stranger)) == []
    with pytest.raises(NotFound):
        workshop_by_reference(stranger, made.reference)
    with pytest.raises(NoStructure), unit_of_work():
        borrower_for(people.actor(Role.ADMIN))
    assert workshop_by_reference(actor, made.reference) is made
    with unit_of_work():
        cancel_workshop(actor, made)
    assert made.state is ReservationState.CANCELLED


def test_a_draft_is_kept_until_it_is_sent_or_forgotten(context):
    desk.kit()
    actor = facilitator()
    with unit_of_work():
        save_draft(actor, {"purpose": "Robots"})
    assert draft_of(actor).typed == {"purpose": "Robots"}
    with unit_of_work():
        forget_draft(actor)
    assert draft_of(actor) is None
    with unit_of_work():
        save_draft(actor, {"purpose": "Robots"})
    with clock.at(clock.now() + timedelta(days=100)), unit_of_work():
        assert forget_drafts() == 1
    assert lending_sites()[0][0] == 1


def test_a_partner_asks_on_a_page(app, client):
    with app.app_context():
        kit = desk.kit()
        facilitator()
        reserved(kit, who=desk.borrower("Aïcha"), from_on=days().from_on, to_on=days().to_on)
        product = kit.product_id
        typed = {"from_on": days().from_on.isoformat(), "to_on": days().to_on.isoformat(), "repeat": "weekly", "count": "2", "site_id": "1"}
        db.session.remove()
    client.sign_in(EMAIL)
    path = "/ateliers/reserver"
    assert client.get(path).status_code == 200
    typed |= {f"n{product}": "1", "purpose": "Robots et histoires"}
    shown = client.submit(path, typed | {"press": "check"}).text
    assert "Prise à 1 séance sur 2" in shown
    assert "Que faire pour cette séance" in shown
    assert "Robots et histoires" in client.get(path).text, "the draft is kept"
    assert client.submit(path, typed | {"press": "send", "purpose": ""}).status_code == 422
    assert client.submit(path, typed | {"press": "send", "way0": "drop"}).status_code == 303
    with app.app_context():
        reference = db.session.query(Reservation.reference).order_by(Reservation.id.desc()).limit(1).scalar()
        assert db.session.query(Borrower).filter_by(email=EMAIL).count() == 1
    assert reference in client.get("/ateliers").text
    assert client.submit(f"/ateliers/{reference}").status_code == 303
    assert "Annulé" in client.get(f"/ateliers/{reference}").text
    assert client.get("/ateliers/RS-2026-0001").status_code in {200, 404}


def test_the_desk_decides_about_a_partner_and_the_letter_says_so(context):
    printer, actor = promises.printer(), facilitator()
    (made,) = sent(actor, plain(outlook(printer, count=1), {printer.product_id: 1}))
    fire(made, "refuse", reason="déjà promis au collège")
    assert "déjà promis" in tell_partner(reservation_id=made.id, state="refused").text
