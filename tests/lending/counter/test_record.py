"""A pile is recorded whole: returns of several people, what was found, and one loan for all that leaves; or not at all, with the reason."""

import io
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from refurb.directory.agenda.actions import close_days, sum_of_planned
from refurb.directory.agenda.models import ClosedDays
from refurb.directory.agenda.rules import span_to_close
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, local, now, today
from refurb.kernel.speech.errors import Invalid, Refusal
from refurb.lending.claims.facts import NewlyShort
from refurb.lending.counter.actions import exceptions, recording
from refurb.lending.counter.actions import piles as actions
from refurb.lending.counter.queries import last_recorded, open_pile
from refurb.lending.counter.rules import NothingThere, WhoseTurn
from refurb.lending.counter.shown import hour, shown_pile
from refurb.lending.items.rules import NotCounted, NotOut
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.loans.rules import DueClosed, NoBorrower, NotSigned, TwoPlaces
from refurb.lending.models import Loan, LoanLine
from refurb.lending.words import ItemState, LoanState
from tests.lending.counter.test_hear import agent, hear, pressed
from tests.support.story import desk, people, places
from tests.support.together import at_once


def picture():
    drawn = Image.new("RGBA", (300, 120), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).line([(20, 90), (120, 30), (260, 80)], fill="black", width=3)
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


def sign():
    pressed(actions.keep_drawing, picture())


def record():
    with unit_of_work():
        pile = actions.counter_of(agent(), open_pile(agent()).id)
        return recording.record(agent(), pile)


def refused(kind):
    before = db.session.query(Loan).count()
    with pytest.raises(kind) as refusal:
        record()
    assert db.session.query(Loan).count() == before
    return refusal.value


def test_two_scans_a_signature_and_a_press_are_a_loan(context):
    tablet, who = desk.tablet(), desk.borrower()
    hear(who.code, tablet.code)
    sign()
    loan = record()
    assert loan.is_signed
    assert tablet.state is ItemState.LENT
    assert open_pile(agent()) is None
    pile = last_recorded(agent())
    assert (pile.loan, pile.drawing, pile.lines[0].loan_line) == (loan, None, loan.lines[0])
    assert hour(pile.recorded_at)


def test_returns_of_several_people_and_a_departure_are_one_press(context):
    first, second = desk.borrower("Berthe Première"), desk.borrower("Camille Seconde")
    one, two = desk.lent(desk.tablet("R52N30ONE00", "Tablette n° 1"), first), desk.lent(desk.tablet("R52N30TWO00", "Tablette n° 2"), second)
    found, kit = desk.tablet("R52N30LOST0", "Tablette n° 3"), desk.kit()
    with unit_of_work():
        item_machine.fire(found, "lose", people.actor(Role.DESK), reason="Introuvable")
    shown = hear(one.lines[0].item.code, two.lines[0].item.code, found.code, first.code, kit.code)
    assert shown.borrowers == 2
    pressed(actions.all_there, shown.leaving[0].row.id)
    pressed(lambda pile: actions.wipe_drawing(pile, on_paper=True))
    loan = record()
    assert not loan.is_signed
    assert one.state is two.state is LoanState.CLOSED
    assert found.state is ItemState.TO_CHECK
    assert [line.item for line in loan.lines] == [kit]


def test_a_kit_is_counted_piece_by_piece(context):
    kit, who = desk.kit(), desk.borrower()
    hear(who.code, kit.code)
    sign()
    assert "Tapis" in refused(NotCounted).facts["names"]


def test_nobody_borrows_without_a_name_nor_a_signature(context):
    hear(desk.tablet().code)
    refused(NoBorrower)
    hear(desk.borrower().code)
    refused(NotSigned)


def test_nothing_is_recorded_while_it_is_not_said_whose_turn_it_is(context):
    first, second = desk.borrower("Berthe Première"), desk.borrower("Camille Seconde")
    hear(first.code)
    refused(NothingThere)
    hear(desk.tablet().code, second.code)
    sign()
    refused(WhoseTurn)
    pressed(actions.finish_first)
    record()
    assert open_pile(agent()).borrower == second, "without another scan"


def test_a_change_voids_the_signature(context):
    tablet, kit, who = desk.tablet(), desk.kit(), desk.borrower()
    shown = hear(who.code, tablet.code)
    sign()
    assert shown_pile(open_pile(agent())).is_signed
    later = shown.leaving[0].due_on + timedelta(days=7)
    pressed(actions.keep_told, {shown.leaving[0].row.id: {"due_on": later}})
    shown = shown_pile(open_pile(agent()))
    assert shown.is_void
    assert shown.changes[0][1], "what it said before is still to be seen"
    refused(NotSigned)
    hear(kit.code)
    assert shown_pile(open_pile(agent())).is_void


def test_a_line_that_cannot_be_recorded_keeps_the_others_until_another_press(context):
    tablet, other, who = desk.tablet(), desk.tablet("R52N30OTHER", "Tablette n° 2"), desk.borrower()
    hear(who.code, tablet.code, other.code)
    desk.lent(other, desk.borrower("Berthe Première"))
    sign()
    refusal = refused(Refusal)
    assert refusal.about == other.id
    pressed(recording.keep_refusal, refusal)
    shown = shown_pile(open_pile(agent()))
    assert [each.item for each in shown.sound] == [tablet]
    assert shown.is_void, "it was signed for two"
    sign()
    assert [line.item for line in record().lines] == [tablet]


def test_a_wrong_day_of_return_is_told_beside_its_line(context):
    tablet, who = desk.tablet(), desk.borrower()
    shown = hear(who.code, tablet.code)
    pressed(actions.keep_told, {shown.lines[0].row.id: {"due_on": today() + timedelta(days=400)}})
    sign()
    refusal = refused(Refusal)
    assert (refusal.code, refusal.about) == ("loan.due_out_of_bounds", tablet.id)


def test_a_wrong_day_is_corrected_and_recorded_with_the_others(context):
    tablet, who = desk.tablet(), desk.borrower()
    shown = hear(who.code, tablet.code)
    number = shown.lines[0].row.id
    pressed(actions.keep_told, {number: {"due_on": today() + timedelta(days=400)}})
    sign()
    pressed(recording.keep_refusal, refused(Refusal))
    [line] = shown_pile(open_pile(agent())).leaving
    assert (line.wrong, line.row.stays_out) == ("due_on", False)
    assert line.why
    pressed(actions.keep_told, {number: {"due_on": None}})
    assert shown_pile(open_pile(agent())).leaving[0].wrong == ""
    sign()
    assert [each.item for each in record().lines] == [tablet]


def test_what_lies_here_and_could_not_be_taken_back_begins_the_next_pile(context):
    tablet = desk.lent(desk.tablet()).lines[0].item
    other = desk.lent(desk.tablet("R52N30OTHER", "Tablette n° 2"), desk.borrower("Berthe Première")).lines[0].item
    hear(tablet.code, other.code)
    refusal = NotOut(name=other.name)
    refusal.about = other.id
    pressed(recording.keep_refusal, refusal)
    assert record() is None
    assert tablet.state is not ItemState.LENT
    pile = open_pile(agent())
    assert [line.item for line in pile.lines] == [other]
    assert pile.heard["code"] == NotOut.code
    assert [each.item for each in hear(other.code).returning] == [other]


def test_what_another_reserved_meanwhile_is_offered_all_the_same(context):
    tablet, who = desk.tablet(), desk.borrower()
    [line] = hear(who.code, tablet.code).lines
    refusal = NewlyShort(name=tablet.name, count=1)
    refusal.about = tablet.id
    pressed(recording.keep_refusal, refusal)
    assert open_pile(agent()).lines[0].refusal["code"] == "counter.reserved"
    pressed(exceptions.let_leave, line.row.id, "Elle vient ce soir")
    assert [each.item for each in shown_pile(open_pile(agent())).leaving] == [tablet]


def test_things_of_two_places_are_two_loans(context):
    tablet, other, who, there = desk.tablet(), desk.tablet("R52N30OTHER", "Tablette n° 2"), desk.borrower(), places.second()
    with unit_of_work():
        other.site_id = there.id
    shown = hear(who.code, tablet.code, other.code)
    assert [each.row.refusal["code"] for each in shown.lines if each.row.refusal] == [TwoPlaces.code]
    things = [Departure(each, desk.all_there(each.components)) for each in (tablet, other)]
    with pytest.raises(TwoPlaces) as refusal, unit_of_work():
        lend(agent(), who, things, on_paper=True)
    assert refusal.value.about == other.id


def test_what_came_back_on_another_day_says_so(context):
    with at(now() - timedelta(days=9)):
        loan = desk.lent(desk.tablet())
    shown = hear(loan.lines[0].item.code)
    day = today() - timedelta(days=2)
    pressed(actions.keep_told, {shown.lines[0].row.id: {"back_on": day}})
    record()
    assert local(loan.lines[0].back_at).date() == day


def test_nothing_came_back_before_it_left(context):
    loan = desk.lent(desk.tablet())
    with pytest.raises(Invalid), unit_of_work():
        take_back(agent(), loan.lines[0], desk.all_there(loan.lines[0].counts), back_on=today() - timedelta(days=1))


def test_what_needs_no_check_is_free_again_at_once(context):
    projector = desk.product("Vidéoprojecteur", "projector")
    with unit_of_work():
        item = desk.add_item(
            agent(), product_id=projector.id, name="Vidéoprojecteur n° 1", components=[{"name": "Appareil", "quantity": 1}]
        )
    loan = desk.lent(item)
    hear(item.code)
    record()
    assert loan.state is LoanState.CLOSED
    assert item.state is ItemState.AVAILABLE


def test_days_closed_before_the_pool_is_held_are_seen(context, monkeypatch):
    tablet, who = desk.tablet(), desk.borrower()
    due = hear(who.code, tablet.code).leaving[0].due_on
    sign()
    holding = recording.hold_for

    def closed_meanwhile(*items):
        db.session.add(ClosedDays(reason="Inventaire", first=due, last=due, entered_at=now()))
        db.session.flush()
        return holding(*items)

    monkeypatch.setattr(recording, "hold_for", closed_meanwhile)
    assert isinstance(refused(Refusal), DueClosed)


def test_days_closed_while_a_pile_is_recorded_are_no_days_of_return(context, app):
    tablet, who = desk.tablet(), desk.borrower()
    due = hear(who.code, tablet.code).leaving[0].due_on
    sign()
    recorder, closer = agent(), people.actor(Role.ADMIN)
    pile, instant = open_pile(recorder).id, now()
    db.session.remove()

    def close():
        seen = sum_of_planned(closer, span_to_close(due, due, reason="Inventaire"))
        close_days(closer, reason="Inventaire", first=due, seen=seen)

    def press():
        recording.record(recorder, actions.counter_of(recorder, pile))

    answers = dict(at_once(app, instant, [("record", press), ("close", close)]))
    lines = db.session.query(LoanLine).all()
    assert [line.due_on == due for line in lines] in ([], [False], [True] if answers["close"] else [False])
    assert answers["record"] is None or isinstance(answers["record"], (DueClosed, NotSigned)), "its day, or what was signed for, is another"
