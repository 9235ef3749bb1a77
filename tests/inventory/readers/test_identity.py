"""Which words name a machine."""

import pytest

from refurb.inventory.readers import identity

FORGOTTEN = (
    """
To be filled by O.E.M.|To Be Filled By O.E.M.|System Serial Number|System manufacturer|System Product Name|System Version
Default string|Not Specified|None|NONE|N/A|NA|0|0000000|XXXXXXX|SN 123456789ABC|123456789|1.0|Type1 - Board|OEM|INVALID
-||  |.......|FFFFFFFF|01234567|SerNum00|Manufacturer1|Array1_PartNumber1|[Empty]|???
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parametrize("value", FORGOTTEN)
def test_what_factories_forget_is_no_name(value):
    assert identity.is_placeholder(value)
    assert identity.real(f" {value} ") is None


@pytest.mark.parametrize("value", ["D8FTRY1", "WD-WCARW0244414", "192267801547", "1001PXD", "OptiPlex 3020", "ZZ9", "HP"])
def test_what_names_a_machine_is_kept(value):
    assert identity.real(f"{value}   \x00") == value


@pytest.mark.parametrize("value", ["All Series", "HuronRiver Platform", "Calpella_CRB", "Standard PC (i440FX + PIIX, 1996)"])
def test_a_range_of_boards_is_no_model(value):
    assert identity.real_model(value) is None


@pytest.mark.parametrize("value", [None, 5, [], {}, b"x"])
def test_what_is_no_text_is_nothing(value):
    assert identity.clean(value) is None


def test_padding_and_control_characters_go():
    assert identity.clean("0679  \x00 \x07 12\n") == "0679 12"


@pytest.mark.parametrize(
    "value", ["00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "03000200-0400-0500-0006-000700080009", "x"]
)
def test_a_filler_is_no_uuid(value):
    assert identity.real_uuid(value) is None


@pytest.mark.parametrize("value", ["00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "00:11:22:33:44", "00:11:22:33:44:55:66:77"])
def test_what_is_no_address_is_none(value):
    assert identity.mac(value) is None


@pytest.mark.parametrize(
    "names,maker",
    [
        (("WDC WD10ZZZX",), "Western Digital"),
        (("ST500DM002",), "Seagate"),
        ((None, "ATA", "Samsung SSD 860"), "Samsung"),
        (("POITOU",), None),
    ],
)
def test_a_drive_tells_its_maker_by_its_model(names, maker):
    assert identity.drive_maker(*names) == maker
