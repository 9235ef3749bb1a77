"""The same serial number: each meaning by its name, and how far it reaches."""

import pytest

from refurb.inventory.readers.serials import kept_drive_serial, may_be_one_drive, misreadings_folded, plain_serial, spellings_of


@pytest.mark.parametrize("spelling", ["vs 0001", "VS0001", " Vs00 01\t", "vs\u00a00001"])
def test_two_spellings_of_one_number_are_plainly_the_same(spelling):
    assert plain_serial(spelling) == "VS0001"
    assert kept_drive_serial(spelling) == "VS0001"


def test_a_dash_or_a_letter_that_eyes_mistake_makes_another_number_until_it_is_folded():
    assert plain_serial("VS-0O01") != plain_serial("VS0001")
    assert misreadings_folded("VS-0O01") == misreadings_folded("vs0001")
    assert misreadings_folded("WD-WCC4E1ABCDEF") == misreadings_folded("WCC4EIABCDEF")


def test_a_drive_without_a_number_has_none():
    assert (plain_serial(None), kept_drive_serial(None), kept_drive_serial(" ")) == ("", None, None)
    assert not may_be_one_drive("", "VS0001")


def test_a_number_longer_than_its_column_is_cut():
    assert len(kept_drive_serial("9" * 500)) == 120


def test_a_look_up_meets_a_number_however_it_was_kept():
    for kept in ("PF-1 a", "PF-1 A", "pf-1 a", "PF-1A", "pf-1a"):
        assert kept in spellings_of("PF-1 a")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("S3Z9NX0K8", "s3z9 nxok8", True), ("S3Z9NX0K812345", "S3Z9NX0K", True), ("S3Z9NX0K812345", "S3Z9NX0", False), ("A1", "A2", False)],
)
def test_two_readings_agree_up_to_a_tail_that_was_cut(one, other, same):
    assert may_be_one_drive(one, other) is same
    assert may_be_one_drive(other, one) is same
