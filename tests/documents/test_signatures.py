"""A drawn signature as the page sends it: a picture with ink on it, and nothing else."""

import base64
import struct
import zlib

import pytest

from refurb.documents.signatures import read_drawing
from refurb.kernel.web.fields import Wrong
from tests.support.story.families import drawing


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def test_a_drawing_is_read():
    assert read_drawing(drawing()).startswith(b"\x89PNG")


def test_a_few_bytes_that_claim_to_be_an_enormous_picture_are_refused():
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"")) + _chunk(b"IEND", b"")
    with pytest.raises(Wrong):
        read_drawing("data:image/png;base64," + base64.b64encode(picture).decode())
