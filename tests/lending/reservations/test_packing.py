"""Packing ahead: the scanned thing is kept for the reservation, opens its bag by one scan, and leaves by it."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.packing import NotHereToPack, NotOfTheBag, pack, packed_bag, packed_items, unpack
from refurb.lending.reservations.rules import NotToCome
from refurb.lending.reservations.words import ReservationState
from tests.lending.moves import fire as fire_item
from tests.lending.reserving import claims_of, fire, live, open_day, reserved
from tests.support.story import desk, people, promises


def put_in(reservation, item, role=Role.DESK):
    with unit_of_work():
        pack(people.actor(role), reservation, item)


def test_the_very_thing_is_kept_and_opens_the_bag(context):
    kits = [desk.kit(f"Malle {number}") for number in range(2)]
    made = reserved(*kits)
    other = next(each for each in kits if each.id != live(made)[0].item_id)
    put_in(made, other)
    assert [each.id for each in packed_items([made.id])[made.id]] == [other.id]
    bag = packed_bag(other.code)
    assert bag is not None
    assert bag.reference == made.reference
    assert sorted(each.item_id for each in live(made)) == sorted(each.id for each in kits)
    put_in(made, next(each for each in kits if each is not other))
    assert len(packed_items([made.id])[made.id]) == 2
    with pytest.raises(NotOfTheBag):
        put_in(made, other)


def test_what_is_packed_leaves_by_its_reservation(context):
    kit, who = desk.kit(), desk.borrower()
    made = reserved(kit, who=who)
    put_in(made, kit)
    with clock.at(clock.midnight(made.from_on) + timedelta(hours=9)):
        desk.lent(kit, who, open_day(12))
    assert made.state is ReservationState.OUT


def test_who_was_promised_this_very_thing_gets_another(context):
    kits = [desk.kit(f"Malle {number}") for number in range(2)]
    first, second = reserved(kits[0], who=desk.borrower("Aïcha")), reserved(kits[0], who=desk.borrower("Berthe"))
    taken = next(each for each in kits if each.id == live(second)[0].item_id)
    put_in(first, taken)
    assert {live(first)[0].item_id, live(second)[0].item_id} == {each.id for each in kits}
    assert promises.taken_twice() == []
    with pytest.raises(NotHereToPack):
        put_in(second, taken)


def test_what_breaks_in_its_bag_is_packed_no_more(context):
    kits = [desk.kit(f"Malle {number}") for number in range(2)]
    made = reserved(kits[0], starts=3)
    put_in(made, kits[0])
    fire_item(kits[0], "send_to_repair", reason="fendu")
    assert packed_bag(kits[0].code) is None
    assert live(made)[0].item_id == kits[1].id
    put_in(made, kits[1])
    fire_item(kits[1], "lose", reason="introuvable")
    assert [(each.item_id, each.pinned) for each in claims_of(made)] == [(None, False)]


def test_a_thing_is_taken_out_of_the_bag(context):
    kit = desk.kit()
    made = reserved(kit)
    put_in(made, kit)
    with unit_of_work():
        unpack(people.actor(Role.DESK), made, kit)
    assert packed_items([made.id]) == {}
    with pytest.raises(NotOfTheBag), unit_of_work():
        unpack(people.actor(Role.DESK), made, kit)


def test_not_what_is_something_else_nor_over_nor_by_the_workshop(context):
    kit = desk.kit()
    made = reserved(kit)
    with pytest.raises(NotOfTheBag):
        put_in(made, promises.printer())
    with pytest.raises(Forbidden):
        put_in(made, kit, Role.TECHNICIAN)
    fire(made, "cancel", reason="plus besoin")
    with pytest.raises(NotToCome):
        put_in(made, kit)


def test_the_page_packs_by_a_scan(app, signed_in):
    with app.app_context():
        people.settle()
        kit = desk.kit()
        reference, code, name = reserved(kit).reference, kit.code, kit.name
        db.session.remove()
    client = signed_in(Role.DESK)
    path = f"/reservations/{reference}"
    assert client.submit(f"{path}/preparer", {"code": "ZZZZ"}).status_code in {404, 422}
    assert client.submit(f"{path}/preparer", {"code": code}).status_code == 303
    assert f"{name}</a>, dans le sac" in client.get(path).text
    with app.app_context():
        assert packed_bag(code).id == db.session.query(Reservation.id).scalar()
