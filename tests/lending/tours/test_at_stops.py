"""Lending at a stop of the rota: days are its passages, what a passage that is off displaces, what is loaded in the morning."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.queries import days_of
from refurb.directory.rota.actions.stops import end_stop, without_stop
from refurb.directory.rota.models import RotaAdviser
from refurb.directory.rota.planning import changes_of, expected_off_rota
from refurb.directory.rota.queries import rotas, stop_here, tour_of
from refurb.directory.rota.states import passage_machine
from refurb.directory.sites.models import FIRST
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, from_wall, now, today
from refurb.kernel.speech.errors import Invalid, NotFound
from refurb.lending.handing import Handing, stop_choices
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.loans.closed_days import returns_at_stops, returns_on
from refurb.lending.loans.rules import DueClosed
from refurb.lending.renewals.actions import renew
from refurb.lending.renewals.queries import renewals_for
from refurb.lending.reservations.actions import change, reserve
from refurb.lending.reservations.closed_days import reservations_at_stops, reservations_on
from refurb.lending.reservations.rules import ClosedThatDay
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import NeverOpen, loan_policy
from refurb.lending.tours.actions import NotOnTheRoad, load_up
from refurb.lending.tours.queries import tour_list
from tests.directory.rota.christmas import closed_at_christmas
from tests.lending.reserving import claims_of
from tests.support.story import desk, people, rota


@pytest.fixture
def autumn(context):
    """It is a Tuesday of November 2026, and a bus comes to Charroux every other Thursday."""
    people.settle()
    with at(rota.NOVEMBER):
        closed_at_christmas()
        yield rota.two_weeks()[2]


def reserved_at(stop, item, from_on, to_on, who="Berthe"):
    borrower, asking = desk.borrower(who), rota.desk()
    with unit_of_work():
        return reserve(
            asking, borrower, from_on=from_on, to_on=to_on, lines=[{"product_id": item.product_id, "quantity": 1}],
            handover_id=stop.site_id,
        )  # fmt: skip


def lent_at(stop, item, due_on=None):
    borrower, lending = desk.borrower("Odile"), rota.desk()
    with unit_of_work():
        return lend(lending, borrower, [Departure(item, desk.all_there(item.components), due_on)], on_paper=True, handover_id=stop.site_id)


def test_what_is_lent_at_a_stop_is_due_on_the_last_passage_within_the_usual_days(autumn):
    loans, days = loan_policy(), Handing(FIRST, autumn.site_id).days
    terms = loans.terms("tablet")
    out = date(2026, 12, 3)
    usual, due = out + timedelta(days=terms.days), loans.due_date(terms, out, days)
    passages = [each for each in rota.days(autumn) if each > out]
    within = [each for each in passages if each <= usual]
    assert due == (within[-1] if within else passages[0])
    assert due != out, "what is lent at today's stop is not due today"
    short = terms.__class__(**{**terms.__dict__, "days": 5, "longest": 60})
    assert loans.due_date(short, out, days) == date(2026, 12, 17), "none within five days: the first after"


def test_a_weekday_without_returns_at_the_desk_is_no_matter_at_a_stop(autumn):
    made = rotas()[0]
    saturday = rota.stop(made, "Brux", 6, None)
    passage = rota.days(saturday)[0]
    assert loan_policy().is_open(passage, days_of(saturday.site_id)) is True
    assert not loan_policy().is_open(passage + timedelta(days=1), days_of(saturday.site_id))


def test_a_loan_at_a_stop_is_due_on_its_passages_only(autumn):
    tablet = desk.tablet()
    with pytest.raises(DueClosed) as refused:
        lent_at(autumn, tablet, date(2026, 12, 4))
    assert refused.value.facts["due"] == date(2026, 12, 4)
    loan = lent_at(autumn, tablet, date(2026, 12, 17))
    assert loan.handover_id == autumn.site_id
    assert [each.day for each in returns_at_stops([autumn.site_id], today())] == [date(2026, 12, 17)]
    assert returns_on(rota.desk(), ClosedSpan(date(2026, 12, 17), date(2026, 12, 17), site_id=FIRST)) == [], "it is not brought back here"


def test_a_reservation_at_a_stop_begins_and_ends_on_passages_and_is_taken_while_it_travels(autumn):
    tablet = desk.tablet()
    for days in ((date(2026, 12, 2), date(2026, 12, 17)), (date(2026, 12, 3), date(2026, 12, 16))):
        with pytest.raises(ClosedThatDay) as refused:
            reserved_at(autumn, tablet, *days)
        assert refused.value.facts["nearest"] in rota.days(autumn)
    made = reserved_at(autumn, tablet, date(2026, 12, 3), date(2026, 12, 17))
    claim = claims_of(made)[0]
    assert claim.starts_on <= date(2026, 12, 3)
    assert claim.until_on > date(2026, 12, 17), "it is unpacked before anybody else has it"
    with unit_of_work():
        change(rota.desk(), made, from_on=date(2026, 12, 3), to_on=date(2027, 1, 14) if _may_last(tablet, 42) else date(2026, 12, 17),
               lines=[{"product_id": tablet.product_id, "quantity": 1}])  # fmt: skip
    assert made.handover_id == autumn.site_id


def _may_last(item, days):
    return loan_policy().terms(item.product.category).longest >= days


def test_a_thing_is_packed_on_the_last_open_day_of_its_place(autumn):
    loans, handing = loan_policy(), Handing(FIRST, autumn.site_id)
    terms = loans.terms("tablet")
    sunday = date(2026, 12, 6)
    assert loans.taken_from(terms, sunday, handing) < sunday
    assert loans.taken_until(terms, sunday, handing) > sunday + timedelta(days=1)
    assert loans.taken_from(terms, date(2026, 12, 8), Handing(FIRST)) == loans.blocked_from(terms, date(2026, 12, 8), days_of(FIRST))


def test_only_a_stop_that_is_served_is_one(autumn):
    assert (str(autumn.site_id), autumn.site.name) in stop_choices()
    borrower, product = desk.borrower("Berthe"), desk.tablet().product_id
    with pytest.raises(Invalid), unit_of_work():
        reserve(
            rota.desk(), borrower, from_on=date(2026, 12, 3), to_on=date(2026, 12, 17), handover_id=FIRST,
            lines=[{"product_id": product, "quantity": 1}],
        )  # fmt: skip


def test_a_passage_that_is_off_moves_what_is_due_and_lists_what_was_agreed(autumn):
    loan = lent_at(autumn, desk.tablet(), date(2026, 12, 3))
    made = reserved_at(autumn, desk.kit(), date(2026, 12, 3), date(2026, 12, 17))
    with unit_of_work():
        passage_machine.fire(rota.passage(autumn), "cancel", rota.desk(), why="Panne")
    assert loan.lines[0].due_on == date(2026, 12, 17)
    assert next(event for event in events_of(loan) if event.move == "due_moved").facts["before"] == "2026-12-03"
    off = dict(expected_off_rota(rotas()))
    assert [each.values["reference"] for each in off[autumn.site_id, date(2026, 12, 3)]] == [made.reference]
    assert made.from_on == date(2026, 12, 3), "somebody agrees on another day with her"


def test_what_is_due_follows_a_passage_to_its_new_day(autumn):
    loan = lent_at(autumn, desk.tablet(), date(2026, 12, 3))
    with unit_of_work():
        passage_machine.fire(rota.passage(autumn), "move", rota.desk(), day="2026-12-07", why="Panne")
    assert loan.lines[0].due_on == date(2026, 12, 7)


def test_a_stop_that_ends_asks_about_who_is_expected_there(autumn):
    loan = lent_at(autumn, desk.tablet(), date(2026, 12, 17))
    made = reserved_at(autumn, desk.kit(), date(2026, 12, 3), date(2026, 12, 17))
    changes = changes_of(autumn.rota, without_stop(autumn.rota, autumn, date(2026, 12, 10)))
    asked = {passage.day: [thing.what for thing in things] for passage, things in changes.asked}
    assert list(asked) == [date(2026, 12, 17)]
    assert [loan.reference in asked[date(2026, 12, 17)][0], made.reference in asked[date(2026, 12, 17)][1]] == [True, True]
    kept = changes.asked[0][0].id
    with unit_of_work():
        end_stop(rota.desk(), autumn, since=date(2026, 12, 10), seen=changes.digest, keeping=[kept])
    assert loan.lines[0].due_on == date(2026, 12, 17)
    assert days_of(autumn.site_id).is_open(date(2026, 12, 17))


def test_what_is_due_at_a_stop_at_which_nobody_comes_any_more_comes_back_to_its_place(autumn):
    loan = lent_at(autumn, desk.tablet(), date(2026, 12, 17))
    changes = changes_of(autumn.rota, without_stop(autumn.rota, autumn, date(2026, 12, 10)))
    with unit_of_work():
        end_stop(rota.desk(), autumn, since=date(2026, 12, 10), seen=changes.digest)
    assert loan.handover_id is None
    assert loan.lines[0].due_on == loan_policy().next_open(date(2026, 12, 17), days_of(FIRST))
    told = next(event for event in events_of(loan) if event.move == "due_moved").facts
    assert told["instead_of"] == autumn.site_id


def test_days_closed_at_a_stop_list_its_reservations_and_not_those_of_the_place(autumn):
    made = reserved_at(autumn, desk.kit(), date(2026, 12, 3), date(2026, 12, 17))
    told = reservations_on(rota.desk(), ClosedSpan(date(2026, 12, 3), date(2026, 12, 3), site_id=autumn.site_id))
    assert [each.values["reference"] for each in told] == [made.reference]
    assert reservations_on(rota.desk(), ClosedSpan(date(2026, 12, 3), date(2026, 12, 3), site_id=FIRST)) == []
    assert [each.day for each in reservations_at_stops([autumn.site_id], date(2026, 12, 4))] == [date(2026, 12, 17)]


def test_where_nobody_comes_any_more_that_is_said_of_the_line_alone(autumn):
    loan, other = lent_at(autumn, desk.kit(), date(2026, 12, 17)), desk.lent(desk.tablet(), desk.borrower("Odile"))
    with at(datetime(2029, 1, 15, 10, tzinfo=UTC)):
        ours, theirs = renewals_for([loan.lines[0], other.lines[0]])
        assert (type(ours.refusal), ours.until) == (NeverOpen, None)
        assert theirs.until is not None
        with pytest.raises(NeverOpen), unit_of_work():
            renew(rota.desk(), loan, until={loan.lines[0].id: None})


def test_what_is_still_to_decide_keeps_nothing_from_being_loaded_for_others(autumn):
    kits, day = [desk.kit("Malle 1"), desk.kit("Malle 2")], date(2026, 12, 3)
    undecided, made = (reserved_at(autumn, kits[0], day, date(2026, 12, 17), who) for who in ("Berthe", "Cécile"))
    with unit_of_work():
        undecided.state, undecided.expires_at = ReservationState.PENDING, now() + timedelta(days=2)
    stops = tour_list(rota.desk(), tour_of(autumn.rota, day), day)
    its_own = next(each.things[0][0] for each in stops[0].load if each.reservation is undecided)
    with unit_of_work():
        assert load_up(rota.desk(), stops, next(each for each in kits if each.code == its_own)) is made
    with pytest.raises(NotOnTheRoad), unit_of_work():
        load_up(rota.desk(), stops, next(each for each in kits if each.code != its_own))


def test_the_morning_says_what_is_loaded_for_each_stop_and_what_comes_back(autumn):
    loan = lent_at(autumn, desk.tablet(), date(2026, 12, 3))
    kit = desk.kit()
    made = reserved_at(autumn, kit, date(2026, 12, 3), date(2026, 12, 17))
    day = date(2026, 12, 3)
    stops = tour_list(rota.desk(), tour_of(autumn.rota, day), day)
    assert [each.passage.site_id for each in stops] == [autumn.site_id]
    assert [(each.reservation.reference, each.things, each.short) for each in stops[0].load] == [
        (made.reference, [(kit.code, kit.name)], 0)
    ]
    assert [line.loan.reference for line in stops[0].back] == [loan.reference]
    with pytest.raises(NotFound):
        tour_list(people.actor(Role.TECHNICIAN), tour_of(autumn.rota, day), day)


def test_whoever_is_on_the_road_is_at_a_stop_during_its_hours(autumn):
    with unit_of_work():
        autumn.rota.advisers.append(RotaAdviser(account_id=rota.desk().id))
    for clock, here in (("12:59", None), ("13:00", autumn.site_id), ("17:29", autumn.site_id), ("17:30", None)):
        with at(from_wall(_clock(date(2026, 12, 3), clock))):
            found = stop_here(rota.desk().id)
            assert (found.site_id if found else None) == here
            assert stop_here(people.actor(Role.COORDINATOR).id) is None


def _clock(day, clock):
    return datetime.combine(day, time.fromisoformat(clock))


def test_the_list_of_the_morning_is_ticked_by_scans(autumn):
    kit, tablet, day = desk.kit(), desk.tablet(), date(2026, 12, 3)
    made = reserved_at(autumn, kit, day, date(2026, 12, 17))
    passages = tour_of(autumn.rota, day)
    [[load]] = [stop.load for stop in tour_list(rota.desk(), passages, day)]
    assert load.packed == frozenset()
    with unit_of_work():
        assert load_up(rota.desk(), tour_list(rota.desk(), passages, day), kit) == made
    [[load]] = [stop.load for stop in tour_list(rota.desk(), passages, day)]
    assert load.packed == {kit.code}
    for other in (kit, tablet):
        with pytest.raises(NotOnTheRoad), unit_of_work():
            load_up(rota.desk(), tour_list(rota.desk(), passages, day), other)
