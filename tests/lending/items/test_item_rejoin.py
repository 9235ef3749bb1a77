"""A device that was in the pool before takes up its item, and its history, again."""

from refurb.directory.sites.actions import move_to_site
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.lending.models import Item
from refurb.lending.words import ItemState
from tests.lending.moves import refused_from, refused_to
from tests.support.story import desk, people, places


def test_it_works(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    desk.back(loan)
    with unit_of_work():
        device_machine.fire(tablet.device, "leave_pool", people.actor(Role.DESK))
    desk.made_ready_again(tablet.device)
    with unit_of_work():
        device_machine.fire(
            tablet.device,
            "join_pool",
            people.actor(Role.DESK),
            product_id=tablet.product_id,
            name="Tablette n° 1 bis",
            components=[{"name": "Tablette", "quantity": 1}, {"name": "Chargeur", "quantity": 2}],
        )
    assert db.session.query(Item).count() == 1
    assert tablet.state is ItemState.AVAILABLE
    assert tablet.device.state is DeviceState.IN_POOL
    assert [(part.name, part.quantity) for part in tablet.components] == [("Tablette", 1), ("Chargeur", 2)]
    assert [event.move for event in events_of(tablet)][:2] == ["rejoin", "leave"]
    assert [count.name for count in loan.lines[0].counts] == ["Tablette", "Chargeur", "Housse"], "the loan's history stays"
    assert loan.started_at < now()


def test_not_what_is_in_the_pool(context):
    refused_from(desk.tablet(), "rejoin", ItemState.AVAILABLE, Role.ADMIN)


def test_not_by_an_observer(context):
    refused_to(desk.tablet(), "rejoin", Role.OBSERVER)


def test_it_joins_the_pool_of_the_place_where_the_device_is_by_now(context):
    tablet = desk.tablet()
    before, annex = tablet.site_id, places.second()
    with unit_of_work():
        device_machine.fire(tablet.device, "leave_pool", people.actor(Role.DESK))
    desk.made_ready_again(tablet.device)
    with unit_of_work():
        move_to_site(people.actor(Role.ADMIN), tablet.device, annex.id)
        told = {"product_id": tablet.product_id, "name": "Tablette", "components": [{"name": "Tablette", "quantity": 1}]}
        device_machine.fire(tablet.device, "join_pool", people.actor(Role.ADMIN), **told)
    assert tablet.site_id == annex.id != before
