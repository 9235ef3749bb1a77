"""Waiting for what is taken: by the desk, with a rank; on pages, by JSON, and the answer by the link of the letter."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, NotFound
from refurb.lending.claims.pools import pool_of
from refurb.lending.reservations.words import ReservationState
from refurb.lending.waits.actions import serve_waits, wait_for
from refurb.lending.waits.effects import offer_url, tell_waiting
from refurb.lending.waits.models import Wait
from refurb.lending.waits.queries import rank_of, standing_waits, wait_by_reference, wait_offered, waiting_ids, waits_on
from refurb.lending.waits.rules import FreeNow, NeverSoMany, WaitsAlready
from refurb.lending.waits.words import WaitState
from tests.lending.reserving import fire, open_day, reserved
from tests.lending.waiting import offer_of, taken_and_waited_for, waiting
from tests.support.story import desk, people


def test_who_waits_has_a_rank_and_takes_nothing(context):
    taken, (first, second) = taken_and_waited_for("Berthe", "Chloé")
    agent = people.actor(Role.DESK)
    assert [rank_of(first), rank_of(second)] == [1, 2]
    assert [each.reference for each in standing_waits(agent, 1)] == [first.reference, second.reference]
    assert wait_by_reference(agent, first.reference.lower()) is first
    kit_pool = pool_of(db.session.query(desk.Item).one())
    assert waiting_ids(kit_pool) == [first.id, second.id]
    assert list(waits_on(*kit_pool, taken.from_on, taken.to_on)) == [first, second]
    with unit_of_work():
        assert serve_waits(kit_pool) == 0
    fire(taken, "cancel", reason="plus besoin")
    assert wait_offered(offer_of(first).id) is first


def test_what_is_free_is_reserved_instead(context):
    with pytest.raises(FreeNow):
        waiting(desk.kit())


def test_not_for_more_than_there_are_nor_twice_nor_by_the_workshop(context):
    kit = desk.kit()
    reserved(kit, who=desk.borrower("Aïcha"))
    with pytest.raises(NeverSoMany):
        waiting(kit, quantity=2)
    with pytest.raises(Forbidden):
        waiting(kit, role=Role.TECHNICIAN)
    wait = waiting(kit)
    with pytest.raises(WaitsAlready), unit_of_work():
        wait_for(people.actor(Role.DESK), wait.borrower, product_id=kit.product_id, quantity=1, from_on=wait.from_on, to_on=wait.to_on)
    with pytest.raises(NotFound):
        wait_by_reference(people.actor(Role.TECHNICIAN), wait.reference)
    with pytest.raises(NotFound):
        standing_waits(people.actor(Role.TECHNICIAN))


def test_the_letter_offers_it_and_its_link_takes_it(app, client):
    with app.app_context():
        people.settle()
        taken, (wait,) = taken_and_waited_for()
        fire(taken, "cancel", reason="plus besoin")
        letter = tell_waiting(wait_id=wait.id)
        number, address = wait.id, offer_url(wait)
        assert letter.to == "berthe@example.org"
        assert address in letter.text
        db.session.remove()
    path = address[address.index("/liste-d-attente") :]
    assert "Je prends" in client.get(path).text
    assert client.submit(path, {"answer": "take"}).status_code == 303
    assert "C’est réservé pour vous" in client.get(path).text
    with app.app_context():
        kept = db.session.get_one(Wait, number)
        assert (kept.state, kept.reservation.state) == (WaitState.TAKEN, ReservationState.APPROVED)


def test_the_desk_puts_somebody_on_the_list_on_a_page(app, signed_in):
    with app.app_context():
        people.settle()
        kit = desk.kit()
        reserved(kit, who=desk.borrower("Aïcha"))
        desk.borrower("Berthe")
        product, days = kit.product_id, {"from_on": open_day(3).isoformat(), "to_on": open_day(9).isoformat()}
        db.session.remove()
    client = signed_in(Role.DESK)
    page = f"/attentes/nouvelle/{product}"
    assert client.submit(page, days | {"borrower": "Personne", "quantity": "1"}).status_code == 422
    assert client.submit(page, days | {"borrower": "Berthe", "quantity": "5"}).status_code == 422
    assert client.submit(page, days | {"borrower": "Berthe", "quantity": "1"}).status_code == 303
    with app.app_context():
        reference = db.session.query(Wait).one().reference
    assert "rang 1" in client.get(f"/attentes/{reference}").text
    assert client.get("/reservations/nouvelle?" + "&".join(f"{key}={value}" for key, value in days.items())).text.count(page) == 1
