"""What is at a place: moved there with its history, found there by every list, and asked of places and closures by number."""

from datetime import date, datetime, time, timedelta

import pytest

from refurb.ceremonies.actions import plan_ceremony
from refurb.ceremonies.queries import ceremony_listing
from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import what_is_planned
from refurb.directory.agenda.queries import closure_by_id, closures, span_of
from refurb.directory.sites.models import FIRST
from refurb.directory.sites.queries import every_site, many_sites, site_by_id, site_choices
from refurb.inventory.devices.actions.devices import NotHere, move_device
from refurb.inventory.donations.actions.donations import SlotHeld, move_donation
from refurb.inventory.donations.queries.donations import DonationFilter, donations
from refurb.inventory.pages.queries import DeviceFilter, devices
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, NotFound
from refurb.lending.items.actions import move_item
from refurb.lending.items.queries import items
from refurb.lending.items.rules import ItemOut
from refurb.lending.loans.queries import Which, lines
from refurb.referrals.cases.listings import handed_over_lately, handover_listing
from tests.support.story import desk, families, gala, intake, people, places, workshop


def coordinator():
    return people.actor(Role.COORDINATOR)


def moved(move, thing, number):
    with unit_of_work():
        move(coordinator(), thing, number)


def test_a_device_moves_while_it_is_here(context):
    device, there = workshop.laptop(), places.second().id
    moved(move_device, device, there)
    assert [row.code for row in devices(DeviceFilter(site_id=there), 1).rows] == [device.code]
    assert devices(DeviceFilter(site_id=there), 1).total == 1
    assert device.code not in [row.code for row in devices(DeviceFilter(site_id=FIRST), 1).rows]


def test_a_donation_moves_unless_a_half_day_is_held_for_it(context):
    donation, held, there = workshop.announced(), intake.scheduled(), places.second().id
    moved(move_donation, donation, there)
    assert donation.site_id == there
    with pytest.raises(SlotHeld):
        moved(move_donation, held, there)
    assert held.site_id == FIRST


def test_what_is_lent_moves_with_its_item_alone(context):
    item, there = desk.tablet(), places.second().id
    with pytest.raises(NotHere):
        moved(move_device, item.device, there)
    moved(move_item, item, there)
    assert (item.site_id, item.device.site_id) == (there, there)
    assert events_of(item)[0].move == "moved_to_site"
    assert [row.code for row in items("", None, None, 1, site_id=there).rows] == [item.code]
    assert items("", None, None, 1, site_id=FIRST).total == 0


def test_what_is_out_comes_back_before_it_moves_and_is_lent_from_where_it_is(context):
    item, there = desk.tablet(), places.second().id
    moved(move_item, item, there)
    loan = desk.lent(item)
    assert loan.site_id == there
    with pytest.raises(ItemOut):
        moved(move_item, item, FIRST)
    agent = people.actor(Role.DESK)
    assert [row.reference for row in lines(agent, Which.OUT, "", 1, site_id=there).rows] == [loan.reference]
    assert lines(agent, Which.OUT, "", 1, site_id=FIRST).total == 0


def test_hand_overs_ceremonies_and_donations_are_found_by_their_place(context):
    allocation, there = families.allocated(), places.second().id
    assert [handover_listing(coordinator(), number).page(1).total for number in (FIRST, there)] == [1, 0]
    gala.planned()
    assert [ceremony_listing(number).page(1).total for number in (FIRST, there)] == [1, 0]
    reference = allocation.device.donation.reference
    wanted = [donations(DonationFilter(everything=True, site_id=number), 1) for number in (FIRST, there)]
    assert reference in [row.reference for row in wanted[0].rows]
    assert wanted[1].total == 0
    families.handed_over()
    assert [len(handed_over_lately(coordinator(), site_id=number)) for number in (FIRST, there)] == [1, 0]


def test_places_and_closures_are_known_by_number_to_who_may_know_them(context):
    assert not many_sites()
    site = places.second()
    row = places.closed(places.monday(), site_id=site.id)
    assert many_sites()
    assert site_choices() == [(str(each.id), each.name) for each in every_site().values()]
    assert every_site()[site.id].where == "Civray"
    assert (site_by_id(coordinator(), site.id), closure_by_id(coordinator(), row.id)) == (site, row)
    assert [span_of(each).site_id for each in closures(site.id)] == [site.id]
    assert closures(FIRST) == []
    for find in (site_by_id, closure_by_id):
        for actor, number in ((coordinator(), 999), (people.actor(Role.PRESCRIBER), site.id)):
            with pytest.raises(NotFound):
                find(actor, number)


def test_the_day_of_a_ceremony_is_that_of_the_wall_when_the_clock_changes(context):
    last_of_march = date(today().year + 1, 3, 31)
    spring = last_of_march - timedelta(days=last_of_march.isoweekday() % 7)
    with unit_of_work():
        late = plan_ceremony(coordinator(), title="Le soir", starts_at=datetime.combine(spring, time(23, 30)), place="Civray")
        early = plan_ceremony(coordinator(), title="Le matin", starts_at=datetime.combine(spring, time(0, 30)), place="Civray")

    def found(day):
        return {each.values["number"] for each in what_is_planned(coordinator(), ClosedSpan(day, day))}

    assert found(spring) == {late.id, early.id}
    assert found(spring + timedelta(days=1)) == found(spring - timedelta(days=1)) == set()


def test_the_desk_moves_no_device(context):
    device, there = workshop.laptop(), places.second().id
    with pytest.raises(Forbidden), unit_of_work():
        move_device(people.actor(Role.DESK), device, there)
