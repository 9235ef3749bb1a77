"""Files that are not what was asked for: each is refused with its own code."""

import json

import pytest

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import Unreadable
from tests.inventory.readers.reports import sample

LSHW = sample("laptop.lshw.json")
LOG = sample("zeros-0.42.nwipe.log")

HARDWARE = {
    "empty": (b"", "report.empty"),
    "blank": (b" \r\n\t\x00", "report.empty"),
    "mark alone": (b"\xff\xfe", "report.empty"),
    "pdf": (b"\n%PDF-1.7 ...", "report.is_pdf"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(90), "report.is_binary"),
    "spreadsheet": (b"PK\x03\x04" + bytes(range(256)), "report.is_binary"),
    "noise": (bytes(range(256)) * 9, "report.is_binary"),
    "huge": (b"{" * 5_000_000, "report.too_large"),
    "cut": (LSHW[: len(LSHW) // 2], "report.truncated"),
    "cut in a word": (LSHW[:40], "report.truncated"),
    "broken": (LSHW.replace(b'"class" :', b'"class" ;'), "report.damaged"),
    "deep": (b"[" * 100_000, "report.damaged"),
    "prose": (b"Bonjour, voici l'ordinateur.", "report.not_this_tool"),
    "list": (b"[1, 2, 3]", "report.not_this_tool"),
    "other json": (b'{"a": 1}', "report.not_this_tool"),
    "nwipe": (LOG, "report.other_tool"),
    "no table": (b"# dmidecode 3.4\nScanning /dev/mem for entry point.\n/dev/mem: Permission denied\n", "report.no_machine"),
    "doctype": (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><node id='x' class='system'>&b;</node>", "report.damaged"),
    "cut xml": (b"<node id='x' class='system'><description>Note", "report.truncated"),
    "screen": (b'{"type": "Snapshot", "device": {"type": "ComputerMonitor"}, "components": []}', "report.not_a_computer"),
    "not administrator": (b"CsManufacturer : \nCsModel : \nBiosSeralNumber : \n", "report.no_machine"),
    "lspci": (b"00:00.0 Host bridge: Intel Corporation\n", "report.other_tool"),
    "printer": (b'{"deviceid": "x", "itemtype": "Printer", "content": {}}', "report.not_a_computer"),
    "network": (b'{"action": "netdiscovery", "deviceid": "x", "content": {}}', "report.not_a_computer"),
    "network xml": (b"<?xml version='1.0'?><REQUEST><QUERY>NETDISCOVERY</QUERY></REQUEST>", "report.not_a_computer"),
    "inventory": (b'{"deviceid": "x", "content": {}}', "report.no_machine"),
    "snapshot": (b'{"type": "Snapshot", "components": []}', "report.no_machine"),
}

ERASURE = {
    "empty": (b"", "report.empty"),
    "pdf": (b"%PDF-1.7 ...", "report.damaged"),
    "inventory": (LSHW, "report.other_tool"),
    "smart": (sample("drives.smartctl.json"), "report.other_tool"),
    "prose": (b"efface", "report.not_this_tool"),
    "endless": (LOG + b"[2026/04/01 10:00:00]  notice: x\n" * 40_000, "report.too_long"),
}


def refusal(read, data):
    with pytest.raises(Unreadable) as refused:
        read(data)
    return refused.value


@pytest.mark.parametrize("data,code", HARDWARE.values(), ids=HARDWARE)
def test_not_an_inventory(data, code):
    assert refusal(read_hardware, data).code == code


@pytest.mark.parametrize("data,code", ERASURE.values(), ids=ERASURE)
def test_not_an_erasure_report(data, code):
    assert refusal(read_erasure, data).code == code


def test_the_refusal_names_the_tool_that_wrote_the_file():
    assert refusal(read_hardware, LOG).facts == {"tool": "nwipe"}
    assert refusal(read_erasure, LSHW).facts == {"tool": "lshw"}


def test_the_name_of_the_file_decides_nothing():
    assert read_hardware(LSHW, "rapport.pdf").serial == read_hardware(LSHW, None).serial


def test_two_tools_in_one_file_are_read_together():
    facts = read_hardware(LSHW + json.dumps({"smartctl": {}, "model_name": "X", "serial_number": "PF256A0001"}).encode())
    assert facts.tool == "lshw + smartctl"
