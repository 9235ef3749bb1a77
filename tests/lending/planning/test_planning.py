"""The planning of a place: a week cut into days, who comes back and leaves today, a month in numbers."""

from datetime import date, timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.lending.planning.queries import bars_of, come_back_today, leave_today, month_of, week_of
from refurb.lending.planning.weeks import PlanBar, row_of
from refurb.lending.reservations.models import Reservation
from tests.lending.reserving import open_day, reserved
from tests.support.story import desk, people

MONDAY = date(2026, 11, 23)


def bar(first, until, word="prêté"):
    return PlanBar(MONDAY + timedelta(days=first), MONDAY + timedelta(days=until), "todo", "clock", word)


def cells(*bars):
    return [(each.days, each.bar.word if each.bar else None) for each in row_of(bars, MONDAY)]


def test_a_week_has_seven_days_whatever_stands_in_it():
    assert cells() == [(1, None)] * 7
    assert cells(bar(-3, 2), bar(4, 20, "réservé")) == [(2, "prêté"), (1, None), (1, None), (3, "réservé")]
    assert cells(bar(-9, 0), bar(7, 9)) == [(1, None)] * 7
    assert cells(bar(-2, 30)) == [(7, "prêté")]


def test_what_is_cut_at_the_week_says_so_and_the_earlier_of_two_gives_way():
    (first, *_others, last) = row_of([bar(-3, 2), bar(5, 9)], MONDAY)
    assert (first.bar.goes_on_before, first.bar.goes_on_after) == (True, False)
    assert (last.bar.goes_on_before, last.bar.goes_on_after) == (False, True)
    assert cells(bar(0, 3, "rendu"), bar(2, 5, "réservé")) == [(2, "rendu"), (3, "réservé"), (1, None), (1, None)]


def test_the_week_shows_what_is_out_reserved_and_late(context):
    lent, promised, idle = desk.kit("Malle A"), desk.kit("Malle B"), desk.kit("Malle C")
    desk.made_due(desk.lent(lent), today() - timedelta(days=2))
    made = reserved(promised, starts=1, ends=5, who=desk.borrower("Berthe"))
    agent, monday = people.actor(Role.DESK), made.from_on - timedelta(days=made.from_on.weekday())
    week = week_of(agent, 1, monday)
    assert (week.moving, week.count) == (2, 3)
    assert [len(row.cells) and sum(each.days for each in row.cells) for _name, rows in week.groups for row in rows] == [7, 7]
    assert sum(len(rows) for _name, rows in week_of(agent, 1, monday, idle_too=True).groups) == 3
    assert week_of(agent, 1, monday, product_id=10**6).count == 0
    bars = bars_of(agent, [lent.id, promised.id, idle.id], today(), today() + timedelta(days=30))
    assert [each.is_asked for each in bars[lent.id]] == [False, True]
    assert bars[lent.id][0].who == "Aïcha N'Diaye"
    assert idle.id not in bars


def test_who_comes_back_and_leaves_today_late_first(context):
    late, due, back = (desk.lent(desk.kit(f"Malle {number}")) for number in range(3))
    desk.made_due(late, today() - timedelta(days=3))
    desk.made_due(due, today())
    desk.back(back)
    agent = people.actor(Role.DESK)
    found = come_back_today(agent, 1)
    assert [(each.days_late, each.is_back) for each in found] == [(3, False), (0, False), (0, True)]
    assert [bool(each.phone) for each in found] == [True, False, False]
    made = reserved(desk.kit("Malle X"), starts=1)
    with clock.at(clock.midnight(made.from_on) + timedelta(hours=10)):
        (leaving,) = leave_today(agent, 1)
    assert (leaving.reference, leaving.is_packed, leaving.has_left) == (made.reference, False, False)


def test_a_month_counts_what_leaves_and_comes_back(context):
    made = reserved(desk.kit("Malle 1"), desk.kit("Malle 2"), starts=3, ends=9)
    found = month_of(people.actor(Role.DESK), 1, today(), today() + timedelta(days=40))
    assert (found[made.from_on].leave, found[made.from_on].come_back) == (2, 0)
    assert found[made.to_on].come_back == 2


def test_not_for_the_workshop(context):
    stranger = people.actor(Role.TECHNICIAN)
    for ask in (lambda: week_of(stranger, 1, MONDAY), lambda: come_back_today(stranger, 1), lambda: leave_today(stranger, 1)):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(NotFound):
        month_of(stranger, 1, MONDAY, MONDAY)


def test_the_pages_show_a_week_and_a_month(app, signed_in):
    with app.app_context():
        people.settle()
        kit = desk.kit()
        desk.lent(kit)
        reserved(desk.kit("Malle 2"), who=desk.borrower("Berthe"))
        reference, code = db.session.query(Reservation.reference).scalar(), kit.code
        day = open_day(3)
        db.session.remove()
    client = signed_in(Role.DESK)
    page = client.get(f"/planning?semaine={day.isoformat()}").text
    assert f"/reservations/{reference}" in page
    assert "data-print" in page
    assert "/agendas?quel=site-1" in page
    assert '<option value="site-1" selected>' in client.get("/agendas?quel=site-1").text
    assert client.get("/agendas?quel=site-999").status_code == 200
    assert f"/materiel/{code}" in page or code in page
    month = client.get(f"/planning/mois?mois={day.isoformat()}").text
    assert "1 part" in month
    assert client.get("/planning?semaine=hier&produit=999999").status_code == 200
    assert client.get("/planning/mois?mois=0001-01-01").status_code == 200
    assert signed_in(Role.TECHNICIAN).get("/planning").status_code in {403, 404}
