"""`refurb hardware read`: facts on the standard output, or one line and exit 2."""

import json

from click.testing import CliRunner

from refurb.inventory.readers.cli import hardware
from tests.inventory.readers.reports import SAMPLES

KEYS = [
    "tool",
    "manufacturer",
    "model",
    "serial",
    "uuid",
    "chassis",
    "cpu",
    "ram_mb",
    "ram_modules",
    "drives",
    "gpu",
    "display",
    "battery",
    "macs",
    "warnings",
]


def run(*arguments):
    return CliRunner().invoke(hardware, ["read", *map(str, arguments)])


def test_several_files_become_one_object_with_the_keys_that_were_promised():
    done = run(SAMPLES / "laptop.lshw.json", SAMPLES / "drives.smartctl.json", "--json")
    told = json.loads(done.stdout)

    assert (done.exit_code, list(told)) == (0, KEYS)
    assert list(told["drives"][0]) == ["manufacturer", "model", "serial", "size_bytes", "medium", "interface", "health", "power_on_hours"]


def test_without_json_a_person_can_read_it():
    assert "N° de série : VI14K00731" in run(SAMPLES / "laptop.dmidecode.txt").stdout


def test_what_cannot_be_read_is_one_line_and_exit_2(tmp_path):
    empty = tmp_path / "vide.json"
    empty.write_bytes(b"")
    for path in (empty, tmp_path / "absent.json", tmp_path):
        done = run(path, "--json")
        assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
