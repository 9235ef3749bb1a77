"""What the counter of a vehicle shows, and when its upkeep is due."""

from datetime import date

import pytest

from refurb.directory.rota.actions.passages import add_passage, read_odometer
from refurb.directory.rota.queries import (
    adviser_choices,
    advisers_of,
    readings_of,
    rota_of_adviser,
    rotas_of_account,
    tour_of,
    upkeep_due,
    vehicle_choices,
)
from refurb.directory.sites.models import FIRST, Site
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Invalid, NotFound
from tests.support.story import people, rota


def read(van, day, kilometres, **told):
    with unit_of_work():
        return read_odometer(rota.desk(), van, day=day, kilometres=kilometres, **told)


def test_a_counter_counts_up(autumn):
    van = rota.van()
    read(van, date(2026, 11, 2), 41_200, upkeep="Vidange", again_on=date(2027, 5, 1))
    read(van, date(2026, 11, 20), 42_310)
    read(van, date(2026, 11, 10), 41_900, upkeep="Contrôle technique", again_on=date(2027, 1, 10))
    for day, kilometres in ((date(2026, 11, 21), 42_000), (date(2026, 11, 5), 41_950)):
        with pytest.raises(Invalid):
            read(van, day, kilometres)
    assert [each.kilometres for each in readings_of(van.id)] == [42_310, 41_900, 41_200]
    assert upkeep_due([van.id])[van.id].upkeep == "Contrôle technique"
    read(van, today(), 42_400, upkeep="contrôle technique")
    assert upkeep_due([van.id])[van.id].upkeep == "Vidange", "what was done again is due no more"


def test_only_a_vehicle_has_a_counter(autumn):
    with pytest.raises(NotFound):
        read(db.session.get_one(Site, FIRST), today(), 10)


def test_who_is_on_the_road_with_what(autumn):
    van = rota.van()
    desk = rota.desk()
    made = rota.begun(anchor=rota.A_WEEK, vehicle_id=van.id, advisers=[desk.id])
    assert rota_of_adviser(desk.id, today()) is made
    assert rota_of_adviser(people.actor(Role.COORDINATOR).id, today()) is None
    assert rotas_of_account(desk.id) == [made.id]
    assert advisers_of(made) == desk.name
    assert (str(van.id), van.name) in vehicle_choices()
    assert desk.name in {name for _number, name in adviser_choices()}
    assert people.actor(Role.TECHNICIAN).name not in {name for _number, name in adviser_choices()}


def test_a_day_is_told_in_the_order_of_the_road(autumn):
    made, blanzay, charroux = rota.two_weeks()
    with unit_of_work():
        add_passage(rota.desk(), charroux, day=today(), opens=540, closes=600, why="Forum")
    assert [each.site_id for each in tour_of(made, today())] == [charroux.site_id, blanzay.site_id]
