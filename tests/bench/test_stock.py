"""The stock that is measured is one that the product could have written: chains, codes, walls, numbers, and pages that answer."""

import random
import shutil

import pytest
from sqlalchemy import func, select, text

from refurb.inventory.devices.actions.devices import words_of
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links
from refurb.kernel.speech.codes import find_code
from tests.bench import pool, seed
from tests.support.client import checking

COUNT = 1_000


@pytest.fixture
def alone(make_app, backend, request, tmp_path):
    """An application on a database to which nobody else is connected: what fills it takes another journal for a while."""
    if backend == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_templates")[False], tmp_path / "refurb.sqlite3")
        return make_app(database_url=f"sqlite:///{copy}")
    return make_app()


@pytest.fixture
def measured(alone):
    with alone.app_context():
        seed.fill(COUNT)
    return alone


def test_the_stock_is_as_the_product_writes_it(measured):
    unequal = """
        SELECT device.id FROM devices AS device JOIN events AS event ON event.subject_kind = 'device' AND event.subject_id = device.id
        GROUP BY device.id, device.moved_at HAVING max(event.at) <> device.moved_at
    """
    with measured.app_context():
        assert list(broken_links(db.session())) == []
        assert all(find_code(code) == code for code in db.session.scalars(text("SELECT code FROM codes")))
        assert all(each.search == words_of(each) for each in db.session.scalars(select(Device)))
        assert db.session.execute(text(unequal)).all() == []


def test_what_comes_after_the_stock_is_numbered_after_it(measured):
    with measured.app_context():
        assert len(seed.take_in(2)) == 2
        assert db.session.scalar(select(func.max(Device.id))) == COUNT + 2


@pytest.mark.parametrize("dense", [False, True])
def test_the_pool_is_one_that_can_be_reserved_from(alone, dense):
    with alone.app_context():
        cards = pool.fill_pool(COUNT, dense=dense)
        found = pool.reserve_many(cards, random.Random(4), 2)
        assert list(broken_links(db.session())) == []
    assert found["reserve_per_s"] > 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_lists_of_several_pages_answer(measured):
    with measured.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE referrals SET state = 'waiting' WHERE state IN ('refused', 'served')"))
    client = checking(measured)
    client.sign_in(seed.EMAIL[seed.Role.ADMIN])
    for path in ("/appareils", "/attente", "/orientations"):
        assert "page=2" in client.get(path).get_data(as_text=True), path
