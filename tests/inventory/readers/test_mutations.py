"""Cut, mixed and altered reports: facts or a refusal, never anything else."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import CODES, Unreadable
from refurb.inventory.readers.merge import merge
from tests.inventory.readers.reports import SAMPLES

REPORTS = sorted(path.read_bytes() for path in SAMPLES.iterdir())
PIECES = (b"|", b"{", b"}", b'"', b",", b"\x00", b"\xff", b"\n", b"/dev/sda", b"[2026/13/01 10:00:00]", b"[SUCCESS] ", b"-1", b"1e999")


def read_both(data):
    for read in (read_hardware, read_erasure):
        facts = code = None
        try:
            facts = read(data)
        except Unreadable as refused:
            code = refused.code
        if facts is None:
            assert code in CODES
        else:
            json.dumps(facts.to_json(), allow_nan=False)
            if read is read_hardware:
                merge([facts, facts])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(REPORTS), st.data())
def test_cut_anywhere(report, data):
    start = data.draw(st.integers(0, len(report)))
    read_both(report[start : data.draw(st.integers(start, len(report)))])


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(REPORTS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(PIECES) | st.binary(max_size=8)), max_size=12),
)
def test_altered_anywhere(report, changes):
    for place, length, piece in changes:
        at = int(place * len(report))
        report = report[:at] + piece + report[at + length :]
    read_both(report)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(REPORTS), max_size=3), st.binary(max_size=40))
def test_one_after_the_other(reports, between):
    read_both(between.join(reports))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(("id", "class", "children", "smartctl", "model_name", "serial", "size", "device")), inner)
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json(document):
    read_both(json.dumps(document).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data):
    read_both(data)
