"""A donor's list: nothing before it is confirmed, each machine once however often it is sent, devices where they are wanted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from refurb.accounts.people.actions import change_roles
from refurb.accounts.queries import account_by_email
from refurb.inventory.devices.actions.devices import correct_device
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.lists.actions.lists import (
    AlreadyConfirmed,
    DevicesTooEarly,
    DonationOver,
    NothingToImport,
    confirm_list,
    forget_lists,
)
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import RowFate, differences, plan_of
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.deeds.history import events_of, is_whole, last_event
from refurb.kernel.deeds.progress import WorkState
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import lists, people, workshop

K = DeviceKind


def items(donation):
    db.session.rollback()
    return db.session.scalars(select(DeclaredItem).where(DeclaredItem.donation_id == donation.id).order_by(DeclaredItem.row)).all()


def fates(donation, content=None):
    return [each.fate for each in plan_of(lists.receive(donation, content))]


def codes_of(found):
    return [[problem.fault.code for problem in each.row.problems] for each in plan_of(found)]


def test_nothing_is_declared_before_it_is_confirmed(context):
    donation = workshop.announced()
    found = lists.receive(donation)
    assert [each.fate for each in plan_of(found)] == [RowFate.CREATE] * 3
    assert items(donation) == []
    lists.confirm(donation, found)
    assert [(each.tag, each.kind, each.ram_mb) for each in items(donation)] == [
        ("PC-001", K.LAPTOP, 8192),
        ("PC-002", K.LAPTOP, 16384),
        ("UC-010", K.DESKTOP, 8192),
    ]


def test_before_the_arrival_it_says_how_many_are_announced(context):
    donation = workshop.announced({K.LAPTOP: 10, K.MONITOR: 4})
    lists.imported(donation)
    db.session.refresh(donation)
    assert {line.kind: line.announced for line in donation.lines} == {K.LAPTOP: 2, K.MONITOR: 4, K.DESKTOP: 1}


def test_the_same_file_again_changes_nothing(context):
    donation = workshop.announced()
    lists.imported(donation)
    assert fates(donation, lists.csv(separator=",", encoding="utf-16")) == [RowFate.SAME] * 3
    work = lists.imported(donation)
    assert (work.outcome["created"], work.outcome["same"], len(items(donation))) == (0, 3, 3)


def test_a_corrected_file_updates_and_never_doubles(context):
    donation = workshop.announced()
    lists.imported(donation)
    first, second, third = lists.ROWS
    corrected = lists.csv((*first[:4], "7HXK2L9", *first[5:]), second, ("", *third[1:]), ("PC-003", *second[1:4], "NEW0001", "8", ""))
    assert fates(donation, corrected) == [RowFate.UPDATE, RowFate.SAME, RowFate.UPDATE, RowFate.CREATE]
    lists.imported(donation, corrected)
    assert [each.serial for each in items(donation)] == ["7HXK2L9", "8HXK2L4", "CZC8123456", "NEW0001"]


def test_machines_without_a_name_are_counted_not_doubled(context):
    donation = workshop.announced()
    content = lists.csv(("Écran", "P2419H", "3"), ("Écran", "P2419H", "1"), headings=("Type", "Modèle", "Quantité"))
    lists.imported(donation, content)
    lists.imported(donation, content)
    assert len(items(donation)) == 4


def test_what_the_new_file_no_longer_has_is_taken_out_when_told_so(context):
    donation = workshop.announced()
    lists.imported(donation)
    lists.imported(donation, lists.csv(lists.ROWS[0]))
    assert len(items(donation)) == 3
    work = lists.imported(donation, lists.csv(lists.ROWS[0]), drop_missing=True)
    assert ([each.tag for each in items(donation)], work.outcome["dropped"]) == (["PC-001"], 2)


def test_a_row_with_a_grave_problem_is_left_out_and_doubtful_ones_when_told_so(context):
    rows = [
        ("A", "truc", "", "", "AB12345", "", ""),
        ("B", "portable", "", "X", "1.5E+15", "", ""),
        ("C", "portable", "", "X", "AB12347", "", ""),
    ]
    donation = workshop.announced()
    work = lists.imported(donation, lists.csv(*rows), without_doubtful=True)
    assert ([each.tag for each in items(donation)], work.outcome["left"]) == (["C"], 2)
    lists.imported(donation, lists.csv(*rows))
    assert [(each.tag, each.serial) for each in items(donation)] == [("B", None), ("C", "AB12347")]


def test_each_machine_has_its_device_at_the_end(context):
    donation = workshop.received({K.MONITOR: 1})
    work = lists.imported(donation, create_devices=True)
    devices = [each for each in workshop.devices_of(donation) if each.kind != K.MONITOR]
    assert [(each.manufacturer, each.model, each.serial) for each in devices] == [
        ("Dell", "Latitude 5490", "7HXK2L3"),
        ("Dell", "Latitude 5490", "8HXK2L4"),
        ("HP", "ProDesk 600 G3", "CZC8123456"),
    ]
    assert len({each.code for each in devices}) == 3
    assert [(event.move, is_whole(events_of(devices[0]))) for event in events_of(devices[0])] == [("created", True)]
    assert db.session.scalar(select(func.count()).where(Device.search.like("%7hxk2l3%"))) == 1
    assert ({line.kind: line.received for line in donation.lines}, work.outcome["devices"]) == (
        {K.MONITOR: 1, K.LAPTOP: 2, K.DESKTOP: 1},
        3,
    )
    assert [each.device_id for each in items(donation)] == [each.id for each in devices]


def test_records_that_were_counted_and_are_empty_are_filled_first(context):
    donation = workshop.received({K.LAPTOP: 2})
    labelled = workshop.devices_of(donation)[0]
    workshop.print_label(labelled)
    work = lists.imported(donation, create_devices=True)
    first, second, *more = workshop.devices_of(donation)
    assert (first.id, first.serial, second.serial, len(more)) == (labelled.id, None, "7HXK2L3", 2)
    assert (work.outcome["filled"], work.outcome["devices"]) == (1, 2)
    assert [event.move for event in events_of(second)] == ["filled_from_list", "created"]


def test_the_same_file_again_makes_no_device_twice(context):
    donation = workshop.received({K.MONITOR: 1})
    lists.imported(donation, create_devices=True)
    lists.imported(donation, create_devices=True)
    assert len(workshop.devices_of(donation)) == 4


def test_a_machine_that_came_before_is_met_by_its_serial(context):
    donation = workshop.received({K.LAPTOP: 1})
    device = workshop.devices_of(donation)[0]
    lists.imported(donation)
    with unit_of_work():
        correct_device(people.actor(Role.TECHNICIAN), device, kind=K.LAPTOP, manufacturer="Dell", model="Latitude", serial="7hxk2l3")
    gaps = differences(donation)
    assert (gaps.declared, gaps.met, gaps.not_met, gaps.unexpected) == (3, 1, 2, 0)
    assert [each.tag for each in gaps.missing] == ["PC-002", "UC-010"]


def test_a_machine_we_know_already_is_not_made_again(context):
    known = workshop.laptop()
    workshop.correct(known, manufacturer="Dell", serial="7HXK2L3")
    donation = workshop.received({K.MONITOR: 1})
    found = lists.receive(donation)
    assert codes_of(found) == [["list.known_device"], [], []]
    assert plan_of(found)[0].known_code == known.code
    lists.confirm(donation, found, create_devices=True)
    assert [each.serial for each in workshop.devices_of(donation)] == [None, "8HXK2L4", "CZC8123456"]


def test_a_machine_that_another_donation_declares_is_doubted(context):
    lists.imported(workshop.announced())
    assert codes_of(lists.receive(workshop.announced())) == [["list.declared_elsewhere"]] * 3


def test_the_next_list_of_this_donor_needs_no_mapping(context):
    odd = lists.csv(headings=("a", "b", "c", "d", "e", "f", "g"))
    first = workshop.announced()
    lists.understand(first, lists.receive(first, odd), kind=1, serial=4, default_kind=K.TABLET)
    again = lists.receive(workshop.announced(), odd)
    assert (again.columns, again.default_kind) == ({"kind": 1, "serial": 4}, K.TABLET)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"serial": 4, "tag": 4}, "list.column_twice"),
        ({"note": 1}, "list.no_naming_column"),
        ({"serial": 40}, "field.choice"),
        ({"x": 1}, "field.choice"),
    ],
)
def test_columns_that_cannot_be(context, columns, code):
    donation = workshop.announced()
    found = lists.receive(donation)
    with pytest.raises(Invalid) as refused:
        lists.understand(donation, found, **columns)
    assert [fault.code for fault in refused.value.fields["columns"]] == [code]


def test_not_twice(context):
    donation = workshop.announced()
    found = lists.receive(donation)
    lists.confirm(donation, found)
    with pytest.raises(AlreadyConfirmed):
        lists.confirm(donation, found)


def test_the_file_is_not_kept(context):
    donation = workshop.announced()
    lists.imported(donation)
    assert db.session.scalars(select(DonorList.table)).all() == [None]


def test_no_device_before_the_arrival(context):
    donation = workshop.announced()
    with pytest.raises(DevicesTooEarly):
        lists.imported(donation, create_devices=True)


def test_nothing_to_import(context):
    donation = workshop.announced()
    with pytest.raises(NothingToImport):
        lists.imported(donation, lists.csv(("A", "truc", "", "", "", "", "")))


def test_not_in_a_donation_that_is_over(context):
    donation = workshop.move(workshop.announced(), "cancel", reason="erreur")
    with pytest.raises(DonationOver):
        lists.receive(donation)


def test_a_technician_may_not(context, monkeypatch):
    donation = workshop.announced()
    monkeypatch.setattr(people, "actor", lambda _role, actor=people.actor: actor(Role.TECHNICIAN))
    with pytest.raises(Forbidden):
        lists.receive(donation)


def test_a_long_list_goes_in_by_turns(context, monkeypatch):
    monkeypatch.setattr("refurb.inventory.lists.actions.imports.ROWS_AT_ONCE", 2)
    donation = workshop.received({K.MONITOR: 1})
    work = lists.imported(donation, create_devices=True)
    assert (work.done, work.total, work.outcome["devices"], len(items(donation))) == (3, 3, 3, 3)
    assert [event.facts["created"] for event in events_of(donation) if event.move == "list_imported"] == [3]


def test_whose_role_was_taken_meanwhile_imports_nothing_more(context):
    donation = workshop.announced()
    found = lists.receive(donation)
    with unit_of_work():
        work = confirm_list(people.actor(Role.COORDINATOR), donation, found, result_url="/dons")
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), account_by_email(people.EMAIL[Role.COORDINATOR]), [Grant(Role.OBSERVER)])
    while run_due():
        pass
    assert (work.state, work.fault, items(donation)) == (WorkState.STOPPED, "forbidden", [])


def test_what_is_imported_is_by_whoever_confirmed_it(context):
    donation = workshop.announced()
    lists.imported(donation)
    happened = last_event(donation)
    assert (happened.move, happened.actor_id, happened.as_role) == ("list_imported", people.actor(Role.COORDINATOR).id, "coordinator")


def test_a_list_that_nobody_confirms_is_forgotten_with_the_names_in_it(context):
    donation = workshop.announced()
    lists.imported(donation)
    lists.receive(donation, lists.csv(headings=("Type", "Modèle", "Utilisateur", "d", "e", "f", "g")))
    with unit_of_work():
        assert forget_lists() == 0
    with at(now() + timedelta(days=31)), unit_of_work():
        assert forget_lists() == 1
    assert db.session.scalar(select(func.count()).select_from(DonorList)) == 1
    assert len(items(donation)) == 3
