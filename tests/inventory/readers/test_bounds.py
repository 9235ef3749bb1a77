"""However hostile the file, a reader answers, and in little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# One program loads the readers; each file is read in a child of its own, whose memory is then its own.
PROGRAM = """
import json, os, re, sys, time, zlib
from pathlib import Path
from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import Unreadable

def mebibytes(name):
    # Of this program alone: getrusage would count what the parent held before it started us.
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

def measure(source):
    data = eval(source)
    before_reading = mebibytes("VmRSS")
    spent = []
    for read in (read_hardware, read_erasure):
        before = time.process_time()
        try:
            read(data)
        except Unreadable:
            pass
        spent.append(time.process_time() - before)
    return max(spent), mebibytes("VmHWM") - before_reading

for name, source in json.load(sys.stdin).items():
    child = os.fork()
    if child == 0:
        print(json.dumps([name, *measure(source)]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
HEAD = "[2026/01/01 00:00:00]  notice: Invoking method 'Z' on /dev/sda\\n"
HOSTILE = {
    "20 MB of nothing": "b'a' * 20_000_000",
    "empty lists": "b'[' + b'[],' * 1_390_000 + b'[]]'",
    "empty objects": "b'[' + b'{},' * 29_000 + b'1,' * 2_000_000 + b'1]'",
    "deep lists": "b'[' * 4_000_000",
    "deep objects": "b'{\"a\":' * 800_000",
    "many documents": "b'{}' * 2_000_000",
    "many disks": 'b\'[\' + b\'{"id":"disk","class":"disk","serial":"S12%d","size":9},\' * 29_000 + b\'{"id":"a","class":"b"}]\'',
    "children without key": 'b\'{"id":"a","class":"b"\' + b\'{},\' * 29_000 + b\'}\' * 9',
    "pieces to mend": "b'[' + b'\"\",' * 87_000 + b';'",
    "one long number": "b'[' + b'1' * 4_000_000",
    "quotes": "b'[\"' + b'\\\\\\\\\\\"' * 1_000_000",
    "log of pipes": f'("{HEAD}" + ("|" * 270 + "\\n") * 14_900).encode()',
    "log of rows": f'("{HEAD}" + "sda | Erased | a | b | c\\n" * 14_900).encode()',
    "log of devices": "b''.join(b\"[2026/01/01 00:00:00] Invoking method 'Z' on /dev/s%06d\\n\" % i for i in range(14_900))",
    "log of runs": f'(("[2026/01/01 00:00:00] Found /dev/sda, A, B, 1 GB, S/N=1\\n" + "{HEAD}") * 7_400).encode()',
    "log of commas": f'("{HEAD}" + ("[2026/01/01 00:00:00] Total Throughput " + "," * 900 + "\\n") * 4_000).encode()',
    "log of newlines": f'("{HEAD}" + "\\n" * 4_000_000).encode()',
    "certificate that swells": "b'%PDF-1.4\\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\\n2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj\\n'"
    " + b'3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\\n4 0 obj<</Filter/FlateDecode>>stream\\n'"
    " + zlib.compress(b'BT (a) Tj ET ' * 5_000_000) + b'\\nendstream endobj\\ntrailer<</Root 1 0 R>>\\n%%EOF'",
    "certificate of braces": "b'%PDF-1.4\\n' + b'1 0 obj<<' * 400_000",
    "sanitize logs": "b'Sanitize Status (SSTAT) : 0x1\\n' * 120_000",
    "sanitize logs in JSON": "b'Sanitize Status (SSTAT) : 0x1\\n' + b'{\\n' * 1_000_000",
    "drives of hdparm": "b'Issuing SECURITY_ERASE command\\n' + b''.join(b'/dev/s%05d:\\nnot enabled\\n' % i for i in range(9_900))",
    "entries of Blancco": "b'<blancco>' + b'<entries name=\"erasure\"><entry name=\"state\">No</entry></entries>' * 49_000 + b'</blancco>'",
    "deep Blancco": "b'<blancco>' * 400_000",
    "YAML of lists": "b'type: Snapshot\\ncomponents: ' + b'[' * 900_000",
    "YAML of keys": "b'type: Snapshot\\ncomponents:\\n' + b'- a: [1, 2]\\n' * 70_000",
    "escapes": "b'\\x1b[' * 2_000_000",
    "markup": "b'<list>' + b'<!--' * 1_000_000",
    "wide characters": "('\\U0001F600' * 1_000_000).encode('utf-16-le')",
}


@pytest.fixture(scope="module")
def costs() -> dict[str, tuple[float, float]]:
    """Seconds of the processor and MiB that each file took; one whose reading died is missing."""
    checkout = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, cwd=checkout, input=json.dumps(HOSTILE), capture_output=True, text=True, timeout=300
    )
    return {name: (seconds, size) for name, seconds, size in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little(costs, name):
    seconds, mebibytes = costs[name]

    assert seconds < 5  # of the processor; a tenth of that on a quiet machine: what is looked for is a hang
    assert mebibytes < 150  # beside the program and the file
