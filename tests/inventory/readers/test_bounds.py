"""However hostile the file, a reader answers, and in little memory."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import re, time
from pathlib import Path
from refurb.inventory.readers import Unreadable, read_erasure, read_hardware
def mebibytes(name):
    # Of this program alone: getrusage would count what the parent held before it started us.
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
data = {source}
before_reading = mebibytes("VmRSS")
spent = []
for read in (read_hardware, read_erasure):
    before = time.process_time()
    try:
        read(data)
    except Unreadable:
        pass
    spent.append(time.process_time() - before)
print(max(spent), mebibytes("VmHWM") - before_reading)
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
    "escapes": "b'\\x1b[' * 2_000_000",
    "markup": "b'<list>' + b'<!--' * 1_000_000",
    "wide characters": "('\\U0001F600' * 1_000_000).encode('utf-16-le')",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_little(source):
    checkout = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(source=source)], check=False, cwd=checkout, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    seconds, mebibytes = map(float, done.stdout.split())
    assert seconds < 5  # of the processor; a tenth of that on a quiet machine: what is looked for is a hang
    assert mebibytes < 150  # beside the program and the file
