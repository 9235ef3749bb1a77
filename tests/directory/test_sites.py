"""Our places: entered, corrected, given up once nothing is there; what is done takes place at one of them."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from refurb.directory.sites.actions import add_site, archive_site, correct_site, move_to_site, reopen_site, work_at
from refurb.directory.sites.models import FIRST, Site
from refurb.directory.sites.queries import every_site, open_sites, usual_site
from refurb.directory.sites.rules import FirstSiteStays, SiteGivenUp, SiteInUse, SiteTaken
from refurb.directory.sites.words import SiteKind
from refurb.inventory.devices.actions.devices import intake_device
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.lending.items.actions import add_item
from tests.support.story import desk, gala, intake, people, places, workshop


def coordinator():
    return people.actor(Role.COORDINATOR)


def test_everything_is_at_the_first_place_when_nobody_says_otherwise(context):
    donation, loan, ceremony = intake.scheduled(), desk.lent(desk.tablet()), gala.planned()
    assert {donation.site_id, loan.site_id, loan.lines[0].item.site_id, loan.lines[0].item.device.site_id, ceremony.site_id} == {FIRST}


def test_what_comes_to_a_place_is_there(context):
    there = places.second()
    donation = workshop.announced({DeviceKind.LAPTOP: 1}, site_id=there.id)
    with unit_of_work():
        counts = {DeviceKind.LAPTOP: 1}
        donation_machine.fire(donation, "receive", coordinator(), received_on=today().isoformat(), counts=counts)
        device = intake_device(coordinator(), donation, DeviceKind.LAPTOP)
    assert (donation.site_id, device.site_id) == (there.id, there.id)


def test_what_somebody_enters_is_where_they_usually_work(context):
    there, who = places.second(), coordinator()
    with unit_of_work():
        work_at(who, there.id)
    assert workshop.announced().site_id == there.id
    product = desk.product()
    with unit_of_work():
        item = add_item(people.actor(Role.DESK), product_id=product.id, name="Malle 9", components=list(desk.KIT_PARTS))
    assert item.site_id == FIRST, "others work where they did"
    with unit_of_work():
        work_at(who, FIRST)
    assert usual_site(who) == FIRST


def test_a_usual_place_that_was_given_up_is_the_first_again(context):
    there, who = places.second(), coordinator()
    with unit_of_work():
        work_at(who, there.id)
    with unit_of_work():
        archive_site(who, there)
    assert usual_site(who) == FIRST


def test_a_thing_is_moved_to_another_place_and_its_history_says_so(context):
    device, there = workshop.laptop(), places.second()
    for _twice in range(2):
        with unit_of_work():
            move_to_site(coordinator(), device, there.id)
    assert device.site_id == there.id
    assert [event.facts for event in events_of(device) if event.move == "moved_to_site"] == [
        {"site_before": FIRST, "site": there.id, "name": places.DESK}
    ]


def test_nothing_goes_to_a_place_that_is_none_or_was_given_up(context):
    there, device = places.second(), workshop.laptop()
    with unit_of_work():
        archive_site(coordinator(), there)
    for number in (there.id, 999):
        with pytest.raises(Invalid), unit_of_work():
            move_to_site(coordinator(), device, number)
    assert [each.id for each in open_sites()] == [FIRST]
    with pytest.raises(SiteGivenUp), unit_of_work():
        correct_site(coordinator(), there, name="Autre", kind=SiteKind.DESK)
    with unit_of_work():
        reopen_site(coordinator(), there)
    assert len(open_sites()) == 2


def test_a_place_is_not_given_up_while_things_are_there(context):
    there, device = places.second(), workshop.laptop()
    with unit_of_work():
        move_to_site(coordinator(), device, there.id)
    with pytest.raises(SiteInUse) as refused, unit_of_work():
        archive_site(coordinator(), there)
    assert "1 appareil" in refused.value.facts["what"]


def test_the_first_place_stays(context):
    first = db.session.get_one(Site, FIRST)
    with pytest.raises(FirstSiteStays), unit_of_work():
        archive_site(coordinator(), first)
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(update(Site).where(Site.id == FIRST).values(archived_at=now()))


def test_two_places_have_two_names(context):
    there = places.second()
    with pytest.raises(SiteTaken), unit_of_work():
        add_site(coordinator(), name=there.name, kind=SiteKind.STOP)
    with pytest.raises(SiteTaken), unit_of_work():
        correct_site(coordinator(), there, name=every_site()[FIRST].name, kind=SiteKind.DESK)


def test_the_workshop_enters_none(context):
    with pytest.raises(Forbidden), unit_of_work():
        add_site(people.actor(Role.TECHNICIAN), name="Ailleurs", kind=SiteKind.STOP)
