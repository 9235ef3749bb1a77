"""Drives as things of their own: in stock, put in a machine, entered by hand, corrected."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from refurb.inventory.devices.actions.devices import MemoryIsSoldered, NotDeclared, declare_without_drive, withdraw_without_drive
from refurb.inventory.devices.rules import DrivesNotClean, DrivesUnknown, every_drive_is_clean
from refurb.inventory.duplicates.actions import merge_devices
from refurb.inventory.evidence.actions.drives import DriveElsewhere, remove_drive
from refurb.inventory.evidence.actions.loose_drives import (
    DriveSerialTaken,
    HeldPastTheGate,
    SerialWasRead,
    SizeWasRead,
    add_drive,
    correct_drive,
    install_drive,
)
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown, holders_of
from refurb.inventory.evidence.queries.loose_drives import (
    DriveFilter,
    DrivePlace,
    ProofStanding,
    as_json,
    drive_typed,
    drives_listed,
    stock_counts,
)
from refurb.inventory.models.evidence import Drive
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.drives import Medium
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Refusal
from tests.support.story import evidence, people, proofs
from tests.support.story.evidence import Disk, Wipe, lshw

WHO = Role.TECHNICIAN


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk("A1"), Disk("B2")))
    return found


def take_out(device, serial) -> Drive:
    drive = proofs.drive_of_serial(serial)
    with unit_of_work():
        remove_drive(people.actor(WHO), device, drive)
    return drive


def put_in(device, drive):
    with unit_of_work():
        install_drive(people.actor(WHO), device, drive)


def empty_machine():
    """A machine that came without a drive, as somebody has said."""
    found = evidence.arrive()[0]
    with unit_of_work():
        declare_without_drive(people.actor(WHO), found)
    return found


def entered(device=None, serial="HAND01", **facts) -> Drive:
    with unit_of_work():
        return add_drive(people.actor(WHO), device, serial=serial, medium=Medium.SSD, **facts)


def correct(drive, **facts):
    known = {name: getattr(drive, name) for name in ("serial", "medium", "manufacturer", "model", "size_bytes")}
    with unit_of_work():
        correct_drive(people.actor(WHO), drive, **(known | {"reason": "mal lu"} | facts))


def listed(**wanted):
    return [row[0].serial for row in drives_listed(DriveFilter(**wanted), 1).rows]


def test_a_drive_out_of_the_stock_goes_into_another_machine_and_counts_for_both(device):
    drive = take_out(device, "A1")
    assert (listed(), stock_counts()[DrivePlace.STOCK]) == (["A1"], 1)
    other = empty_machine()
    put_in(other, drive)
    assert ([each.serial for each in drives_inside(other)], listed()) == (["A1"], [])
    for each in (device, other):
        with pytest.raises(DrivesNotClean):
            every_drive_is_clean(each)
    evidence.wipe(Wipe("A1"), Wipe("B2"))
    every_drive_is_clean(device)
    every_drive_is_clean(other)
    assert listed(place=None, standing=ProofStanding.CLEAN) == ["B2", "A1"]


def test_a_swap_between_two_machines_on_the_bench_leaves_the_first(device):
    other = empty_machine()
    put_in(other, proofs.drive_of_serial("A1"))
    assert [each.serial for each in drives_inside(device)] == ["B2"]


def test_a_clean_drive_does_not_stand_for_the_one_that_nobody_has_seen(device):
    drive = take_out(device, "A1")
    evidence.wipe(Wipe("A1"))
    with pytest.raises(DrivesUnknown):
        put_in(evidence.arrive()[0], drive)


def test_a_card_does_not_stand_for_the_memory_of_a_tablet(device):
    drive, tablet = take_out(device, "A1"), evidence.arrive(DeviceKind.TABLET)[0]
    with pytest.raises(MemoryIsSoldered):
        put_in(tablet, drive)
    with pytest.raises(MemoryIsSoldered):
        entered(tablet)


@pytest.mark.parametrize("clean", [True, False])
def test_past_the_gate_no_drive_enters_nor_leaves(context, device, clean):
    ready = evidence.arrive()[0]
    evidence.bring_to_tests(ready, Disk("READY"))
    evidence.fire(ready, "pass_tests")
    drive = take_out(device, "A1")
    if clean:
        evidence.wipe(Wipe("A1"))
    with pytest.raises(Refusal) as refused:
        put_in(ready, drive)
    assert refused.value.code == "device.past_the_gate"
    with pytest.raises(DriveElsewhere):
        put_in(device, proofs.drive_of_serial("READY"))


def test_one_that_no_tool_reads_is_entered_by_hand(device):
    drive = entered(device, serial=None)
    assert drive in drives_inside(device)
    assert drive_typed(people.actor(WHO), f"s{drive.id}") is drive, "found by its mark"
    stocked = entered(serial="hand 01")
    assert (stocked.serial, drive_typed(people.actor(WHO), "HAND01")) == ("HAND01", stocked)
    with pytest.raises(DriveSerialTaken):
        entered(serial="HAND01")


def test_evidence_that_waited_attaches_itself_to_a_drive_entered_by_hand(device):
    evidence.wipe(Wipe("HAND01", size=1000))
    drive = entered(device)
    assert [each.standing.value for each in drives_shown(device) if each.drive is drive] == ["clean"]


def test_a_serial_that_was_typed_wrongly_is_corrected(device):
    drive = entered(device, serial="HAMD01")
    correct(drive, serial="HAND01")
    assert drive.serial == "HAND01"


def test_a_serial_that_a_tool_has_read_is_written_otherwise_but_never_another(device):
    drive = proofs.drive_of_serial("A1")
    evidence.wipe(Wipe("A1"))
    with pytest.raises(SerialWasRead):
        correct(drive, serial="Z9")
    with pytest.raises(DriveSerialTaken):
        correct(entered(device, serial="C3"), serial="B2")
    correct(drive, serial="AI")
    assert [each.standing.value for each in drives_shown(device) if each.drive is drive] == ["clean"]


def test_small_corrections_of_a_serial_that_was_read_lead_no_further_than_one(context):
    device = evidence.arrive()[0]
    evidence.read(device, lshw(Disk("S4EVNF0M123456")))
    drive = drives_inside(device)[0]
    correct(drive, serial="S4EVNF0M")
    with pytest.raises(SerialWasRead):
        correct(drive, serial="S4EVNF0M999999")
    with pytest.raises(SerialWasRead):
        correct(drive, serial=None)
    correct(drive, serial="S4EVNFOM123456")


@pytest.mark.parametrize("size", [evidence.SIZE // 2, None])
def test_a_capacity_that_a_tool_has_read_is_not_made_less(device, size):
    drive = proofs.drive_of_serial("A1")
    with pytest.raises(SizeWasRead):
        correct(drive, size_bytes=size)
    by_hand = entered(device, size_bytes=2000)
    correct(by_hand, size_bytes=1000)


def test_a_log_older_than_a_drive_of_the_stock_proves_nothing_of_it(context):
    # At noon: by the clock of the wall, some hour of that night may have been twice.
    evidence.wipe(Wipe("HAND01", ended=now().replace(hour=12) - timedelta(days=400)))
    assert [(each.status.value, each.reason) for each in entered().erasures] == [("refused", "erasure.too_old")]


def test_what_was_proven_in_stock_is_still_proven_in_the_machine(context):
    drive = entered()
    evidence.wipe(Wipe("HAND01"))
    device = empty_machine()
    put_in(device, drive)
    with unit_of_work():  # Days later, that is.
        drive.stays[0].since = now() + timedelta(days=4)
    evidence.read(device, lshw(Disk("HAND01")))
    assert drive.size_bytes == evidence.SIZE, "which has it judged again"
    assert [each.standing.value for each in drives_shown(device)] == ["clean"]
    told = as_json(drive)
    assert (told["device"], told["devices"], told["clean"], told["to_confirm"]) == (device.code, [device.code], True, [])


def test_a_drive_that_moved_on_before_two_records_became_one_is_where_it_is(context):
    one, other = evidence.arrive(count=2)
    evidence.read(one, lshw(Disk("A1"), serial=""))
    evidence.read(other, lshw(Disk("A1"), serial="", ram_gib=16))
    drive, third = proofs.drive_of_serial("A1"), empty_machine()
    with unit_of_work():
        merge_devices(people.actor(WHO), one, other, reason="deux étiquettes")
    assert [each.until for each in drives_shown(other)] == [None], "it moved from the one to the other, and did not leave"
    put_in(third, drive)
    fourth = evidence.arrive()[0]
    with unit_of_work():
        merge_devices(people.actor(WHO), other, fourth, reason="encore une étiquette")
    db.session.expire_all()
    assert (drive.stays[-1].device, holders_of(["A1"]) >= {third.id}) == (third, True)


def test_a_capacity_corrected_upwards_leaves_the_proof_short(device):
    drive = proofs.drive_of_serial("A1")
    evidence.wipe(Wipe("A1"))
    correct(drive, size_bytes=2 * evidence.SIZE)
    assert [each.refused.reason for each in drives_shown(device) if each.drive is drive] == ["erasure.smaller_than_drive"]


def test_nothing_is_corrected_past_the_gate(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    evidence.fire(device, "pass_tests")
    with pytest.raises(HeldPastTheGate):
        correct(drives_inside(device)[0], model="Autre")


def test_a_machine_said_to_be_empty_in_which_a_drive_is_found_is_said_so_no_more(context):
    device = evidence.arrive()[0]
    who = people.actor(WHO)
    with pytest.raises(NotDeclared), unit_of_work():
        withdraw_without_drive(who, device, reason="Un SSD sous la nappe.")
    with unit_of_work():
        declare_without_drive(who, device)
    every_drive_is_clean(device)
    with unit_of_work():
        withdraw_without_drive(who, device, reason="Un SSD sous la nappe.")
    with pytest.raises(DrivesUnknown):
        every_drive_is_clean(device)


def test_a_desk_agent_touches_no_drive(device):
    desk, drive = people.actor(Role.DESK), proofs.drive_of_serial("A1")
    with pytest.raises(Forbidden), unit_of_work():
        install_drive(desk, device, drive)
    with pytest.raises(Forbidden), unit_of_work():
        add_drive(desk, None, serial="X", medium=Medium.HDD)


def places_by_the_stays():
    """Where every drive is, told by its stays alone."""
    found = dict.fromkeys(DrivePlace, 0)
    for drive in db.session.scalars(select(Drive)):
        is_inside = any(stay.until is None for stay in drive.stays)
        found[DrivePlace.DESTROYED if drive.destroyed_at else DrivePlace.MACHINE if is_inside else DrivePlace.STOCK] += 1
    return found


def test_where_a_drive_is_follows_its_stays_whatever_is_done(device):
    assert stock_counts() == places_by_the_stays() == {DrivePlace.STOCK: 0, DrivePlace.MACHINE: 2, DrivePlace.DESTROYED: 0}
    drive = take_out(device, "A1")
    assert stock_counts() == places_by_the_stays() == {DrivePlace.STOCK: 1, DrivePlace.MACHINE: 1, DrivePlace.DESTROYED: 0}
    put_in(device, drive)
    assert stock_counts() == places_by_the_stays() == {DrivePlace.STOCK: 0, DrivePlace.MACHINE: 2, DrivePlace.DESTROYED: 0}
    proofs.destroyed(drive, note="Broyé, bordereau B-12")
    assert stock_counts() == places_by_the_stays()
    assert stock_counts()[DrivePlace.DESTROYED] == 1
    with unit_of_work() as session:
        session.execute(text("UPDATE drive_stays SET until = since WHERE until IS NULL"))
    assert stock_counts() == places_by_the_stays()
    for place in (*DrivePlace, None):
        page = drives_listed(DriveFilter(place=place), 1)
        assert (page.total, len(page.rows)) == (stock_counts()[place] if place else 2,) * 2


def test_the_list_of_drives_reads_an_index(context):
    """However many drives there are, the first page of a place is read from the index of that place."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("with so few rows PostgreSQL rightly reads the table")
    for place, index in (
        (DrivePlace.STOCK, "ix_drives_present"),
        (DrivePlace.MACHINE, "ix_drives_present"),
        (DrivePlace.DESTROYED, "ix_drives_destroyed"),
    ):
        asked = []
        event.listen(db.engine, "before_cursor_execute", lambda *told, asked=asked: asked.append(told[2:4]))
        drives_listed(DriveFilter(place=place), 1)
        statement, values = next(each for each in asked if "FROM drives" in each[0])
        plan = " ".join(row[-1] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
        assert index in plan, plan
        assert "B-TREE" not in plan, plan
