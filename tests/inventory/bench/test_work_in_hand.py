"""One technician at a time has a machine in hand: takes it, passes it on, puts it down."""

import threading

import pytest

from refurb.accounts.actions import open_account
from refurb.accounts.queries import actor_of
from refurb.inventory.bench.actions.work import InNoHands, InOtherHands, InYourHands, NotAtBench, pass_on, pick_up, put_down
from refurb.inventory.bench.models import Holding
from refurb.inventory.bench.queries.work import held_by, in_hand, to_take
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from tests.support.story import people, workshop


def colleague(name="Gwenaël Tessier", email="gwenael@refurb.example"):
    with unit_of_work():
        account = open_account(SERVICE, email=email, name=name, grants=[Grant(Role.TECHNICIAN)], password=people.PASSWORD)
    return actor_of(account)


def taken(device, by=None):
    who = by or workshop.technician()
    with unit_of_work():
        pick_up(who, device)
    return device


@pytest.mark.both_databases
def test_a_machine_taken_is_in_ones_hands_and_no_longer_offered(context):
    device = workshop.laptop()
    assert [each.id for each in to_take(5)] == [device.id]
    taken(device)
    assert in_hand(device).who == "Samira Benali"
    assert [each.device.id for each in held_by(workshop.technician())] == [device.id]
    assert to_take(5) == []
    assert events_of(device)[0].move == "picked_up"


def test_a_colleague_is_told_who_has_it(context):
    device = taken(workshop.laptop())
    gwenael = colleague()
    with pytest.raises(InOtherHands) as refused, unit_of_work():
        pick_up(gwenael, device)
    assert refused.value.facts["who"] == "Samira Benali"
    with pytest.raises(InYourHands), unit_of_work():
        pick_up(workshop.technician(), device)


def test_it_passes_to_a_colleague_with_what_they_should_know(context):
    device, gwenael = taken(workshop.laptop()), colleague()
    with unit_of_work():
        pass_on(workshop.technician(), device, to=gwenael.id, note="La vis du capot est foirée.")
    (held,) = held_by(gwenael)
    assert (held.device.id, held.giver) == (device.id, "Samira Benali")
    assert held_by(workshop.technician()) == []
    happened = events_of(device)[0]
    assert happened.move == "handed_over_to"
    assert happened.facts == {"to": gwenael.id, "from": workshop.technician().id}
    assert notes_of([happened])[happened.id] == {"note": "La vis du capot est foirée."}


def test_one_may_take_over_from_a_colleague_who_is_away(context):
    device, gwenael = taken(workshop.laptop()), colleague()
    with unit_of_work():
        pass_on(gwenael, device, to=gwenael.id)
    assert in_hand(device).who == "Gwenaël Tessier"
    assert in_hand(device).giver is None


def test_not_to_somebody_who_does_not_work_there(context):
    device = taken(workshop.laptop())
    with pytest.raises(Invalid) as refused, unit_of_work():
        pass_on(workshop.technician(), device, to=people.actor(Role.DESK).id)
    assert set(refused.value.fields) == {"to"}


def test_put_down_it_is_offered_again(context):
    device = taken(workshop.laptop())
    with unit_of_work():
        put_down(workshop.technician(), device)
    assert in_hand(device) is None
    assert [each.id for each in to_take(5)] == [device.id]
    with pytest.raises(InNoHands), unit_of_work():
        put_down(workshop.technician(), device)


def test_another_may_move_it_and_leaving_the_bench_ends_the_holding(context):
    device = taken(workshop.laptop())
    workshop.fire(device, "accept")
    assert in_hand(device) is not None
    workshop.fire(device, "lose", reason="introuvable")
    assert in_hand(device) is None
    assert events_of(device)[0].facts["left_hands_of"] == workshop.technician().id


def test_not_what_has_left_the_bench(context):
    device = workshop.fire(workshop.laptop(), "lose", reason="introuvable")
    with pytest.raises(NotAtBench), unit_of_work():
        pick_up(workshop.technician(), device)


def test_the_desk_may_not(context):
    device = workshop.laptop()
    with pytest.raises(Forbidden), unit_of_work():
        pick_up(people.actor(Role.DESK), device)


def test_two_hands_at_once_one_has_it(app):
    with app.app_context():
        device_id = workshop.laptop().id
        hands = [workshop.technician(), colleague()]
    told = []

    def reach(actor):
        with app.app_context():
            try:
                with unit_of_work():
                    pick_up(actor, db.session.get_one(workshop.Device, device_id))
                told.append("taken")
            except Conflict:
                told.append("refused")

    threads = [threading.Thread(target=reach, args=(each,)) for each in hands]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["refused", "taken"]
    with app.app_context():
        assert db.session.query(Holding).filter(Holding.until.is_(None)).count() == 1
