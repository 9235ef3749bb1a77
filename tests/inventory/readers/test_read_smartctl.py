"""Reading `smartctl --json`: identity, medium and health of drives."""

import json

import pytest

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable
from tests.inventory.readers.reports import sample

ATA = json.loads(sample("drives.smartctl.json"))[1]
NVME = json.loads(sample("drives.smartctl.json"))[0]


def drive(base, **changes):
    return read_hardware(json.dumps({**base, **changes}).encode()).drives[0]


def attribute(number, name, raw, failed=""):
    return {
        "ata_smart_attributes": {"table": [{"id": number, "name": name, "when_failed": failed, "raw": {"value": raw, "string": str(raw)}}]}
    }


def exit_status(value):
    return {"smartctl": {"version": [7, 3], "exit_status": value}}


def test_a_list_gives_each_drive_that_answered():
    facts = read_hardware(sample("drives.smartctl.json"))

    assert (facts.tool, facts.tool_version, facts.serial) == ("smartctl", "7.3", None)
    assert [(each.serial, each.medium, each.interface, each.health, each.power_on_hours) for each in facts.drives] == [
        ("PF256A0001", "nvme", "nvme", "good", 812),
        ("WD-WX00A0000001", "hdd", "sata", "good", 15011),
        ("ZZDOCK0001", "hdd", "usb", "failing", None),
    ]
    assert [each.code for each in facts.warnings] == [
        "drive.failed_in_past",
        "drive.hours_unreliable",
        "drive.unreadable",
    ]


def test_one_report_after_the_other_in_one_file_is_read():
    first, second = json.dumps(ATA).encode(), json.dumps(NVME, indent=1).encode()

    assert len(read_hardware(first + b"\n" + second + b"\n").drives) == 2


def test_a_solid_state_drive_does_not_turn():
    assert drive(ATA, rotation_rate=0).medium == "ssd"


def test_a_drive_that_does_not_say_is_not_guessed():
    assert drive({name: value for name, value in ATA.items() if name != "rotation_rate"}).medium == "unknown"


@pytest.mark.parametrize(
    "changes,health",
    [
        (attribute(5, "Reallocated_Sector_Ct", 1), "watch"),
        (attribute(197, "Current_Pending_Sector", 67), "watch"),
        (attribute(198, "Offline_Uncorrectable", 1), "watch"),
        (attribute(198, "Host_Writes_GiB", 4000), "good"),
        (attribute(5, "Reallocated_Sector_Ct", 1975, "now"), "failing"),
        (attribute(190, "Airflow_Temperature_Cel", 60, "past"), "good"),
        (attribute(10, "Spin_Retry_Count", 0, "past"), "watch"),
        ({"smart_status": {"passed": False}}, "failing"),
        ({"smart_status": {}}, "unknown"),
        (exit_status(64), "good"),
        (exit_status(32), "good"),
        (exit_status(128), "watch"),
        (exit_status(16), "failing"),
        (exit_status(8), "failing"),
        (exit_status(4), "good"),
        ({"scsi_grown_defect_list": 3}, "watch"),
        ({"scsi_error_counter_log": {"write": {"total_uncorrected_errors": 1}}}, "watch"),
    ],
)
def test_health_of_a_disk(changes, health):
    assert drive(ATA, **changes).health == health


@pytest.mark.parametrize(
    "log,health",
    [
        ({"critical_warning": 1}, "failing"),
        ({"critical_warning": 2}, "watch"),
        ({"critical_warning": 4}, "failing"),
        ({"media_errors": 1}, "watch"),
        ({"percentage_used": 100}, "watch"),
        ({"available_spare": 4, "available_spare_threshold": 5}, "failing"),
        ({}, "good"),
    ],
)
def test_health_of_an_nvme_drive(log, health):
    assert drive(NVME, nvme_smart_health_information_log=log).health == health


def test_a_raid_volume_has_no_health_and_no_serial():
    facts = read_hardware(
        json.dumps(
            {
                "smartctl": {"exit_status": 4},
                "device": {"protocol": "SCSI"},
                "vendor": "Poitou",
                "product": "Raid 1 Volume",
                "serial_number": "Volume1",
                "smart_status": {"passed": True},
                "user_capacity": {"bytes": 1000},
            }
        ).encode()
    )

    assert (facts.drives[0].health, facts.drives[0].serial) == ("unknown", None)
    assert facts.warnings[0].code == "drive.virtual"


def test_a_sas_drive_is_named_by_vendor_and_product():
    found = drive(
        {
            "smartctl": {"exit_status": 0},
            "device": {"protocol": "SCSI"},
            "scsi_vendor": "SEAGATE",
            "scsi_product": "ST12Z",
            "serial_number": "Z4ZZ",
            "rotation_rate": 10500,
            "scsi_transport_protocol": {"name": "SAS (SPL-4)"},
        }
    )

    assert (found.manufacturer, found.model, found.medium, found.interface) == (
        "Seagate",
        "SEAGATE ST12Z",
        "hdd",
        "sas",
    )


@pytest.mark.parametrize("value", [None, 3, -1, 1e999, "x", [], {}, [[]], 10**400], ids=lambda value: repr(value)[:20])
def test_any_type_in_any_place_is_survived(value):
    for name in ATA.keys() - {"smartctl", "model_name"}:
        assert drive(ATA, **{name: value}).model == ATA["model_name"]
    for name in NVME["nvme_smart_health_information_log"]:
        assert drive(NVME, nvme_smart_health_information_log={name: value})
    assert drive(ATA, ata_smart_attributes={"table": [value, {"id": value}, {"id": 5, "raw": value}]})


def test_a_file_in_which_no_drive_answered_is_refused():
    with pytest.raises(Unreadable) as refused:
        read_hardware(json.dumps(json.loads(sample("drives.smartctl.json"))[3]).encode())
    assert refused.value.code == "report.no_drive"
