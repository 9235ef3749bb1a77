"""Machines that stand here already, from a table: one donation for each donor and day, nothing doubled, nothing taken for proven."""

import pytest
from sqlalchemy import func, select

from refurb.directory.models import Organisation
from refurb.exchange.headings import program_of
from refurb.exchange.words import ExchangeFate, ExchangeKind
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.inventory.words.donations import DonationState, LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.exchange.test_exchange import REAL, brought, fates, file_of, sent
from tests.support.story import people, workshop

CHOICES = {
    "donor": "Mairie de Poitiers", "legal_origin": "propre_parc_reforme", "received_on": "2026-03-02", "kind": "other", "site_id": None,
}  # fmt: skip
GLPI = """"Nom";"Entité";"Statut";"Fabricant";"Numéro de série";"Type";"Modèle";"Numéro d'inventaire";"Dernière modification"
"PC-01";"Racine > Mairie";"En service";"Dell";"VS0001";"Portable";"Latitude 5490";"MP-0101";"2026-03-02 10:12"
"PC-02";"Racine > Mairie";"Effacé";"Dell";"VS0002";"";"OptiPlex 3060";"MP-0102";"2026-03-02 10:13"
"EC-03";"Racine > Mairie";"";"Iiyama";"";"Écran";"ProLite";"";"2026-03-02 10:14"
"EC-04";"Racine > Mairie";"";"Iiyama";"";"Écran";"ProLite";"";"2026-03-02 10:14"
"??";"Racine > Mairie";"";"";"To be filled by O.E.M.";"Portable";"";"";""
"""


def import_once(text, **choices):
    return brought(sent(text, ExchangeKind.DEVICES), **(CHOICES | choices)).outcome


def test_a_list_of_glpi_becomes_one_received_donation_once(context):
    assert program_of(GLPI.splitlines()[0].replace('"', "").split(";")) == "GLPI"
    assert import_once(GLPI) == {"create": 3, "complete": 0, "known": 0, "leave": 2}
    donation = db.session.scalars(select(Donation)).one()
    assert (donation.state, donation.legal_origin, donation.received_on.isoformat()) == (
        DonationState.RECEIVED, LegalOrigin.OWN_STOCK, "2026-03-02",
    )  # fmt: skip
    assert db.session.get(Organisation, donation.donor_id).name == "Mairie de Poitiers"
    assert {line.kind: (line.announced, line.received) for line in donation.lines} == {
        DeviceKind.LAPTOP: (1, 1), DeviceKind.DESKTOP: (1, 1), DeviceKind.MONITOR: (1, 1),
    }  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(Effect).where(Effect.kind == "tell_donor")) == 0, "nobody is written to"
    with_another = GLPI.replace("VS0002", "VS0009").replace("MP-0102", "MP-0109")
    assert import_once(with_another) == {"create": 1, "complete": 0, "known": 2, "leave": 2}
    assert db.session.scalar(select(func.count()).select_from(Donation)) == 1, "the same donor and day are the same donation"
    assert fates(sent(GLPI, ExchangeKind.DEVICES)) == [ExchangeFate.KNOWN] * 3 + [ExchangeFate.LEAVE] * 2


def test_what_a_file_says_of_its_state_is_a_note_and_no_proof(context):
    import_once(GLPI)
    wiped = db.session.scalars(select(Device).where(Device.serial == "VS0002")).one()
    assert (wiped.state, wiped.manufacturer, wiped.model, wiped.kind) == (DeviceState.RECEIVED, "Dell", "OptiPlex 3060", DeviceKind.DESKTOP)
    noted = next(each for each in events_of(wiped) if each.move == "noted")
    assert "MP-0102" in notes_of([noted])[noted.id]["note"]
    assert "Effacé" in notes_of([noted])[noted.id]["note"]
    bare = db.session.scalars(select(Device).where(Device.kind == DeviceKind.MONITOR)).one()
    assert [each.move for each in events_of(bare)] == ["created"]


def test_a_machine_that_anything_here_has_read_is_known_by_its_serial(context):
    device = workshop.laptop()
    with unit_of_work():
        device.serial, device.manufacturer = "vs0001", "Dell"
    assert fates(sent(GLPI, ExchangeKind.DEVICES))[:2] == [ExchangeFate.KNOWN, ExchangeFate.CREATE]


def test_each_donor_and_day_of_a_file_has_its_donation(context):
    text = """Nature;Modèle;N° de série;Donateur;SIREN;Reçu le
portable;Latitude;A1;Menuiseries Bâtard & Associés;732829320;02/03/2026
portable;Latitude;A2;Menuiseries Bâtard & Associés;732829320;02/03/2026
portable;Latitude;A3;Menuiseries Bâtard & Associés;732829320;03/03/2026
portable;Latitude;A4;Scierie du Clain;;02/03/2026
portable;Latitude;A5;Scierie du Clain;;99/99/2026
"""
    number = sent(text, ExchangeKind.DEVICES)
    work = brought(number, **(CHOICES | {"legal_origin": "don_entreprise"}))
    assert work.outcome == {"create": 3, "complete": 0, "known": 0, "leave": 2}
    assert [each[:3] for each in file_of(number).left] == [[5, "siren", "donation.siren_needed"], [6, "received_on", "field.date"]]
    days = db.session.scalars(select(Donation.received_on).order_by(Donation.id)).all()
    assert [each.isoformat() for each in days] == ["2026-03-02", "2026-03-03"]
    assert db.session.scalar(select(func.count()).select_from(Organisation).where(Organisation.name == "Scierie du Clain")) == 0


@pytest.mark.skipif(not REAL.is_file(), reason="the real files are not beside this checkout")
def test_snipe_its_own_sample_of_hardware_goes_in_whole_and_once(context):
    sample = REAL.read_bytes()
    outcome = import_once(sample)
    assert outcome["create"] > 20, outcome
    assert db.session.scalar(select(func.count()).select_from(Device)) == outcome["create"]
    assert {*db.session.scalars(select(Device.state).distinct())} == {DeviceState.RECEIVED}
    assert set(fates(sent(sample, ExchangeKind.DEVICES))) <= {ExchangeFate.KNOWN, ExchangeFate.LEAVE}


def test_through_the_pages_with_what_is_asked(app, signed_in):
    office = signed_in(Role.COORDINATOR)
    with app.app_context():
        people.settle()
        number = sent(GLPI, ExchangeKind.DEVICES)
    address = f"/importer/fichiers/{number}"
    page = office.get(address).text
    assert "un effacement se prouve" in page
    missing = office.submit(address, {"donor": "", "legal_origin": "propre_parc_reforme", "received_on": "2026-03-02", "kind": "other"})
    assert missing.status_code == 422
    wrong = office.submit(address, CHOICES | {"site_id": "", "legal_origin": "don_particulier"})
    assert wrong.status_code == 422
    assert office.submit(address, CHOICES | {"site_id": ""}).status_code == 303
    result = office.get(f"{address}/resultat").text
    assert "2 laissées de côté" in result
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Device)) == 3
    assert office.get("/importer").text.count("Machines déjà là") >= 1
    assert signed_in(Role.DESK).get(address).status_code == 404
