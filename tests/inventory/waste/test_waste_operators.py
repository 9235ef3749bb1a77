"""An operator that the directory knows is suggested, and told whole where only its name was typed."""

from refurb.directory.actions import add_organisation
from refurb.inventory.waste.actions import open_batch
from refurb.inventory.waste.queries import recyclers
from refurb.inventory.waste.words import WasteCode
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import workshop


def opened(operator, **told):
    with unit_of_work():
        return open_batch(workshop.coordinator(), waste_code=WasteCode.HAZARDOUS, operator=operator, **told)


def test_a_known_operator_brings_its_number_and_address(context):
    with unit_of_work():
        add_organisation(SERVICE, name="Écotri", is_recycler=True, siret="73282932000074", postcode="86000", place="Poitiers")
    assert recyclers() == [("Écotri", "73282932000074")]
    batch = opened("ecotri")
    assert (batch.operator_siret, batch.operator_address) == ("73282932000074", "86000 Poitiers")
    assert opened("Écotri", operator_address="Autre quai").operator_address == "Autre quai"


def test_another_operator_is_told_as_it_was_typed(context):
    batch = opened("Inconnu")
    assert (batch.operator, batch.operator_siret) == ("Inconnu", None)
