"""The gate: no device is ready unless every drive it ever held is settled, its checks passed and its label printed."""

import itertools
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.inventory.checks.actions.checks import Answer, Told, answer_checks
from refurb.inventory.devices.actions.devices import declare_without_drive
from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.evidence.actions.drives import remove_drive
from refurb.inventory.evidence.actions.reports import Upload, read_hardware_reports
from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db, writing
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.kernel.speech.errors import Refusal
from tests.support.story import desk, evidence, people, proofs
from tests.support.story.evidence import Disk, Wipe, lshw, smartctl


@pytest.fixture
def device(context):
    """One press away from ready."""
    found = evidence.arrive()[0]
    evidence.bring_to_tests(found, Disk())
    return found


def refusal_of(device, move="pass_tests"):
    try:
        evidence.fire(device, move)
    except Refusal as refusal:
        return refusal.code
    return None


def test_with_all_that_it_takes_a_device_is_ready(device):
    assert refusal_of(device) is None
    assert device.state == DeviceState.READY


def test_without_label_it_is_not(device):
    with unit_of_work():
        device.labelled_at = None
    assert refusal_of(device) == "device.not_labelled"


def test_with_a_failed_check_it_is_not(device):
    with unit_of_work():
        answer_checks(people.actor(Role.TECHNICIAN), device, {"screen": Told(Answer.NO)})
    assert refusal_of(device) == "device.checks_failed"


def test_with_a_flag_it_is_not(device):
    with unit_of_work():
        raise_flag(people.actor(Role.TECHNICIAN), device, FlagKind.SECOND_LOOK)
    assert refusal_of(device) == "device.flagged"


def test_with_a_drive_that_appears_late_it_is_not(device):
    evidence.read(device, smartctl(Disk("LATE")))
    assert refusal_of(device) == "device.drives_not_clean"
    evidence.wipe(Wipe("LATE"))
    assert refusal_of(device) == "device.checks_missing"
    evidence.pass_checks(device)
    assert refusal_of(device) is None


def test_with_a_late_drive_that_was_taken_out_again_it_is_not(device):
    evidence.read(device, smartctl(Disk("LATE")))
    with unit_of_work():
        remove_drive(people.actor(Role.TECHNICIAN), device, drives_inside(device)[-1])
    assert refusal_of(device) == "device.drives_not_clean"


def test_a_drive_without_serial_is_only_settled_by_destruction(device):
    evidence.read(device, lshw(Disk(), Disk(serial=None), serial=device.serial))
    assert refusal_of(device) == "device.drives_not_clean"
    proofs.destroyed(drives_inside(device)[-1])
    evidence.pass_checks(device)
    assert refusal_of(device) is None


def test_what_was_handed_over_and_comes_back_is_wiped_again(device):
    evidence.fire(device, "pass_tests", "reserve", "hand_over")
    evidence.fire(device, "come_back", reason="la famille a déménagé")
    evidence.fire(device, "accept")
    assert refusal_of(device, "finish_erasure") == "device.drives_not_clean"


def test_what_was_lent_and_leaves_the_pool_is_wiped_again(device):
    evidence.fire(device, "pass_tests")
    evidence.fire(device, "join_pool", product_id=desk.product().id, name="Portable n° 1", components=list(desk.TABLET_PARTS))
    evidence.fire(device, "leave_pool")
    assert refusal_of(device, "finish_erasure") == "device.drives_not_clean"


@pytest.mark.parametrize("kind", [DeviceKind.LAPTOP, DeviceKind.MONITOR])
def test_what_has_no_drive_is_said_so_by_a_person_unless_it_never_has_any(context, kind):
    device = evidence.arrive(kind)[0]
    evidence.fire(device, "accept")
    expected = None if kind == DeviceKind.MONITOR else "device.drives_unknown"
    assert refusal_of(device, "finish_erasure") == expected
    if expected:
        with unit_of_work():
            declare_without_drive(people.actor(Role.TECHNICIAN), device)
        assert refusal_of(device, "finish_erasure") is None


# Every way in which one or two drives can stand, whether inside or gone: ready exactly when each is settled.
STANDINGS = ("clean", "clean_late", "failed", "aborted", "unverified", "untouched", "destroyed", "gone", "gone_clean")
SETTLED = {"clean", "clean_late", "destroyed", "gone_clean"}


def test_a_device_goes_on_exactly_when_every_drive_is_settled(context):
    cases = [*itertools.combinations(STANDINGS, 1), *itertools.combinations_with_replacement(STANDINGS, 2)]
    for standings, device in zip(cases, evidence.arrive(count=len(cases)), strict=True):
        disks = [Disk(f"D{device.id}-{number}") for number, _ in enumerate(standings)]
        evidence.read(device, lshw(*disks, serial=f"SN{device.id}"))
        evidence.fire(device, "accept", "start_erasure")
        for disk, standing in zip(disks, standings, strict=True):
            _bring(device, disk, standing)
        expected = None if set(standings) <= SETTLED else "device.drives_not_clean"
        assert (standings, refusal_of(device, "finish_erasure")) == (standings, expected)


def _bring(device, disk, standing):
    drive = next(each for each in drives_inside(device) if each.serial == disk.serial)
    technician = people.actor(Role.TECHNICIAN)
    if standing in {"failed", "clean_late"}:
        evidence.wipe(Wipe(disk.serial, status="-FAILED-"))
    if standing == "aborted":
        evidence.wipe(Wipe(disk.serial, status="UABORTED"))
    if standing == "unverified":
        evidence.wipe(Wipe(disk.serial, verified=False))
    if standing in {"gone", "gone_clean"}:
        with unit_of_work():
            remove_drive(technician, device, drive)
    if standing == "destroyed":
        proofs.destroyed(drive)
    if standing in {"clean", "clean_late", "gone_clean"}:
        evidence.wipe(Wipe(disk.serial))


# The wall in the database, met by whoever writes past the rules ------------------------------------------------------------------


def by_sql(statement, **values):
    with unit_of_work() as session:
        session.connection().execute(text(statement), values)


def walled(statement, by="ready_gate", **values):
    """Whether the database itself refuses."""
    token = writing.set(True)
    try:
        with db.engine.begin() as connection:
            connection.execute(text(statement), values)
    except IntegrityError as error:
        return by in str(error)
    finally:
        writing.reset(token)
    return False


TO_READY = "UPDATE devices SET state = 'ready' WHERE id = :id"


def test_the_wall_lets_a_clean_device_pass(device):
    assert not walled(TO_READY, id=device.id)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE erasures SET status = 'refused', reason = 'erasure.failed'",
        "UPDATE erasures SET voided_at = ended_at",
        "UPDATE devices SET labelled_at = NULL",
    ],
)
def test_the_wall_stops_an_update(device, spoil):
    by_sql(spoil)
    db.session.rollback()
    assert walled(TO_READY, id=device.id)
    db.session.rollback()
    assert db.session.get(Device, device.id).state == DeviceState.TESTING


def test_the_wall_stops_a_drive_that_was_taken_out_unproven(device):
    by_sql("UPDATE erasures SET status = 'refused', reason = 'erasure.failed'")
    by_sql("UPDATE drive_stays SET until = since")
    assert walled(TO_READY, id=device.id)


def test_the_wall_stops_a_device_whose_drives_nobody_knows(context):
    device = evidence.arrive()[0]
    evidence.label(device)
    number = device.id
    db.session.rollback()
    assert walled(TO_READY, id=number)
    by_sql("UPDATE devices SET without_drive_since = received_at")
    assert not walled(TO_READY, id=number)


def test_the_wall_stops_a_device_that_begins_as_ready(device):
    evidence.fire(device, "pass_tests")
    fresh = evidence.arrive()[0]
    code, donation = fresh.code, fresh.donation_id
    columns = "code, donation_id, kind, state, received_at, moved_at, search, labelled_at"
    by_sql("DELETE FROM devices WHERE id = :id", id=fresh.id)
    for state in ("ready", "reserved", "handed_over", "in_pool"):
        assert walled(
            f"INSERT INTO devices ({columns}) "
            "SELECT :code, :donation, 'laptop', :state, received_at, received_at, '', received_at FROM devices LIMIT 1",
            code=code, donation=donation, state=state,
        )  # fmt: skip


def test_the_wall_keeps_every_stay(device):
    other = evidence.arrive()[0].id
    assert walled("DELETE FROM drive_stays", by="drive_stays_remain")
    assert walled("UPDATE drive_stays SET device_id = :other", by="drive_stays_hold", other=other)


@pytest.mark.parametrize("state", ["ready", "reserved", "handed_over"])
def test_the_wall_stops_an_unclean_drive_that_enters_past_the_gate(device, state):
    evidence.fire(device, *["pass_tests", "reserve", "hand_over"][: ["ready", "reserved", "handed_over"].index(state) + 1])
    other = evidence.arrive()[0]
    evidence.read(other, lshw(Disk("DIRTY"), serial="OTHER"))
    number, drive = device.id, drives_inside(other)[0].id
    by_sql("UPDATE drive_stays SET until = since WHERE drive_id = :drive", drive=drive)
    db.session.rollback()
    enter = "INSERT INTO drive_stays (drive_id, device_id, since) SELECT :drive, :device, received_at FROM devices WHERE id = :device"
    assert walled(enter, drive=drive, device=number)


# Two at once ------------------------------------------------------------------------------------------------------------------------


def side_by_side(app, *deeds):
    """Run deeds at the same moment, each on a connection of its own; returns what each refused with, or None."""
    start = threading.Barrier(len(deeds))
    refused = [None] * len(deeds)

    def run(number, deed):
        with app.app_context():
            start.wait()
            try:
                deed()
            except Refusal as refusal:
                refused[number] = refusal.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


@pytest.mark.parametrize("_round", range(5))
def test_a_dirty_drive_that_arrives_while_the_device_passes_never_ends_in_a_ready_device(app, _round):
    with app.app_context():
        device = evidence.arrive()[0]
        evidence.bring_to_tests(device, Disk())
        number = device.id
        db.session.remove()

    def pass_tests():
        evidence.fire(db.session.get(Device, number), "pass_tests")

    def add_drive():
        evidence.read(db.session.get(Device, number), smartctl(Disk("DIRTY")))

    refused = side_by_side(app, pass_tests, add_drive)
    with app.app_context():
        device = db.session.get(Device, number)
        serials = [drive.serial for drive in drives_inside(device)]
        assert refused in (["device.drives_not_clean", None], [None, "device.past_the_gate"])
        assert (device.state == DeviceState.READY) == (serials == ["CHV0001"])


def test_whoever_waits_for_the_lock_sees_what_was_written_meanwhile(app):
    """The same race in slow motion: the drive is in, not yet committed, when the other presses."""
    with app.app_context():
        device = evidence.arrive()[0]
        evidence.bring_to_tests(device, Disk())
        number = device.id
        db.session.remove()
    held, pressed = threading.Event(), threading.Event()

    def add_drive():
        with unit_of_work():
            device = db.session.get(Device, number)
            lock(device)
            held.set()
            pressed.wait(5)
            read_hardware_reports(people.actor(Role.TECHNICIAN), device, [Upload("sda.json", smartctl(Disk("DIRTY")))])

    def pass_tests():
        held.wait(5)
        threading.Timer(0.3, pressed.set).start()
        evidence.fire(db.session.get(Device, number), "pass_tests")

    assert side_by_side(app, add_drive, pass_tests) == [None, "device.drives_not_clean"]
    with app.app_context():
        assert db.session.get(Device, number).state == DeviceState.TESTING
