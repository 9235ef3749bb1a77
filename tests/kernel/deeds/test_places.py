"""Places where only so many may be at once."""

import threading
import time
from contextlib import ExitStack

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.places import NoPlaceLeft, Places
from refurb.kernel.deeds.unit_of_work import AT_ONCE, places, unit_of_work
from tests.support.story import people


def test_whoever_comes_late_waits_for_a_place():
    within, most = [], []
    places = Places(2, waiting=64, still=5)

    def come_and_go():
        with places.taken():
            within.append(1)
            most.append(len(within))
            time.sleep(0.002)
            within.pop()

    visitors = [threading.Thread(target=come_and_go) for _ in range(20)]
    for each in visitors:
        each.start()
    for each in visitors:
        each.join()
    assert (len(most), max(most)) == (20, 2)


def test_where_nobody_comes_or_goes_nobody_waits_long():
    places = Places(1, waiting=64, still=0.05)
    with places.taken(), pytest.raises(NoPlaceLeft), places.taken():
        pass
    with places.taken():
        pass


def test_where_as_many_wait_as_may_nobody_else_does():
    places = Places(1, waiting=0, still=60)
    with places.taken(), pytest.raises(NoPlaceLeft), places.taken():
        pass


def test_when_writers_are_stuck_one_more_is_told_so_and_pages_are_read(app, client, monkeypatch):
    monkeypatch.setattr(places, "_still", 0.05)
    with ExitStack() as stuck:
        for _ in range(AT_ONCE):
            stuck.enter_context(places.taken())
        refused = client.submit("/connexion", {"email": people.EMAIL[Role.ADMIN], "password": "x" * 12})
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "5"
        assert client.get("/connexion").status_code == 200
    with app.app_context(), unit_of_work():
        pass
