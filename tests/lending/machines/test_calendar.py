"""A machine's own calendar: its week hour by hour, its month in numbers."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.machines.actions import give_introduction, plan_upkeep, put_out_of_order
from refurb.lending.machines.calendar import machine_month, machine_week
from refurb.lending.planning.queries import week_of
from tests.lending.fablab import a_day, booked, printer, qualified, with_address
from tests.support.story import people


@pytest.fixture
def told(app):
    """A machine, and a day on which three things take its time."""
    with app.app_context():
        machine = printer()
        on = a_day(machine)
        booked(machine, qualified(machine, with_address()), 600)
        with unit_of_work():
            give_introduction(people.actor(Role.DESK), machine, day=on, hour=690, slots=1, places=3)
        return {"id": machine.id, "day": on.isoformat()}


def test_a_day_has_what_takes_its_hours_and_what_is_free(context):
    machine = printer()
    on = a_day(machine)
    who = qualified(machine, with_address())
    booked(machine, who, 600)
    with unit_of_work():
        plan_upkeep(people.actor(Role.DESK), machine, day=on, hour=690, slots=1, note="Buse")
    monday = on - timedelta(days=on.weekday())
    week = machine_week(machine, monday)
    row = next(each for each in week.days if each.on == on)
    assert sum(each.columns for each in row.cells) == len(week.columns), "every row fills the columns"
    assert [each.bar.who for each in row.cells if each.bar] == [who.name, "Buse"]
    count = machine_month(machine, on.replace(day=1), (on.replace(day=1) + timedelta(days=32)).replace(day=1))[on]
    assert (count.sessions, count.introductions, count.upkeeps) == (1, 0, 1)
    assert count.free == sum(each.is_free for each in row.cells)
    with unit_of_work():
        put_out_of_order(people.actor(Role.DESK), machine, reason="Buse bouchée", until=None)
    row = next(each for each in machine_week(machine, monday).days if each.on == on)
    assert not [each for each in row.cells if each.is_free]


def test_the_pages_show_it_to_who_keeps_the_machine_and_to_nobody_else(signed_in, client, told):
    keeper, path = signed_in(Role.DESK), f"/machines/{told['id']}/calendrier"
    week = keeper.get(f"{path}?semaine={told['day']}").text
    assert "Réservé" in week
    assert "3 places libres sur 3" in week
    assert f"jour={told['day']}" in week, "a free hour leads to booking it"
    month = keeper.get(f"{path}/mois?mois={told['day']}").text
    assert "1 séance" in month
    assert "1 initiation" in month
    for asked in ("?semaine=hier", "?semaine=9999-12-31", "?semaine=0001-01-01", "/mois?mois=2026-02-30"):
        assert keeper.get(f"{path}{asked}").status_code == 200
    assert keeper.get("/machines/999/calendrier").status_code == 404
    assert client.get(path).status_code in {302, 303}


def test_the_planning_of_a_place_counts_the_slots_of_its_machines(context):
    machine = printer()
    on = a_day(machine)
    booked(machine, qualified(machine), 600)
    monday = on - timedelta(days=on.weekday())
    rows = dict(week_of(people.actor(Role.DESK), machine.site_id, monday).groups)["Machines du fablab"]
    [bar] = [each.bar for each in rows[0].cells if each.bar]
    assert (str(bar.word), str(bar.who), bar.starts) == ("1 créneau", "4 libres", on)
    assert "Machines du fablab" not in dict(week_of(people.actor(Role.DESK), machine.site_id, monday, product_id=1).groups)
    with unit_of_work():
        put_out_of_order(people.actor(Role.DESK), machine, reason="Buse bouchée", until=None)
    rows = dict(week_of(people.actor(Role.DESK), machine.site_id, monday).groups)["Machines du fablab"]
    assert {str(each.bar.word) for each in rows[0].cells if each.bar} == {"Hors service"}
