"""A ready device of the stock joins what is lent, under its own code and label."""

import pytest

from refurb.directory.queries import code_row
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound, WrongState
from refurb.lending.items.rules import WithoutComponents
from refurb.lending.models import Item
from refurb.lending.words import ItemState
from tests.support.story import desk, people


def join(device, role=Role.DESK, **facts):
    told = {"product_id": db.session.query(desk.Product).one().id, "name": "Tablette n° 1", "components": list(desk.TABLET_PARTS)}
    with unit_of_work():
        device_machine.fire(device, "join_pool", people.actor(role), **told | facts)


@pytest.fixture
def device(context):
    desk.product()
    return desk.ready_tablet()


def test_it_works(device):
    join(device)
    item = db.session.query(Item).one()
    assert item.code == device.code
    assert device.state is DeviceState.IN_POOL
    assert item.state is ItemState.AVAILABLE
    code = code_row(device.code)
    assert (code.subject_kind, code.subject_id) == ("item", item.id)
    assert [part.name for part in item.components] == ["Tablette", "Chargeur", "Housse"]


def test_not_without_anything_to_count(device):
    with pytest.raises(WithoutComponents):
        join(device, components=[])
    assert device.state is DeviceState.READY


def test_not_with_two_components_of_one_name(device):
    with pytest.raises(Invalid):
        join(device, components=[{"name": "Câble", "quantity": 1}] * 2)


def test_not_under_a_product_that_is_none(device):
    with pytest.raises(NotFound):
        join(device, product_id=4711)


def test_not_what_is_in_the_pool(device):
    join(device)
    with pytest.raises(WrongState):
        join(device)


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER])
def test_not_by_who_may_not(device, role):
    with pytest.raises(Forbidden):
        join(device, role=role)


def test_the_page_does_the_same(app, signed_in):
    with app.app_context():
        desk.product()
        code = desk.ready_tablet().code
    agent = signed_in(Role.DESK)
    assert f"/appareils/{code}/mettre-au-pret" in agent.get(f"/appareils/{code}").text
    shown = agent.get(f"/appareils/{code}/mettre-au-pret").text
    assert "Samsung Galaxy Tab A8" in shown
    told = {
        "product_id": "1",
        "name": "Tablette",
        "c_name": ["Tablette"],
        "c_quantity": ["1"],
        "c_value": ["189"],
        "c_picture": ["tablette"],
    }
    done = agent.submit(f"/appareils/{code}/mettre-au-pret", told)
    assert done.headers["Location"] == f"/materiel/{code}"
    assert "ne peut pas être mis au prêt" in agent.get(f"/appareils/{code}/mettre-au-pret").text
    left = agent.submit(f"/appareils/{code}/retirer-du-pret")
    assert left.status_code == 303
