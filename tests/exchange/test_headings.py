"""What headings mean: those of Snipe-IT's exports and of GLPI's lists, whatever case, accents and order."""

import pytest

from refurb.exchange.declared import KINDS
from refurb.exchange.headings import meanings, program_of
from refurb.exchange.lending import BORROWER_HEADINGS, ITEM_HEADINGS
from refurb.exchange.organisations import HEADINGS
from refurb.spreadsheets.csv_text import read_text

# As Snipe-IT heads what it exports, a mark of byte order before the first.
SNIPE_IT_ASSETS = (
    "\ufeffCompany", "Name", "Asset Tag", "Category", "Supplier", "Manufacturer", "Location", "Order Number", "Model", "Model Notes",
    "Model Number", "Asset Notes", "Purchase Date", "Purchase Cost", "Checkout Type", "Checked Out To: Username", "Asset EOL Date",
)  # fmt: skip
SNIPE_IT_USERS = (
    "\ufeffFirst Name", "Last Name", "Email", "Username", "Activated", "Location", "Address", "City", "State", "Country", "Postal Code",
    "Website", "Phone", "Job Title", "Notes", "Employee Number", "Company", "Manager", "Remote", "VIP", "Start Date", "End Date",
    "Gravatar",
)  # fmt: skip
GLPI_USERS = ["Identifiant", "Nom de famille", "Prénom", "Adresses de messagerie", "Téléphone", "Entité", "Dernière modification"]
GLPI_THINGS = ["Nom", "Entité", "Statut", "Fabricant", "Numéro de série", "Type", "Modèle", "Numéro d'inventaire", "Dernière modification"]


def headings_of(names):
    return read_text(",".join(names).encode()).rows[0]


def test_snipe_it_is_known_by_its_headings():
    assets, users = headings_of(SNIPE_IT_ASSETS), headings_of(SNIPE_IT_USERS)
    assert program_of(assets) == "Snipe-IT"
    told = {name: assets[at] for name, at in meanings(ITEM_HEADINGS, assets).items()}
    assert told == {"name": "Name", "product": "Model", "tag": "Asset Tag"}
    told = {name: users[at] for name, at in meanings(BORROWER_HEADINGS, users).items()}
    assert told == {"first_name": "First Name", "last_name": "Last Name", "email": "Email", "phone": "Phone"}


def test_glpi_is_known_by_its_headings():
    assert program_of(GLPI_USERS) == program_of(GLPI_THINGS) == "GLPI"
    told = {name: GLPI_THINGS[at] for name, at in meanings(ITEM_HEADINGS, GLPI_THINGS).items()}
    assert told == {"name": "Nom", "product": "Modèle", "tag": "Numéro d'inventaire", "serial": "Numéro de série"}
    assert set(meanings(BORROWER_HEADINGS, GLPI_USERS)) == {"first_name", "last_name", "email", "phone"}


@pytest.mark.parametrize(
    "row", [["NOM DE LA STRUCTURE", "n° SIRET", "Ville", "Courriel (secrétariat)"], ["Raison sociale", "Siren", "Commune", "E-mail"]]
)
def test_case_accents_and_brackets_do_not_matter(row):
    assert list(meanings(HEADINGS, row)) == ["name", "numbers", "place", "contact_email"]
    assert program_of(row) is None


def test_each_kind_has_a_column_for_each_thing_it_reads():
    for row_kind in KINDS.values():
        assert set(row_kind.headings) == set(row_kind.schema().fields)
