"""A rota becomes days: made ahead, made anew when its rule changes, and never over what somebody did or expects."""

from datetime import date, timedelta

import pytest

from refurb.directory.agenda.actions import withdraw_closure
from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.queries import days_of
from refurb.directory.rota.actions.closures import close_rota, decide, decided_as, opened_again, withdraw_rota_closure
from refurb.directory.rota.actions.passages import add_passage
from refurb.directory.rota.actions.rotas import begin_rota, close_passages, correct_rota, keep_ahead, told_as
from refurb.directory.rota.actions.stops import add_stop, change_stop, end_stop, with_rule, without_stop
from refurb.directory.rota.at_stops import ThingAtStop
from refurb.directory.rota.models import Passage
from refurb.directory.rota.planned import passages_of_place, passages_on
from refurb.directory.rota.planning import adopt, changes_of, expected_off_rota, schedule_of
from refurb.directory.rota.queries import (
    count_missing_decisions,
    missing_decisions,
    next_passage,
    next_passages,
    rota_by_id,
    rotas,
    served,
    stop_rules,
)
from refurb.directory.rota.rules import AtTwoStops, ClosuresOverlap, NothingToDecide, NotWhatWasSeen, RotaTaken, StopOfAnother, TwiceThatDay
from refurb.directory.rota.turns import LAST, CallRule
from refurb.directory.rota.words import ClosureEffect, PassageState
from refurb.directory.sites.actions import archive_site
from refurb.directory.sites.rules import SiteInUse
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.story import people, places, rota


def loan(stop, day):
    return ThingAtStop(stop.site_id, day, "Prêt PR-2026-0001", "lending.loan", {"reference": "PR-2026-0001"})


def test_a_stop_has_its_passages_for_eighteen_months(autumn):
    _made, blanzay, charroux = rota.two_weeks()
    assert rota.days(charroux)[:4] == [date(2026, 12, 3), date(2026, 12, 17), date(2027, 1, 14), date(2027, 1, 28)], (
        "the house is closed on 31 December, and week 53 changes nothing"
    )
    assert rota.days(blanzay)[0] == today(), "today is not over"
    assert date(2028, 5, 10) < rota.days(charroux)[-1] < date(2028, 5, 27)
    assert all((each - rota.A_WEEK).days // 7 % 2 for each in rota.days(charroux))
    assert [event.move for event in events_of(charroux)] == ["created"]


def test_the_worker_makes_the_months_that_come_nearer_and_nothing_twice(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    last = rota.days(charroux)[-1]
    with unit_of_work():
        assert keep_ahead() == 0
    with at(rota.noon(date(2027, 1, 24))), unit_of_work():
        assert keep_ahead() > 0
    assert rota.days(charroux)[-1] > last


def test_no_passage_is_planned_on_a_public_holiday(autumn):
    made = rota.begun(anchor=rota.A_WEEK)
    every_day = rota.stop(made, turn=None, weekday=rota.THURSDAY)
    assert date(2027, 5, 6) not in rota.days(every_day), "Ascension"
    assert date(2027, 5, 13) in rota.days(every_day)


def test_one_closed_week_asks_what_comes_after_and_says_what_each_way_does(autumn):
    made, blanzay, charroux = rota.two_weeks()
    row = rota.closed(made, date(2027, 2, 8), date(2027, 2, 12), why="Formation")
    assert (row.weeks, row.effect) == (1, None)
    assert date(2027, 2, 11) in rota.days(charroux, "cancelled")
    assert [each.closure for each in missing_decisions(rotas())] == [row]
    assert count_missing_decisions(rota.desk()) == 1
    assert count_missing_decisions(people.actor(Role.OBSERVER)) == 0
    kept, shifted = (changes_of(made, decided_as(row, each)) for each in ClosureEffect)
    assert not kept.come, "undecided, the dates stay as they were planned"
    assert min(each.day for each in shifted.newly_planned) == date(2027, 2, 18)
    assert shifted.communes == {blanzay.site_id, charroux.site_id}
    with unit_of_work():
        decide(rota.desk(), row, effect=ClosureEffect.SHIFT)
    assert [each for each in rota.days(charroux) if each.month in {1, 2, 3} and each.year == 2027] == [
        date(2027, 1, 14), date(2027, 1, 28), date(2027, 2, 18), date(2027, 3, 4), date(2027, 3, 18),
    ]  # fmt: skip
    assert missing_decisions(rotas()) == []
    with unit_of_work():
        withdraw_rota_closure(rota.desk(), row)
    assert date(2027, 2, 11) in rota.days(charroux)
    assert date(2027, 2, 25) in rota.days(charroux)


def test_two_closed_weeks_of_two_are_the_same_both_ways_and_nothing_is_asked(autumn):
    made, _blanzay, charroux = rota.two_weeks()
    row = rota.closed(made, date(2027, 2, 8), date(2027, 2, 19), ClosureEffect.SHIFT)
    assert row.effect is ClosureEffect.KEEP
    assert rota.days(charroux, "cancelled") == [date(2027, 2, 11)]
    assert rota.days(charroux)[4] == date(2027, 2, 25)
    with pytest.raises(NothingToDecide), unit_of_work():
        decide(rota.desk(), row, effect=ClosureEffect.SHIFT)


def test_closures_of_a_rota_lie_apart(autumn):
    made, *_stops = rota.two_weeks()
    rota.closed(made, date(2027, 2, 8), date(2027, 2, 12))
    with pytest.raises(ClosuresOverlap):
        rota.closed(made, date(2027, 2, 12), date(2027, 2, 13))
    rota.closed(made, date(2027, 2, 13), date(2027, 2, 14))
    with pytest.raises(Invalid):
        rota.closed(made, date(2027, 3, 8), date(2027, 3, 7))


def test_a_change_from_a_day_on_leaves_the_passages_before_as_they_were(autumn):
    made, _blanzay, charroux = rota.two_weeks()
    rule = CallRule(charroux.site_id, rota.FRIDAY, 600, 720, date(2027, 1, 4), turn=rota.B)
    seen = changes_of(made, with_rule(made, charroux, rule)).digest
    with unit_of_work():
        change_stop(rota.desk(), charroux, rule, place="place du Marché", seen=seen)
    assert rota.days(charroux)[:4] == [date(2026, 12, 3), date(2026, 12, 17), date(2027, 1, 15), date(2027, 1, 29)]
    assert rota.passage(charroux, 2).opens == 600
    assert charroux.site.name == "Charroux, place du Marché"
    assert [each.since for each in stop_rules([charroux.site_id], date(2027, 1, 4))[charroux.site_id]] == [date(2027, 1, 4)]
    with unit_of_work():
        again = change_stop(rota.desk(), made.stops[-1], made.stops[-1].rule, place="place du Marché")
    assert again is made.stops[-1], "nothing was said otherwise"


def test_a_stop_is_served_no_more_from_a_day_on(autumn):
    made, _blanzay, charroux = rota.two_weeks()
    seen = changes_of(made, without_stop(made, charroux, date(2027, 1, 1))).digest
    with unit_of_work():
        end_stop(rota.desk(), charroux, since=date(2027, 1, 1), seen=seen)
    assert rota.days(charroux)[-1] == date(2026, 12, 17)
    assert charroux.site_id in {each.id for each in served()}, "for as long as it is"
    assert charroux.site_id not in {each.id for each in served(date(2027, 1, 1))}


def test_where_somebody_is_expected_a_change_is_seen_first_and_the_passage_kept_or_given_up(autumn, expected):
    made, _blanzay, charroux = rota.two_weeks()
    found, moved = expected
    found += [loan(charroux, date(2026, 12, 17)), loan(charroux, date(2027, 1, 14))]
    changes = changes_of(made, without_stop(made, charroux, date(2026, 12, 10)))
    assert [(each.day, [thing.what for thing in things]) for each, things in changes.asked] == [
        (date(2026, 12, 17), ["Prêt PR-2026-0001"]), (date(2027, 1, 14), ["Prêt PR-2026-0001"]),
    ]  # fmt: skip
    for told in (None, "0" * 64):
        with pytest.raises(NotWhatWasSeen), unit_of_work():
            end_stop(rota.desk(), charroux, since=date(2026, 12, 10), seen=told)
    first = changes.asked[0][0].id
    with unit_of_work():
        end_stop(rota.desk(), charroux, since=date(2026, 12, 10), seen=changes.digest, keeping=[first])
    assert rota.days(charroux) == [date(2026, 12, 3), date(2026, 12, 17)]
    assert db.session.get(Passage, first).by_hand
    assert moved == [(charroux.site_id, date(2027, 1, 14))]
    assert [key for key, _things in expected_off_rota(rotas())] == [(charroux.site_id, date(2027, 1, 14))]


def test_the_worker_touches_no_passage_at_which_somebody_is_expected(autumn, expected):
    made, _blanzay, charroux = rota.two_weeks()
    expected[0].append(loan(charroux, date(2026, 12, 17)))
    places.closed(date(2026, 12, 14), date(2026, 12, 18), site_id=charroux.site_id)
    assert date(2026, 12, 17) in rota.days(charroux, "cancelled"), "whoever closed the days saw it"
    row = rota.passage(charroux, 1)
    assert row.day == date(2027, 1, 14)
    expected[0].append(loan(charroux, row.day))
    with unit_of_work():
        made.until = date(2026, 12, 20)
        assert keep_ahead() > 0
    assert row.day in rota.days(charroux), "the rota is over, and somebody comes"
    assert len(rota.days(charroux)) == 2
    assert expected[1] == [(charroux.site_id, date(2026, 12, 17))]


def test_what_closes_everywhere_or_the_stop_or_the_vehicle_closes_the_passages(autumn):
    van = rota.van()
    made = rota.begun(anchor=rota.A_WEEK, vehicle_id=van.id)
    charroux = rota.stop(made)
    told = passages_on(rota.desk(), places.closed(date(2026, 12, 3), site_id=van.id) and _span(date(2026, 12, 17)))
    assert [(each.day, each.moves_to) for each in told] == [(date(2026, 12, 17), date(2027, 1, 14))]
    row = places.closed(date(2026, 12, 17))
    assert rota.days(charroux, "cancelled") == [date(2026, 12, 3), date(2026, 12, 17)]
    assert not days_of(charroux.site_id).is_open(date(2026, 12, 17))
    with unit_of_work():
        withdraw_closure(people.actor(Role.COORDINATOR), row)
        close_passages(rota.desk(), _span(date(2026, 12, 17)))
    assert date(2026, 12, 17) in rota.days(charroux)


def _span(day):

    return ClosedSpan(day, day)


def test_a_stop_is_open_on_its_passages_and_the_next_one_is_strictly_after(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    assert [each for each in range(1, 32) if days_of(charroux.site_id).is_open(date(2026, 12, each))] == [3, 17]
    assert next_passage("CHARROUX", date(2026, 12, 3)).day == date(2026, 12, 17)
    assert next_passage(charroux.site_id, date(2026, 12, 2)).day == date(2026, 12, 3)
    assert next_passage("Nulle-Part", today()) is None
    assert [each.day for each in next_passages([charroux.site_id], date(2026, 12, 3))[charroux.site_id]] == [
        date(2026, 12, 3),
        date(2026, 12, 17),
    ]


def test_a_place_with_passages_to_come_is_not_given_up(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    assert passages_of_place(charroux.site_id)[0].count > 30
    with pytest.raises(SiteInUse), unit_of_work():
        archive_site(people.actor(Role.COORDINATOR), charroux.site)


def test_the_vehicle_is_at_one_stop_at_a_time(autumn):
    made, *_stops = rota.two_weeks()
    with pytest.raises(AtTwoStops):
        rota.stop(made, "Brux", rota.THURSDAY, rota.B, 900, 1000)
    rota.stop(made, "Brux", rota.THURSDAY, rota.B, 990, 1080)
    rota.stop(made, "Chaunay", rota.THURSDAY, rota.A)
    with pytest.raises(AtTwoStops):
        rota.stop(made, "Linazay", rota.THURSDAY, None, nth=1)


def test_a_stop_is_one_rotas(autumn):
    _made, _blanzay, charroux = rota.two_weeks()
    other = rota.begun("Bus 2", rota.A_WEEK)
    with pytest.raises(StopOfAnother), unit_of_work():
        add_stop(rota.desk(), other, CallRule(charroux.site_id, rota.MONDAY, 600, 700, today()))


@pytest.mark.parametrize(("told", "field"), [({"turn": 2}, "rhythm"), ({"turn": 0, "opens": 900, "closes": 900}, "closes")])
def test_a_week_that_the_rota_has_not_and_hours_reversed_are_refused(autumn, told, field):
    made, *_stops = rota.two_weeks()
    with pytest.raises(Invalid) as refused:
        rota.stop(made, "Brux", rota.MONDAY, **told)
    assert list(refused.value.fields) == [field]


def test_a_rota_counts_from_a_monday_and_has_a_name_of_its_own(autumn):
    with pytest.raises(Invalid) as refused:
        rota.begun(anchor=date(2026, 9, 1))
    assert refused.value.fields["anchor"][0].facts["day"] == rota.A_WEEK
    rota.begun(anchor=rota.A_WEEK)
    with pytest.raises(RotaTaken):
        rota.begun(anchor=rota.A_WEEK)
    with pytest.raises(Invalid):
        rota.begun("Bus 2", rota.A_WEEK, vehicle_id=1)


def test_a_rota_that_counts_from_another_monday_makes_its_days_anew(autumn):
    made, _blanzay, charroux = rota.two_weeks()
    told = {"name": "Bus 1", "anchor": date(2026, 9, 7), "cycle": 2, "vehicle_id": None, "advisers": [rota.desk().id], "until": None}
    seen = changes_of(made, told_as(made, **told)).digest
    with unit_of_work():
        correct_rota(rota.desk(), made, **told, seen=seen)
    assert rota.days(charroux)[0] == date(2026, 11, 26)
    assert [each.account_id for each in made.advisers] == [rota.desk().id]


def test_nobody_without_the_permission_touches_a_rota(autumn):
    made, _blanzay, charroux = rota.two_weeks()
    technician = people.actor(Role.TECHNICIAN)
    with pytest.raises(Forbidden), unit_of_work():
        begin_rota(technician, name="Bus 3", anchor=rota.A_WEEK)
    with pytest.raises(Forbidden), unit_of_work():
        close_rota(technician, made, first=today(), last=today(), why="Rien")
    with pytest.raises(Forbidden), unit_of_work():
        add_passage(technician, charroux, day=today(), opens=600, closes=700)
    with pytest.raises(NotFound):
        rota_by_id(people.actor(Role.OBSERVER), made.id)


def test_nothing_is_written_where_nothing_was_seen_to_change(autumn):
    made, *_stops = rota.two_weeks()
    with unit_of_work():
        assert adopt(rota.desk(), made, schedule_of(made), seen=None, keeping=()) == 0


def test_the_database_keeps_one_passage_a_day_and_a_day_for_what_was_moved(autumn):
    made, _blanzay, charroux = rota.two_weeks()
    for wrong in ({"day": date(2026, 12, 3)}, {"day": date(2026, 12, 4), "state": "moved"}, {"day": date(2026, 12, 4), "closes": 800}):
        told = {"rota_id": made.id, "site_id": charroux.site_id, "opens": 840, "closes": 990, **wrong}
        with pytest.raises(Conflict, match="constraint"), unit_of_work():
            db.session.execute(db.insert(Passage).values(told))


def test_the_withdrawn_closure_asks_what_opening_again_changes(autumn):
    made, _blanzay, _charroux = rota.two_weeks()
    row = rota.closed(made, date(2027, 2, 8), date(2027, 2, 12), ClosureEffect.SHIFT)
    back = changes_of(made, opened_again(row))
    assert date(2027, 2, 11) in {each.day for each in back.newly_planned}
    assert timedelta(0) < back.lost[0].day - date(2027, 2, 11) < timedelta(days=14)


def test_what_is_closed_elsewhere_or_on_another_day_touches_no_passage_at_which_somebody_is_expected(autumn, expected):
    _made, _blanzay, charroux = rota.two_weeks()
    (found, moved), elsewhere = expected, places.second().id
    first, second = (rota.passage(charroux, number) for number in (0, 1))
    found += [loan(charroux, first.day), loan(charroux, second.day)]
    with unit_of_work():
        charroux.until = first.day  # The rule wants none of them any more, and they were kept because somebody is expected.
    with unit_of_work():
        close_passages(rota.desk(), ClosedSpan(second.day, second.day, site_id=elsewhere))
    assert (moved, rota.days(charroux)[:2]) == ([], [first.day, second.day])
    with unit_of_work():
        close_passages(rota.desk(), ClosedSpan(second.day, second.day, site_id=charroux.site_id))
    assert (moved, rota.days(charroux)[0]) == ([(charroux.site_id, second.day)], first.day)
    assert second.day not in rota.days(charroux)


def test_a_passage_set_by_hand_goes_with_the_days_of_the_vehicle_and_what_is_expected_moves(autumn, expected):
    van = rota.van()
    charroux = rota.stop(rota.begun(anchor=rota.A_WEEK, vehicle_id=van.id))
    (found, moved), extra = expected, date(2026, 12, 8)
    with unit_of_work():
        made = add_passage(rota.desk(), charroux, day=extra, opens=540, closes=600)
    found.append(loan(charroux, extra))
    places.closed(extra + timedelta(days=1), site_id=van.id)
    assert made.state is PassageState.PLANNED
    with unit_of_work():
        close_passages(rota.desk(), ClosedSpan(extra, extra, site_id=van.id, reason="Contrôle technique"))
    assert (made.state, made.why, moved) == (PassageState.CANCELLED, "Contrôle technique", [(charroux.site_id, extra)])


@pytest.mark.parametrize(("nth", "refused"), [(None, True), (1, False), (4, True)])
def test_a_stop_has_one_passage_a_day_whatever_the_hours(autumn, nth, refused):
    made = rota.begun(cycle=1)
    rota.stop(made, turn=None, nth=nth, weekday=rota.THURSDAY, opens=540, closes=600)
    if refused:
        with pytest.raises(TwiceThatDay):
            rota.stop(made, turn=None, nth=LAST, weekday=rota.THURSDAY, opens=840, closes=900)
    else:
        rota.stop(made, turn=None, nth=LAST, weekday=rota.THURSDAY, opens=840, closes=900)
