"""What a machine is worth: points, category, the smallest configuration, Windows 11; pure rules over the policy in force."""

import pytest

from refurb.inventory.targets.configuration import Configuration, Storage
from refurb.inventory.targets.firmware import Firmware, firmware_in
from refurb.inventory.targets.grade import grade_of
from refurb.inventory.targets.processors import processor_of
from refurb.inventory.targets.requirements import overall, smallest, windows_11
from refurb.inventory.targets.words import Category, FigureOf, Verdict
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.drives import Medium

GB = 10**9
MODERN = Firmware(uefi=True, secure_boot=True, tpm=2.0)


def machine(
    kind=DeviceKind.LAPTOP, cpu="Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", mark=None, ram=8192, drives=((Medium.SSD, 256),), **more
):
    return Configuration(kind, cpu, mark, ram, tuple(Storage(medium, size and size * GB) for medium, size in drives), **more)


def by_part(lines):
    return {each.part: each.verdict for each in lines}


def test_each_component_gets_its_points_and_the_sum_a_category():
    grade = grade_of(machine(mark=5_900))
    assert [(each.part, each.measure, each.points) for each in grade.components] == [
        (FigureOf.CPU, 5_900, 3), (FigureOf.RAM, 8, 3), (FigureOf.STORAGE, 256, 3),
    ]  # fmt: skip
    assert (grade.total, grade.category) == (9, Category.A)


@pytest.mark.parametrize(
    ("mark", "ram_gb", "drive", "total", "category"),
    [
        (1_199, 16, (Medium.NVME, 512), 0, Category.UNSELLABLE),
        (6_000, 3, (Medium.SSD, 512), 0, Category.UNSELLABLE),
        (1_200, 4, (Medium.HDD, 160), 3, Category.HC),
        (2_500, 4, (Medium.HDD, 160), 4, Category.C),
        (2_500, 6, (Medium.HDD, 256), 6, Category.B),
        (4_000, 8, (Medium.HDD, 500), 8, Category.A),
        (4_000, 16, (Medium.NVME, 256), 11, Category.PREMIUM),
    ],
)
def test_the_published_thresholds(mark, ram_gb, drive, total, category):
    grade = grade_of(machine(mark=mark, ram=ram_gb * 1024, drives=(drive,)))
    assert (grade.total, grade.category) == (total, category)


def test_a_weak_processor_keeps_the_category_down():
    with_ssd = grade_of(machine(mark=2_000, ram=32_768, drives=((Medium.NVME, 512),)))
    assert (with_ssd.total, with_ssd.category, with_ssd.capped) == (9, Category.B, True)
    with_hdd = grade_of(machine(mark=2_000, ram=32_768, drives=((Medium.HDD, 1000),)))
    assert (with_hdd.total, with_hdd.category, with_hdd.capped) == (7, Category.C, True)


def test_drives_together_have_no_more_than_four_points():
    grade = grade_of(machine(mark=7_000, drives=((Medium.NVME, 512), (Medium.HDD, 1000))))
    assert grade.total == 4 + 3 + 4
    assert grade.drives_capped


@pytest.mark.parametrize("missing", [{"cpu": "QEMU Virtual CPU"}, {"ram": None}, {"drives": ()}, {"drives": ((Medium.UNKNOWN, 256),)}])
def test_no_category_while_a_component_is_unknown(missing):
    grade = grade_of(machine(**missing))
    assert (grade.total, grade.category) == (None, None)


def test_a_screen_has_no_grade():
    assert grade_of(machine(kind=DeviceKind.MONITOR)) is None


def test_what_misses_the_smallest_configuration_is_named():
    lines = by_part(smallest(machine(ram=4096, drives=((Medium.HDD, 500),), display='15.6", 1366x768', battery_percent=30)))
    assert {part for part, verdict in lines.items() if verdict is Verdict.NO} == {FigureOf.RAM, FigureOf.SOLID_STATE, FigureOf.BATTERY}
    assert lines[FigureOf.SCREEN] is Verdict.YES
    assert overall(smallest(machine(ram=4096))) is Verdict.NO


def test_what_no_report_tells_is_unknown_and_so_is_the_whole():
    lines = smallest(machine())
    assert by_part(lines)[FigureOf.BATTERY] is Verdict.UNKNOWN
    assert overall(lines) is Verdict.UNKNOWN
    assert overall(smallest(machine(display="1920x1080", battery_percent=80))) is Verdict.YES


def test_windows_11_runs_where_every_requirement_is_met():
    assert overall(windows_11(machine(firmware=MODERN))) is Verdict.YES


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"cpu": "Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz"}, FigureOf.CPU),
        ({"cpu": "AMD Ryzen 5 PRO 2500U w/ Radeon Vega Mobile Gfx"}, FigureOf.CPU),
        ({"ram": 2048}, FigureOf.RAM),
        ({"drives": ((Medium.EMMC, 32),)}, FigureOf.STORAGE),
        ({"firmware": Firmware(uefi=True, secure_boot=True, tpm=1.2)}, FigureOf.TPM),
        ({"firmware": Firmware(uefi=False, tpm=2.0)}, FigureOf.SECURE_BOOT),
    ],
)
def test_windows_11_does_not_run_where_one_is_missed(changes, part):
    lines = windows_11(machine(**({"firmware": MODERN} | changes)))
    assert by_part(lines)[part] is Verdict.NO
    assert overall(lines) is Verdict.NO


def test_windows_11_is_unknown_where_the_reports_cannot_tell():
    assert overall(windows_11(machine())) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("name", "year", "windows"),
    [
        ("Intel(R) Core(TM) i5 CPU M 520 @ 2.40GHz", 2010, Verdict.NO),
        ("Intel(R) Core(TM) i7-4600U CPU @ 2.10GHz", 2013, Verdict.NO),
        ("12th Gen Intel(R) Core(TM) i5-1235U", 2021, Verdict.YES),
        ("Intel(R) Core(TM) i5-1035G1 CPU @ 1.00GHz", 2019, Verdict.YES),
        ("Intel(R) Core(TM) i3-N305", 2023, Verdict.YES),
        ("Intel(R) Pentium(R) CPU N4200 @ 1.10GHz", 2009, Verdict.NO),
        ("Intel(R) Celeron(R) N4020 CPU @ 1.10GHz", 2017, Verdict.YES),
        ("AMD Ryzen 5 2600X Six-Core Processor", 2018, Verdict.YES),
        ("AMD Ryzen 7 PRO 4750U with Radeon Graphics", 2020, Verdict.YES),
        ("Intel(R) Xeon(R) CPU E3-1225 v5 @ 3.30GHz", 2009, Verdict.UNKNOWN),
        ("p1ml", None, Verdict.UNKNOWN),
    ],
)
def test_a_processor_is_known_by_its_name(name, year, windows):
    known = processor_of(name)
    assert (known.year, known.windows_11) == (year, windows)


def test_the_firmware_is_read_from_what_the_tools_print():
    dmidecode = (
        b"BIOS Information\n\tCharacteristics:\n\t\tUEFI is supported\n\nTPM Device\n\tVendor ID: IFX\n\tSpecification Version: 2.0\n"
    )
    windows = "Nom\tValeur\r\nMode BIOS\tUEFI\r\nSecure Boot State\tOn\r\n".encode("utf-16")
    assert firmware_in([dmidecode]) == Firmware(uefi=True, secure_boot=None, tpm=2.0)
    assert firmware_in([dmidecode, windows]) == MODERN
    assert firmware_in([b"BiosFirmwareType : Bios\n"]) == Firmware(uefi=False)
    assert firmware_in([b"BIOS Information\n\tVersion: 1.2\n"]) == Firmware()
