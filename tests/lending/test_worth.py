"""A value that nobody entered is not nothing: it is not known, and said so on pages and papers."""

import pytest

from refurb.documents.signing import signing_for
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.items.actions import add_item
from refurb.lending.worth import worth
from tests.support.story import desk, people


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], "non estimée"),
        ([(None, 1)], "non estimée"),
        ([(0, 1)], "0,00 €"),
        ([(1900, 2)], "38,00 €"),
        ([(1900, 2), (None, 1)], "38,00 €, sans ce qui n'est pas estimé"),
        ([(1900, 2), (None, 0)], "38,00 €"),
    ],
)
def test_what_is_not_known_is_said(context, parts, said):
    assert worth(parts).replace("\u202f", " ").replace("’", "'") == said


def test_an_agreement_promises_neither_a_value_nor_a_renewal(context):
    product = desk.product("Malle", "kit")
    with unit_of_work():
        kit = add_item(people.actor(Role.DESK), product_id=product.id, name="Malle n° 1", components=[{"name": "Robot", "quantity": 4}])
    text = str(signing_for(desk.lent(kit)).content)
    assert "non estimée" in text
    assert "0,00" not in text
    assert "prolongé" not in text
