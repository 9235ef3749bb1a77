"""A session ends: how long, how much, and what came of it."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid, WrongState
from refurb.lending.machines.queries import last_sessions, meters_of
from refurb.lending.machines.words import Result, SlotState
from refurb.lending.supplies.actions import add_supply, move_supply
from refurb.lending.supplies.models import Supply, SupplyStock
from refurb.lending.supplies.queries import here_of, moves_of
from refurb.lending.supplies.words import SupplyMoveKind
from tests.lending.fablab import booked, fire, printer
from tests.support.story import people

TOLD = {"minutes": 80, "grams": 46, "material": "PLA blanc", "result": "good"}


def test_it_works(context):
    machine = printer()
    slot = booked(machine)
    fire(slot, "start")
    fire(slot, "finish", **TOLD)
    assert (slot.state, slot.minutes, slot.grams, slot.result) == (SlotState.DONE, 80, 46, Result.GOOD)
    failed = booked(machine, slot.borrower, hour=840)
    fire(failed, "start")
    fire(failed, "finish", **TOLD | {"result": "machine_failed", "minutes": 40})
    meters = meters_of(machine)
    assert (meters.minutes, meters.since_upkeep, meters.sessions, meters.failed) == (120, 120, 2, 1)
    assert [each.id for each in last_sessions(machine)] == [failed.id, slot.id]


def test_not_without_what_came_of_it(context):
    slot = booked(printer())
    fire(slot, "start")
    with pytest.raises(Invalid):
        fire(slot, "finish", minutes=80)
    assert slot.state is SlotState.RUNNING


def test_not_before_it_began(context):
    with pytest.raises(WrongState):
        fire(booked(printer()), "finish", **TOLD)


def spool(here, unit="g", name="Fil PLA"):
    """Filament at the first place."""
    with unit_of_work():
        made = add_supply(people.actor(Role.DESK), name=name, unit=unit, low_at=100)
        move_supply(people.actor(Role.DESK), made, kind=SupplyMoveKind.RECEIVED, quantity=here, site_id=1)
        return made


def test_what_a_session_weighs_is_taken_from_the_stock_of_its_machine_and_never_more_than_there_is(context):
    filament = spool(100)
    machine = printer(supply_id=filament.id)
    for hour, left, taken in ((600, 40, 60), (840, 0, 40)):
        slot = booked(machine, hour=hour)
        fire(slot, "start")
        fire(slot, "finish", minutes=60, grams=60, material=None, result="good")
        assert here_of(filament, 1) == left
        assert last_event(slot).facts["from_stock"] == taken
    assert [each.delta for each in moves_of(filament)] == [-40, -60, 100]


def test_a_session_takes_from_the_spool_that_is_told_and_from_none_where_it_is_of_something_else(context):
    usual, other = spool(100), spool(100, name="Fil PETG")
    machine = printer(supply_id=usual.id)
    for hour, told in ((600, {"supply_id": other.id, "material": None}), (840, {"supply_id": None, "material": "Chutes"})):
        slot = booked(machine, hour=hour)
        fire(slot, "start")
        fire(slot, "finish", minutes=60, grams=30, result="good", **told)
        assert (slot.supply_id, slot.material) == (told["supply_id"], told["material"])
    assert (here_of(usual, 1), here_of(other, 1)) == (100, 70)


def running(machine, hour=600):
    """A session that has begun."""
    slot = booked(machine, hour=hour)
    fire(slot, "start")
    return slot


def test_a_session_took_from_a_spool_or_from_something_else_and_from_no_spool_of_another_place(context):
    usual, elsewhere = spool(100), add_spool("Fil d'ailleurs")
    slot = running(printer(supply_id=usual.id))
    for told, field in (({"supply_id": usual.id, "material": "PETG"}, "material"), ({"supply_id": elsewhere.id}, "supply_id")):
        with pytest.raises(Invalid) as refused:
            fire(slot, "finish", minutes=60, grams=30, result="good", **told)
        assert list(refused.value.fields) == [field]
    assert (slot.state, here_of(usual, 1)) == (SlotState.RUNNING, 100)
    assert db.session.query(SupplyStock).filter_by(supply_id=elsewhere.id).all() == []


def test_what_a_machine_takes_and_never_came_to_its_place_begins_no_stock_there(context):
    usual = add_spool("Fil PLA")
    slot = running(printer(supply_id=usual.id))
    fire(slot, "finish", minutes=60, grams=30, result="good", supply_id=usual.id)
    assert (slot.supply_id, last_event(slot).facts["from_stock"]) == (usual.id, 0)
    assert db.session.query(SupplyStock).filter_by(supply_id=usual.id).all() == []


def test_the_form_offers_the_spools_of_the_place_and_says_beside_the_field_that_two_were_told(app, signed_in):
    with app.app_context():
        usual = spool(100)
        add_spool("Fil d'ailleurs")
        slot, spool_id = running(printer(supply_id=usual.id)), str(usual.id)
        number, journal = slot.id, f"/machines/{slot.machine_id}/journal"
    keeper = signed_in(Role.DESK)
    for page in (journal, f"/creneaux/{number}/finir-la-seance"):
        told = keeper.get(page).text
        assert f'<option value="{spool_id}" selected>Fil PLA' in told
        assert "ailleurs" not in told
    both = {"minutes": "60", "grams": "30", "supply_id": spool_id, "material": "PETG", "result": "good"}
    answer = keeper.submit(f"/creneaux/{number}/finir-la-seance", both)
    assert (answer.status_code, "pas les deux" in answer.text, 'value="PETG"' in answer.text) == (422, True, True)


def add_spool(name):
    """Filament that never came anywhere."""
    with unit_of_work():
        return add_supply(people.actor(Role.DESK), name=name, unit="g")


def test_only_what_is_weighed_in_grams_is_chosen_for_a_machine(signed_in, app):
    with app.app_context():
        machine, keys = printer(), spool(5, unit="clé")
        number, wrong, site = machine.id, str(keys.id), machine.site_id
    keeper = signed_in(Role.DESK)
    facts = {"name": "Imprimante", "site_id": str(site), "about": "", "picture": "imprimante", "slot_minutes": "90", "min_age": "12",
             "training_minutes": "", "training_months": "", "material": "", "cents_per_gram": "", "upkeep_hours": ""}  # fmt: skip
    assert keeper.submit(f"/machines/{number}/corriger", facts | {"supply_id": wrong}).status_code == 422
    with app.app_context(), unit_of_work():
        db.session.get_one(Supply, int(wrong)).unit = "g"
    assert keeper.submit(f"/machines/{number}/corriger", facts | {"supply_id": wrong}).status_code == 303
    assert ">5 g<" in keeper.get(f"/machines/{number}/journal").text.replace("\xa0", " ").replace("\u202f", " ")
