"""Reading what lshw and smartctl say of a device: its facts, its drives, what was kept, and what is refused."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from refurb.inventory.devices.actions.devices import SerialTaken, correct_device
from refurb.inventory.evidence.actions import reports
from refurb.inventory.evidence.actions.drives import DriveDestroyed, DriveElsewhere, NotOnBench, PastTheGate, remove_drive
from refurb.inventory.evidence.actions.reports import OtherMachine, Upload, read_hardware_reports
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay, HardwareReport
from refurb.inventory.models.macs import DeviceMac
from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.words.drives import Health, Medium
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.turns import writing
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.inventory.readers.reports import sample
from tests.support.story import evidence, people, proofs
from tests.support.story.evidence import Disk, lshw, smartctl


@pytest.fixture
def device(context):
    return evidence.arrive()[0]


def codes(invalid):
    return [fault.code for faults in invalid.value.fields.values() for fault in faults]


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_both_files_fill_in_the_device_and_its_drive(device):
    whole, smart = lshw(Disk()), smartctl(Disk())
    reading = evidence.read(device, whole, smart)

    assert (device.manufacturer, device.model, device.serial) == ("Vienne Informatique", "Marais 14", "VI14K00731")
    assert (device.ram_mb, device.gpu) == (8192, "UHD Graphics 620")
    assert "i5-8250U" in device.cpu
    assert "marais" in device.search
    [drive] = drives_inside(device)
    assert (drive.serial, drive.model, drive.size_bytes) == ("CHV0001", "CHAUVIGNY SSD 256G PRO", evidence.SIZE)
    assert (drive.medium, drive.health, drive.power_on_hours) == (Medium.SSD, Health.GOOD, 812)
    assert [files.fetch(report.file) for report in reading.reports] == [whole, smart]
    assert [report.tool for report in reading.reports] == ["lshw", "smartctl"]
    event = events_of(device)[0]
    assert (event.move, event.facts["tools"]) == ("report_read", "lshw + smartctl")


def test_the_drives_of_the_first_reading_came_with_the_device(device):
    evidence.read(device, lshw(Disk()))
    assert drives_shown(device)[0].since == device.received_at


def test_smartctl_after_lshw_completes_the_same_drive(device):
    evidence.read(device, lshw(Disk()))
    evidence.read(device, smartctl(Disk()))
    [drive] = drives_inside(device)
    assert (drive.model, drive.health) == ("CHAUVIGNY SSD 256G PRO", Health.GOOD)


def test_lshw_after_smartctl_does_not_cut_the_model(device):
    evidence.read(device, smartctl(Disk()))
    evidence.read(device, lshw(Disk()))
    assert [drive.model for drive in drives_inside(device)] == ["CHAUVIGNY SSD 256G PRO"]


def test_a_drive_without_serial_is_the_same_at_the_next_reading_and_gets_its_serial_later(device):
    reading = evidence.read(device, lshw(Disk(serial=None)))
    assert "drive.no_serial" in {each.code for each in reading.warnings}
    evidence.read(device, lshw(Disk(serial=None), ram_gib=16))
    assert [drive.serial for drive in drives_inside(device)] == [None]
    evidence.read(device, smartctl(Disk(serial="CHV0009")))
    assert [drive.serial for drive in drives_inside(device)] == ["CHV0009"]
    evidence.read(device, lshw(Disk(serial=None), ram_gib=4))
    assert [drive.serial for drive in drives_inside(device)] == ["CHV0009"]


def test_two_drives_without_serial_are_two(device):
    evidence.read(device, lshw(Disk(serial=None), Disk(serial=None)))
    assert len(drives_inside(device)) == 2


def test_a_serial_that_two_drives_share_names_neither(device):
    evidence.read(device, smartctl(Disk("TWIN", model="ONE"), Disk("TWIN", model="OTHER")))
    assert [drive.serial for drive in drives_inside(device)] == [None, None]


def test_a_serial_is_recognised_whatever_its_case_and_blanks(device):
    evidence.read(device, lshw(Disk("chv 0001")))
    evidence.read(device, smartctl(Disk("CHV0001")))
    assert [drive.serial for drive in drives_inside(device)] == ["CHV0001"]


def test_the_same_file_again_changes_nothing(device):
    first = evidence.read(device, lshw(Disk()))
    before = (count(HardwareReport), count(Drive), count(DriveStay), len(events_of(device)))
    again = evidence.read(device, lshw(Disk()))
    assert (again.reports, again.known) == ((), first.reports)
    assert (count(HardwareReport), count(Drive), count(DriveStay), len(events_of(device))) == before


def test_a_later_report_changes_what_an_earlier_one_wrote(device):
    evidence.read(device, lshw(Disk(), ram_gib=8))
    evidence.read(device, lshw(Disk(), ram_gib=16))
    assert device.ram_mb == 16384


def test_what_a_person_corrected_stays_and_the_difference_is_told(device):
    evidence.read(device, lshw(Disk()))
    with unit_of_work():
        correct_device(
            people.actor(Role.TECHNICIAN), device, kind=device.kind, manufacturer=device.manufacturer, model="Marais 14 G2",
            serial=device.serial,
        )  # fmt: skip
    reading = evidence.read(device, lshw(Disk(), ram_gib=16))
    assert (device.model, device.ram_mb) == ("Marais 14 G2", 16384)
    assert {each.code: each.facts["kept"] for each in reading.warnings} == {"hardware.models_differ": "Marais 14 G2"}


def test_a_serial_that_the_factory_left_out_is_none(device):
    reading = evidence.read(device, lshw(Disk(), serial="To be filled by O.E.M."))
    assert device.serial is None
    assert "hardware.no_identity" in {each.code for each in reading.warnings}


def test_a_drive_that_is_no_longer_seen_stays_until_a_person_takes_it_out(device):
    evidence.read(device, lshw(Disk("A1"), Disk("B2")))
    evidence.read(device, lshw(Disk("A1"), ram_gib=16))
    assert [drive.serial for drive in drives_inside(device)] == ["A1", "B2"]
    gone = drives_inside(device)[1]
    with unit_of_work():
        remove_drive(people.actor(Role.TECHNICIAN), device, gone)
    evidence.read(device, smartctl(Disk("A1")))
    assert [drive.serial for drive in drives_inside(device)] == ["A1"]


def test_a_drive_seen_in_another_device_moves(context):
    one, other = evidence.arrive(count=2)
    evidence.read(one, lshw(Disk(), serial="ONE1"))
    evidence.read(other, lshw(Disk(), serial="OTHER2"))
    assert drives_inside(one) == []
    assert [drive.serial for drive in drives_inside(other)] == ["CHV0001"]
    assert events_of(one)[0].move == "drive_moved_out"
    assert [shown.until is None for shown in drives_shown(one)] == [False]


def test_a_drive_of_a_device_that_is_ready_does_not_move(context):
    one, other = evidence.arrive(count=2)
    evidence.bring_to_tests(one, Disk())
    evidence.fire(one, "pass_tests")
    with pytest.raises(DriveElsewhere) as refusal:
        evidence.read(other, lshw(Disk(), serial="OTHER2"))
    assert refusal.value.facts == {"serial": "CHV0001", "code": spell(one.code)}
    assert (other.serial, count(HardwareReport)) == (None, 1)


def test_a_destroyed_drive_is_not_found_again(device):
    evidence.read(device, lshw(Disk()))
    proofs.destroyed(drives_inside(device)[0])
    with pytest.raises(DriveDestroyed):
        evidence.read(device, smartctl(Disk()))


def test_finding_a_drive_takes_back_that_there_is_none(device):
    with unit_of_work():
        device.without_drive_since = device.received_at
    evidence.read(device, lshw(Disk()))
    assert device.without_drive_since is None


def test_a_machine_without_drive_is_a_good_report(device):
    reading = evidence.read(device, lshw())
    assert (reading.drives, device.model) == (0, "Marais 14")


def test_a_serial_of_another_device_is_refused_and_nothing_is_kept(context):
    one, other = evidence.arrive(count=2)
    evidence.read(one, lshw(Disk()))
    with pytest.raises(SerialTaken) as refusal:
        evidence.read(other, lshw(Disk("B2")))
    assert refusal.value.facts["code"] == spell(one.code)
    assert (other.manufacturer, count(HardwareReport), count(Drive)) == (None, 1, 1)


def test_the_report_of_another_machine_is_refused(device):
    evidence.read(device, lshw(Disk()))
    with pytest.raises(OtherMachine):
        evidence.read(device, lshw(Disk("B2"), serial="VI14K99999"))
    assert device.serial == "VI14K00731"


def test_the_reports_of_two_machines_at_once_are_refused(device):
    with pytest.raises(OtherMachine):
        evidence.read(device, lshw(Disk()), lshw(Disk("B2"), serial="VI14K99999"))
    assert count(HardwareReport) == 0


def test_past_the_gate_nothing_is_read(device):
    evidence.bring_to_tests(device, Disk())
    evidence.fire(device, "pass_tests")
    with pytest.raises(PastTheGate):
        evidence.read(device, smartctl(Disk()))
    evidence.fire(device, "back_to_bench", reason="écran rayé")
    assert evidence.read(device, smartctl(Disk())).drives == 1


def test_what_is_waste_is_not_read(device):
    evidence.fire(device, "discard", reason="carte mère grillée")
    with pytest.raises(NotOnBench):
        evidence.read(device, lshw(Disk()))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "report.empty"),
        (lshw(Disk())[:-40], "report.truncated"),
        (b"%PDF-1.7\n%\xe2\xe3", "report.is_pdf"),
        (b"\x89PNG\r\n\x1a\n", "report.is_binary"),
        (b"[2026/04/01 10:00:00]    info: nwipe 0.42\n", "report.other_tool"),
        (b"Bonjour, voici le rapport.", "report.not_this_tool"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(device, content, code):
    with pytest.raises(Invalid) as invalid:
        evidence.read(device, content)
    assert codes(invalid) == [code]
    assert count(HardwareReport) == 0


def test_one_bad_file_among_good_ones_keeps_them_all_out(device):
    with pytest.raises(Invalid) as invalid:
        evidence.read(device, lshw(Disk()), b"")
    [fault] = invalid.value.fields["files"]
    assert (fault.facts["filename"], fault.facts["fault"].code) == ("banc-1.json", "report.empty")
    assert (device.model, count(HardwareReport), count(Drive)) == (None, 0, 0)


def test_latin_1_text_is_read(device):
    content = lshw(Disk()).replace(b"Marais 14", b"Mar\xe9e 14")
    evidence.read(device, content)
    assert device.model == "Marée 14"


@pytest.mark.parametrize("door", ["page", "json", "agent"])
def test_the_files_are_read_before_anybody_waits_for_the_turn_to_write(app, signed_in, monkeypatch, door):
    with app.app_context():
        code = evidence.arrive()[0].code
    within = []

    def watched(*told):
        within.append(writing.get())
        return read_hardware(*told)

    monkeypatch.setattr(reports, "read_hardware", watched)
    client = signed_in(Role.TECHNICIAN)
    headers, content = {"X-CSRFToken": client.token()}, lshw(Disk())
    if door == "page":
        answer = client.submit(f"/appareils/{code}/rapports/deposer", {"files": (BytesIO(content), "lshw.json")})
    elif door == "json":
        answer = client.post(f"/api/v1/devices/{code}/hardware-reports", data=content, headers=headers)
    else:
        told = {"code": code, "files": (BytesIO(content), "lshw.json")}
        answer = client.post("/api/v1/agent/hardware", data=told, headers=headers)
    assert answer.status_code in {201, 303}
    assert within == [False]


def test_a_desk_agent_reads_no_hardware(device):
    with pytest.raises(Forbidden), unit_of_work():
        read_hardware_reports(people.actor(Role.DESK), device, [Upload("a.json", lshw(Disk()))])


def test_a_real_laptop_is_filled_in(device, fixtures):
    evidence.read(device, (fixtures / "lshw" / "e5530.lshw.json").read_bytes())
    assert (device.manufacturer, device.serial) == ("Dell", "D8FTRY1")
    assert device.model.startswith("Latitude E5530")
    assert device.ram_mb == 8192
    [drive] = drives_inside(device)
    assert (drive.serial, drive.manufacturer) == ("TF755AWHKL0LHM", "HGST")
    assert db.session.scalars(select(Device.search).where(Device.id == device.id)).one().count("d8ftry1") == 1


def test_the_addresses_of_its_network_cards_are_remembered_once(device):
    evidence.read(device, sample("laptop.lshw.json"))
    evidence.read(device, sample("laptop.lshw.json") + b"\n")
    assert list(db.session.scalars(select(DeviceMac.mac).where(DeviceMac.device_id == device.id)))
    assert count(DeviceMac) == len(set(db.session.scalars(select(DeviceMac.mac))))
