"""Two records of one machine become one: everything is under it, both labels lead to it, and its gate is never weaker than before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.queries.devices import answers_of, device_by_code, devices_of, scanned, standing
from refurb.inventory.devices.queries.drives import drives_ever_in, unproven_drives
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.queries.donations import devices_by_state, line_of
from refurb.inventory.duplicates.actions import CannotRemain, KindsDiffer, SameRecord, TwoMachines, merge_devices
from refurb.inventory.duplicates.queries import whole_history
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.evidence import HardwareReport
from refurb.inventory.pages.queries import DeviceFilter, all_devices, devices
from refurb.inventory.papers.queries import donation_record
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden, Refusal, WrongState
from tests.support.story import evidence, people, workshop

S = DeviceState


def twice(kind=DeviceKind.LAPTOP):
    """One machine, counted twice, under two labels."""
    one, other = workshop.devices_of(workshop.received({kind: 2}))
    return one, other


def merge(duplicate, survivor, who=None):
    who = who or workshop.technician()
    with unit_of_work():
        merge_devices(who, duplicate, survivor, reason="deux étiquettes sur le capot")
    return survivor


def test_one_record_remains_and_both_labels_lead_to_it(context):
    one, other = twice()
    workshop.print_label(other)
    merge(other, one)
    assert (one.state, other.state, other.merged_into_id) == (S.RECEIVED, S.MERGED, one.id)
    who = workshop.technician()
    assert device_by_code(who, other.code) == one
    assert standing(who, other.code).code == one.code
    assert scanned(other.code).standing.id == one.id
    assert one.labelled_at is not None


def test_what_was_under_the_other_is_under_the_one(context):
    one, other = twice()
    workshop.put_drive_in(other)
    merge(other, one)
    assert [drive.serial for drive in drives_ever_in(one)] == ["CHV0001"]
    assert [stay.device_id for stay in drives_ever_in(one)[0].stays if stay.until is None] == [one.id]
    assert db.session.scalars(select(HardwareReport.device_id)).all() == [one.id]
    assert (one.serial, other.serial, one.model) == (f"VI{other.id:06d}", None, "Marais 14")
    assert devices(DeviceFilter(words="marais"), 1).total == 1


def test_both_histories_stay_what_they_were(context):
    one, other = twice()
    workshop.put_drive_in(other)
    merge(other, one)
    past = whole_history(one)
    assert past.is_whole
    assert [event.move for event in past.events] == ["merge", "absorbed", "report_read", "created", "created"]
    happened = last_event(other)
    assert happened.facts["into"] == one.id
    assert notes_of([happened])[happened.id] == {"reason": "deux étiquettes sur le capot"}


def test_it_is_counted_once_everywhere(context):
    one, other = twice()
    merge(other, one)
    donation = one.donation
    assert (all_devices(), devices(DeviceFilter(), 1).total, len(devices_of(donation))) == (1, 1, 1)
    assert devices_by_state(donation) == {S.RECEIVED: 1}
    assert line_of(donation, DeviceKind.LAPTOP).received == 1
    assert (len(donation_record(donation).devices), donation_record(donation).accepted) == (1, 1)
    assert [row.code for row in devices(DeviceFilter(words=spell(other.code)), 1).rows] == [one.code]


def test_a_drive_that_was_not_erased_under_the_other_closes_the_gate_of_the_one(context):
    ready = workshop.ready_laptop()
    workshop.correct(other := workshop.laptop(), model="Marais 14")
    with unit_of_work():
        raise_flag(workshop.technician(), other, FlagKind.SECOND_LOOK, None)
    merge(other, ready)
    assert ready.state == S.TO_REFURBISH
    assert [flag.device_id for flag in db.session.scalars(select(Flag))] == [ready.id]


def test_an_unproven_drive_counts_for_the_one_that_remains(context):
    ready, other = workshop.ready_laptop(), workshop.laptop()
    workshop.put_drive_in(other, "CHV0002")
    serial = other.serial
    workshop.correct(other, serial=None)
    merge(other, ready)
    assert (ready.state, [drive.serial for drive in unproven_drives(ready)]) == (S.TO_REFURBISH, ["CHV0002"])
    assert serial != ready.serial
    workshop.fire(ready, "start_tests")
    with pytest.raises(Refusal) as refused:
        workshop.fire(workshop.pass_checks(ready), "pass_tests")
    assert refused.value.code == "device.drives_not_clean"


def test_what_passed_under_the_other_is_asked_again_and_what_was_said_absent_is_not_believed(context):
    ready, other = workshop.ready_laptop(), workshop.laptop()
    workshop.correct(ready, serial=None)
    workshop.say_without_drive(other)
    merge(ready, other)
    assert (answers_of(other), other.without_drive_since, len(unproven_drives(other))) == ({}, None, 0)


def test_a_machine_that_was_handed_over_comes_back_to_its_own_record(context):
    known = workshop.fire(workshop.ready_laptop(), "reserve", "hand_over")
    newcomer = workshop.laptop()
    merge(newcomer, known)
    assert (known.state, newcomer.merged_into_id) == (S.RECEIVED, known.id)
    assert [drive.serial for drive in unproven_drives(known)] == ["CHV0001"]
    assert [device.id for device in donation_record(newcomer.donation).devices] == [known.id]
    assert line_of(newcomer.donation, DeviceKind.LAPTOP).received == 1


def test_its_drives_came_with_the_donation_with_which_it_came_again(context):
    known = workshop.fire(workshop.ready_laptop(), "reserve", "hand_over")
    newcomer = workshop.laptop()
    merge(newcomer, known)
    again = donation_record(newcomer.donation)
    assert [(each.drive.serial, each.device, each.done_at) for each in again.drives] == [("CHV0001", known, None)]
    evidence.read(known, evidence.lshw(evidence.Disk("CHV0001"), evidence.Disk("CHV0002"), serial=known.serial))
    evidence.wipe(evidence.Wipe(serial="CHV0001", ended=now() + timedelta(minutes=1)))
    again, once = donation_record(newcomer.donation), donation_record(known.donation)
    assert ([each.drive.serial for each in again.drives], again.erased, again.waiting) == (["CHV0001", "CHV0002"], 1, 1)
    assert [each.drive.serial for each in once.drives] == ["CHV0001"]


def test_the_donation_with_which_it_came_again_leads_to_it(app, signed_in):
    with app.app_context():
        known = workshop.fire(workshop.ready_laptop(), "reserve", "hand_over")
        newcomer = workshop.laptop()
        merge(newcomer, known)
        code, reference, first = known.code, newcomer.donation.reference, known.donation.reference
    client = signed_in(Role.COORDINATOR)
    page = client.get(f"/dons/{reference}").text
    assert "1 machine arrivée avec ce don était déjà connue" in page
    assert f"/appareils/{code}" in page
    assert client.get(f"/api/v1/donations/{reference}").json["came_again"] == [code]
    assert client.get(f"/api/v1/donations/{first}").json["came_again"] == []


def test_one_that_had_absorbed_another_hands_its_labels_on(context):
    one, other, third = workshop.devices_of(workshop.received({DeviceKind.LAPTOP: 3}))
    merge(third, other)
    merge(other, one)
    assert device_by_code(workshop.technician(), third.code) == one
    assert whole_history(one).is_whole
    assert len(whole_history(one).events) == 7


def test_nothing_is_done_with_a_record_that_was_joined(context):
    one, other = twice()
    merge(other, one)
    assert device_machine.open_to(other, workshop.coordinator()) == []
    with pytest.raises(WrongState):
        merge(other, one)


def test_not_into_one_that_is_promised(context):
    reserved, other = workshop.fire(workshop.ready_laptop(), "reserve"), workshop.laptop()
    with pytest.raises(CannotRemain):
        merge(other, reserved)


def test_not_away_from_one_that_is_promised(context):
    reserved, other = workshop.fire(workshop.ready_laptop(), "reserve"), workshop.laptop()
    with pytest.raises(WrongState):
        merge(reserved, other)


def test_not_two_machines(context):
    one, other = twice()
    workshop.correct(one, serial="AB12345")
    workshop.correct(other, serial="AB12346")
    with pytest.raises(TwoMachines):
        merge(other, one)
    db.session.rollback()
    assert db.session.get(Device, other.id).serial == "AB12346"


def test_not_two_kinds(context):
    one, other = twice()
    workshop.correct(other, kind=DeviceKind.DESKTOP)
    with pytest.raises(KindsDiffer):
        merge(other, one)


def test_not_into_itself(context):
    one, _ = twice()
    with pytest.raises(SameRecord):
        merge(one, one)


def test_the_desk_may_not(context):
    one, other = twice()
    with pytest.raises(Forbidden):
        merge(other, one, people.actor(Role.DESK))


# What becomes of every row that points at a device, when its record is joined to another; a new table says so here and in the action.
GOES_ALONG = {
    "check_results",
    "declared_items",
    "device_macs",
    "drive_stays",
    "erasure_statements",
    "flags",
    "hardware_reports",
    "part_moves",
    "parts",
    "releases",
}
STAYS_BEHIND = {
    "allocations",  # a past one is the story of the record that it was made for; one that stands keeps its device from being joined
    "batch_lines",  # what a batch did, once
    "committee_lines",  # what a committee was proposed: a device set aside for a file is ready, and joined to none
    "handover_lines",  # as their allocation: an open one keeps its device from being joined, a closed one is what was given once
    "endowment_lines",  # the same, for an organisation
    "device_targets",  # computed again from the facts
    "devices",
    "holdings",  # put down
    "items",  # a device of the pool is not joined
    "tickets",  # a device with a family is not joined; of a past one, the story of its record
    "told_apart",
    "told_reuses",  # what is with a family or lent is not joined
    "waste_lines",  # what has left as waste is not joined
}


def test_every_table_that_points_at_a_device_is_thought_of():
    pointing = {
        table.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "devices.id" for key in column.foreign_keys)
    }
    assert pointing == GOES_ALONG | STAYS_BEHIND
