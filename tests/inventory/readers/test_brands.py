"""Makers and models as people say them."""

import pytest

from refurb.inventory.readers.brands import brand, model_name


@pytest.mark.parametrize(
    "maker,said",
    [
        ("Dell Inc.", "Dell"),
        ("LENOVO", "Lenovo"),
        ("Hewlett-Packard", "HP"),
        ("HP", "HP"),
        ("ASUSTeK COMPUTER INC.", "ASUS"),
        ("ASUS", "ASUS"),
        ("Acer", "Acer"),
        ("FUJITSU", "Fujitsu"),
        ("Micro-Star International Co., Ltd.", "MSI"),
        ("Samsung Electronics", "Samsung Electronics"),
        (None, None),
        ("", ""),
    ],
)
def test_a_maker_is_called_by_its_name(maker, said):
    assert brand(maker) == said


@pytest.mark.parametrize(
    "model,maker,said",
    [
        ("HP ProBook 450 G5", "HP", "ProBook 450 G5"),
        ("HP ProDesk 400", "Hewlett-Packard", "ProDesk 400"),
        ("ThinkPad L480", "LENOVO", "ThinkPad L480"),
        ("HPE Server", "HP", "HPE Server"),
        ("Latitude 5490", None, "Latitude 5490"),
        (None, "HP", None),
    ],
)
def test_a_model_does_not_say_its_maker_again(model, maker, said):
    assert model_name(model, maker) == said
