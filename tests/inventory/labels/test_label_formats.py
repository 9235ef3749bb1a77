"""Label formats: what the policy file says is proved before anything is printed."""

import pytest

from refurb.inventory.labels.formats import LABELS, label_formats
from refurb.kernel.deeds import policy
from refurb.kernel.deeds.policy import PolicyError


def changed(key, **fields):
    content = policy.read("labels").content
    return {key: {**content[key], **fields}}


def test_the_formats_of_the_policy_are_read_in_their_order():
    assert [(made.key, made.kind, made.cells) for made in label_formats().values()] == [
        ("a4-3x8", "sheet", 24),
        ("ruban-62", "roll", 1),
    ]


def test_cells_are_counted_by_rows_from_the_top_left():
    made = label_formats()["a4-3x8"]
    assert [made.corner(cell) for cell in (0, 2, 3, 23)] == [(0, 0.5), (140, 0.5), (0, 37.5), (140, 259.5)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "booklet"}, "kind: must be one of: sheet, roll"),
        ({"cell": [75, 37]}, "cell: cells reach 225 mm on a page of 210 mm"),
        ({"rows": 9}, "cells reach 333.5 mm"),
        ({"qr": 12}, "too fine"),
        ({"qr": 30}, "white margin do not fit"),
        ({"cell": [60, 37], "padding": 12}, "left for the words"),
        ({"columns": True}, "columns: must be a whole number from 1 to 50"),
        ({"columns": 2.5}, "whole number"),
        ({"qr": "20"}, "qr: must be a number"),
        ({"padding": 0}, "padding: must be a number"),
        ({"page": [210]}, "two numbers"),
        ({"gap": [-1, 0]}, r"gap\[1\]: must be a number from 0 to 500"),
        ({"name": " "}, "name: must be a text"),
        ({"colour": "red"}, "colour: there is no such key"),
    ],
)
def test_a_format_that_cannot_be_printed_is_refused(fields, reason):
    with pytest.raises(PolicyError, match=reason):
        LABELS.read(changed("a4-3x8", **fields))


def test_a_missing_size_is_refused():
    content = changed("ruban-62")
    del content["ruban-62"]["qr"]
    with pytest.raises(PolicyError, match=r"labels\.toml: ruban-62\.qr: is missing"):
        LABELS.read(content)


def test_a_file_without_a_format_is_refused():
    with pytest.raises(PolicyError, match="must hold 1 at least"):
        LABELS.read({})
