"""Counting visits: one, a group, corrected and taken back until midnight; what is wrong, each with its sentence; what is kept counted."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, inspect, select, text

from refurb.directory.rota.queries import tour_of
from refurb.directory.sites.actions import add_site, archive_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Elsewhere, Grant, Role
from refurb.kernel.deeds.counts import differences, kept
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, local, now, today
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound
from refurb.visits import actions
from refurb.visits.counts import COUNTS, VISITS
from refurb.visits.models import Visit, VisitReason
from refurb.visits.opinions import ask_opinion
from refurb.visits.queries import counted_today, place_of_today, usual_reasons, visit_figures, visited_places
from refurb.visits.rules import DayOver, GroupSize, PlaceClosed
from refurb.visits.words import USUAL, AgeBand, FirstTime, Motive
from tests.support.story import people, places, rota
from tests.support.story.rota import NOVEMBER

WORKSHOP = 1
NOVEMBERS = "2026-11"


def desk():
    return people.actor(Role.DESK)


def office():
    return people.actor(Role.COORDINATOR)


def counted(*reasons, actor=None, **told):
    with unit_of_work():
        return actions.count_visit(actor or desk(), **{"site": WORKSHOP, "reasons": reasons, **told})


def agree():
    """What is kept is what the rows say."""
    assert [each for count in COUNTS for each in differences(count)] == []


def figures(site=None):
    return visit_figures(site, NOVEMBERS, NOVEMBERS)


def test_a_visit_is_counted_with_what_was_said_and_with_what_was_not(autumn):
    visit = counted(Motive.EMAIL, Motive.DEVICE, age=AgeBand.FROM_70, heard="Internet")
    found = figures()
    assert (visit.day, found.total, found.by_place, found.by_month) == (today(), 1, {WORKSHOP: 1}, {NOVEMBERS: 1})
    assert found.reasons == {"email": 1, "prendre_en_main_du_materiel": 1}
    assert found.said["age"] == {"soixante_dix_plus": 1}
    assert found.said["gender"] == found.said["first_time"] == {"non_communique": 1}
    assert (found.said["heard"], found.said["detour"]) == ({"Internet": 1}, {"": 1})
    counted()
    assert figures().reasons["non_communique"] == 1
    agree()


def test_no_event_keeps_the_hour_of_a_visit_and_the_next_day_nothing_does(autumn):
    before = db.session.scalar(select(func.count()).select_from(Event))
    visit = counted(Motive.EMAIL)
    assert visit.entered_at is not None
    assert db.session.scalar(select(func.count()).select_from(Event)) == before
    with unit_of_work():
        assert actions.forget_hours() == 0
    with at(NOVEMBER + timedelta(days=1)), unit_of_work():
        assert actions.forget_hours() == 1
    assert db.session.scalar(select(Visit.entered_at)) is None
    agree()


def test_a_group_is_as_many_visits_and_one_line(autumn):
    with unit_of_work():
        first = actions.count_group(desk(), site=WORKSHOP, reasons=[Motive.OFFICE], dix_huit_vingt_quatre=2, soixante_dix_plus=4)
    counted(Motive.EMAIL)
    assert (figures().total, figures().said["age"]["soixante_dix_plus"], figures().reasons["bureautique"]) == (7, 4, 6)
    assert [(each.is_group, each.people) for each in counted_today(desk())] == [(False, 1), (True, 6)]
    with unit_of_work():
        again = actions.correct_group(desk(), first, site=WORKSHOP, reasons=[Motive.AI], moins_de_douze=3)
    assert (figures().total, figures().reasons) == (4, {"intelligence_artificielle": 3, "email": 1})
    with unit_of_work():
        actions.take_back(desk(), again)
    assert figures().total == 1
    agree()


@pytest.mark.parametrize("ages", [{}, {"soixante_dix_plus": 60, "moins_de_douze": 41}])
def test_a_group_of_nobody_or_of_more_than_a_room_holds_is_refused(autumn, ages):
    with pytest.raises(GroupSize), unit_of_work():
        actions.count_group(desk(), site=WORKSHOP, reasons=[], **ages)
    assert figures().total == 0


def test_a_correction_moves_what_is_kept_and_a_visit_taken_back_never_was(autumn):
    with unit_of_work():
        other = add_site(office(), name="Maison de quartier", kind=SiteKind.DESK).id
    visit = counted(Motive.EMAIL, Motive.DEVICE, first_time=FirstTime.FIRST)
    told = {"age": AgeBand.FROM_12, "first_time": FirstTime.AGAIN, "heard": ""}
    with unit_of_work():
        actions.correct_visit(desk(), visit, site=other, reasons=[Motive.DEVICE, Motive.BANK], **told)
    assert (figures(WORKSHOP).total, figures(other).total) == (0, 1)
    assert figures(WORKSHOP).reasons == {}
    assert figures(other).reasons == {"banque_et_achats_en_ligne": 1, "prendre_en_main_du_materiel": 1}
    assert figures(other).said["first_time"] == {"deja_venu": 1}
    agree()
    with unit_of_work():
        actions.take_back(desk(), visit)
    assert (figures().total, db.session.scalar(select(func.count()).select_from(VisitReason))) == (0, 0)
    agree()


def test_a_visit_is_corrected_until_midnight_on_the_wall_of_the_territory(autumn):
    visit = counted(Motive.EMAIL)
    late = local(NOVEMBER).replace(hour=23, minute=59, second=0)
    with at(late), unit_of_work():
        actions.correct_visit(desk(), visit, site=WORKSHOP, reasons=[Motive.BANK])
    with at(late + timedelta(minutes=2)):
        for deed in (lambda: actions.take_back(desk(), visit), lambda: actions.correct_visit(desk(), visit, site=WORKSHOP, reasons=[])):
            with pytest.raises(DayOver), unit_of_work():
                deed()
    assert figures().reasons == {"banque_et_achats_en_ligne": 1}


def test_anothers_visit_is_nobodys_to_correct(autumn):
    visit = counted(Motive.EMAIL)
    with pytest.raises(NotFound):
        actions.own_visit(office(), visit.id)
    with pytest.raises(NotFound), unit_of_work():
        actions.take_back(office(), visit)
    with pytest.raises(Forbidden):
        counted(actor=people.actor(Role.TECHNICIAN))
    assert counted_today(office()) == []


def test_a_place_that_was_given_up_or_never_was_is_refused_by_name(autumn):
    with unit_of_work():
        closed = add_site(office(), name="Ancienne poste", kind=SiteKind.DESK)
        archive_site(office(), closed)
    with pytest.raises(PlaceClosed) as refused:
        counted(site=closed.id)
    assert refused.value.facts == {"name": "Ancienne poste"}
    with pytest.raises(Invalid):
        counted(site=9999)


def test_what_people_come_for_at_a_place_comes_first_there(autumn):
    assert usual_reasons(WORKSHOP) == list(USUAL)
    for _ in range(2):
        counted(Motive.JUSTICE)
    counted(Motive.HOUSING, Motive.EMAIL)
    assert usual_reasons(WORKSHOP)[:3] == [Motive.JUSTICE, Motive.EMAIL, Motive.HOUSING]
    assert len(usual_reasons(WORKSHOP)) == len(USUAL)


def test_todays_stop_is_proposed_else_the_usual_place(autumn):
    adviser = desk()
    assert place_of_today(adviser) == WORKSHOP
    round_ = rota.begun(advisers=[adviser.id])
    stop = rota.stop(round_, weekday=local(now()).isoweekday(), turn=None, opens=840, closes=990)
    assert [each.site_id for each in tour_of(round_, today())] == [stop.site_id]
    assert place_of_today(adviser) == stop.site_id
    assert place_of_today(office()) == WORKSHOP


def test_the_count_reads_few_rows_whatever_lies_behind(autumn):
    counted(Motive.EMAIL)
    keys = db.session.scalars(select(kept(VISITS).c.c)).all()
    assert len(keys) == 8, "one for the visit, one for each thing that may be said of it"


def test_a_role_for_one_place_counts_there_alone(autumn):
    first = places.second().id
    hers = people.somebody(Grant(Role.DESK, None, first), email="civray@refurb.example")
    there = counted(Motive.EMAIL, actor=hers, site=first)
    deeds = [
        lambda: actions.count_visit(hers, site=WORKSHOP, reasons=[Motive.EMAIL]),
        lambda: actions.count_group(hers, site=WORKSHOP, reasons=[], soixante_dix_plus=2),
        lambda: actions.correct_visit(hers, there, site=WORKSHOP, reasons=[]),
        lambda: ask_opinion(hers, WORKSHOP),
    ]
    for deed in deeds:
        with pytest.raises(Elsewhere), unit_of_work():
            deed()
    assert figures().by_place == {first: 1}
    assert ([each.id for each in visited_places(hers)], place_of_today(hers)) == ([first], first)
    agree()


def test_a_visit_taken_back_in_two_tabs_is_not_found_in_the_second(autumn):
    visit = counted(Motive.EMAIL)
    with unit_of_work():
        db.session.execute(delete(VisitReason))
        db.session.execute(text("DELETE FROM visits"))  # The other tab, of which this session does not know.
    with pytest.raises(NotFound), unit_of_work():
        actions.take_back(desk(), visit)
    assert counted(Motive.EMAIL).id > inspect(visit).identity[0], "its number is no other's"
