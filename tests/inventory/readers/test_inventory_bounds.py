"""However hostile an inventory is, its reader answers at once: nothing in it grows with the square of the file."""

import time
from contextlib import suppress

import pytest

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable

SIZE = 3_000_000
HOSTILE = {
    "blocks of dmidecode": b"# dmidecode 3.4\n" + b"Memory Device\n\tSize: 8 GB\n" * 110_000,
    "one line of dmidecode": b"# dmidecode 3.4\nSystem Information\n\tSerial Number: " + b"a" * SIZE,
    "blanks after smartctl": b"smartctl 7.3 x\nDevice Model: X\n" + b" " * SIZE,
    "runs of smartctl": b"smartctl 7.3 x\n" * 200_000,
    "blocks of hwinfo": b"01: None\n  [Created at x]\n  Hardware Class: disk\n" * 60_000,
    "links of hwinfo": b'01: None\n  [Created at x]\n  Hardware Class: disk\n  Serial ID: "ab"\n  Device Files: '
    + b"/dev/disk/by-id/ata-" * 150_000,
    "keys of inxi": b"Machine:\n  Type: Laptop " + b"a: b " * 600_000,
    "newlines of inxi": b"Machine:" + b"\n" * SIZE,
    "continued lines": b"CsManufacturer : x\n" + b"   y\n" * 600_000,
    "disks of msinfo32": "[Résumé]\n\nFabricant\tx\n".encode() + b"Model\tx\nMedia Type\tx\nSize\t1 GB\n" * 90_000,
    "a line of systeminfo": "Fabricant du système: a\nModèle du système: b\nProcesseur: 1\nabc".encode() + b" " * SIZE,
    "instances of WMI": b"MediaType=4\nSize=9\nModel=x\n" * 110_000,
    "aliases of YAML": b"type: Snapshot\ncomponents: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]",
    "elements": b"<node id='a' class='system'>" + b"<node id='a' class='b'/>" * 120_000 + b"</node>",
    "deep elements": b"<node id='a' class='b'>" * 130_000,
    "ampersands": b"<node id='a' class='system'>" + b"&" * SIZE,
    "entities": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><node id='x' class='y'>&b;</node>",
    "rubbish after JSON": b'{"id":"a","class":"system"}\n' + b"[a\n" * 1_000_000,
    "prompts": b"$\n" * 1_500_000,
    "tabs": b"x" + b"\t" * SIZE,
    "blanks": b"x" + b" " * SIZE,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_inventory_takes_no_time(data):
    before = time.process_time()
    with suppress(Unreadable):
        read_hardware(data)
    assert time.process_time() - before < 2  # of the processor; a third of that when nothing else runs
