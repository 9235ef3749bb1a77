"""A donor announces what it gives."""

import pytest

from refurb.directory.models import Organisation
from refurb.directory.queries import organisations
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import DonationState, LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import people, workshop

FORM = {
    "donor_name": "Atelier d'Iteuil 🪵",
    "donor_siren": "552 100 554",
    "contact_name": "Zoé L'Hermite",
    "contact_email": "zoe@iteuil.example",
    "legal_origin": "don_entreprise",
    "announced_on": "2026-11-03",
    "announced_laptop": "10",
    "note": "Chargeurs dans un carton.",
}


def test_the_form_says_optional_only_of_what_is_and_gives_the_error_of_its_numbers_the_whole_width(signed_in):
    client = signed_in(Role.COORDINATOR)
    page = client.get("/dons/nouveau").text
    for asked in ("Nom du nouveau donateur", "Donateur déjà connu", "Tablette"):
        assert f"{asked}</label>" in page
    assert "Personne à contacter <span" in page
    refused = client.submit("/dons/nouveau", {"donor_name": "X", "legal_origin": "don_association"}).text
    assert '<div class="counts"><div class="field is-wrong' in refused


def test_it_has_a_reference_and_its_lines(context):
    donation = workshop.announced({DeviceKind.LAPTOP: 10, DeviceKind.MONITOR: 2, DeviceKind.PRINTER: 0})
    assert donation.state == DonationState.ANNOUNCED
    assert donation.reference == f"DN-{today().year}-0001"
    assert [(line.kind, line.announced, line.received) for line in donation.lines] == [("laptop", 10, None), ("monitor", 2, None)]
    assert donation.contact.name == "Inès Bâtard"


def test_references_follow_one_another_and_a_refused_one_leaves_no_gap(context):
    first = workshop.announced().reference
    with pytest.raises(Invalid):
        workshop.announced({DeviceKind.LAPTOP: 0})
    who, donor = workshop.coordinator(), people.organisation("Menuiseries").id
    with pytest.raises(RuntimeError), unit_of_work():
        announce_donation(who, legal_origin=LegalOrigin.COMPANY, donor_id=donor, lines={DeviceKind.LAPTOP: 1})
        raise RuntimeError
    second = workshop.announced().reference
    assert (first[-4:], second[-4:]) == ("0001", "0002")


def test_through_the_page_with_a_new_donor(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    answer = client.submit("/dons/nouveau", FORM)
    assert answer.status_code == 303, answer.text
    shown = client.get(answer.headers["Location"])
    assert "Atelier d&#39;Iteuil 🪵" in shown.text
    assert "pas encore compté" in shown.text
    with app.app_context():
        assert people.organisation("Atelier").siren == "552100554"


def test_through_the_page_with_a_known_donor(app, signed_in):
    with app.app_context():
        donor = people.organisation("Menuiseries").id
    client = signed_in(Role.COORDINATOR)
    answer = client.submit("/dons/nouveau", {"donor_id": str(donor), "legal_origin": "don_entreprise", "announced_desktop": "3"})
    assert answer.status_code == 303
    assert "Menuiseries" in client.get("/dons").text


def test_through_the_api(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    answer = client.post("/api/v1/donations", json=FORM, headers={"X-CSRFToken": client.token()})
    assert answer.status_code == 201
    (line,) = answer.json["lines"]
    assert (line["kind"], line["announced"], line["received"], line["missing"]) == ("laptop", 10, None, 0)
    assert answer.json["donor"]["siren"] == "552100554"


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"donor_siren": "552 100 555"}, "f-donor_siren", "SIREN"),
        ({"donor_siren": ""}, "f-donor_siren", "Une entreprise a un SIREN"),
        ({"donor_name": ""}, "f-donor_name", "Choisissez un donateur"),
        ({"announced_laptop": "0"}, "f-announced_laptop", "au moins un appareil"),
        ({"announced_laptop": "dix"}, "f-announced_laptop", ""),
        ({"announced_laptop": "-3"}, "f-announced_laptop", ""),
        ({"announced_on": "1900-01-01"}, "f-announced_on", "1900"),
        ({"contact_email": "zoe"}, "f-contact_email", ""),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(app, signed_in, change, field, told):
    answer = signed_in(Role.COORDINATOR).submit("/dons/nouveau", FORM | change)
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text
    assert told in answer.text
    assert "Chargeurs dans un carton." in answer.text
    assert "Zoé L&#39;Hermite" in answer.text
    with app.app_context():
        assert db.session.query(Organisation).filter(Organisation.name.startswith("Atelier")).count() == 0


def test_two_donors_at_once_are_refused(context):
    with pytest.raises(Invalid) as refused:
        workshop.announced(donor_name="Un autre")
    assert set(refused.value.fields) == {"donor_name"}


def test_a_donor_that_we_know_by_its_siren_or_its_name_is_not_entered_twice(context):
    known = people.organisation("Menuiseries")
    by_number = workshop.announced(donor_id=None, donor_name="Menuiseries bis", donor_siren=people.DONOR_SIREN)
    association = {"donor_id": None, "legal_origin": LegalOrigin.ASSOCIATION}
    first = workshop.announced(donor_name="Lire à Civray", **association)
    again = workshop.announced(donor_name="LIRE A CIVRAY", **association)
    assert by_number.donor_id == known.id
    assert again.donor_id == first.donor_id


def test_a_private_person_is_no_organisation(context):
    donation = workshop.announced(donor_id=None, donor_name="Une dame", legal_origin=LegalOrigin.INDIVIDUAL)
    other = workshop.announced(donor_id=None, donor_name="Une dame", legal_origin=LegalOrigin.INDIVIDUAL)
    assert (donation.donor.is_person, donation.donor.reference) == (True, None)
    assert other.donor_id != donation.donor_id, "a name tells no person from another"
    assert donation.donor not in organisations()
    with pytest.raises(Invalid) as refused:
        workshop.announced(donor_id=donation.donor_id, legal_origin=LegalOrigin.ASSOCIATION)
    assert set(refused.value.fields) == {"legal_origin"}
    with pytest.raises(Invalid):
        workshop.announced(donor_id=people.organisation("Menuiseries").id, legal_origin=LegalOrigin.INDIVIDUAL)


def test_an_individual_has_no_siren(context):
    donation = workshop.announced(donor_id=None, donor_name="Une dame", legal_origin=LegalOrigin.INDIVIDUAL)
    assert donation.donor.siren is None


def test_a_technician_may_not(context):
    who = workshop.technician()
    with pytest.raises(Forbidden), unit_of_work():
        announce_donation(who, legal_origin=LegalOrigin.COMPANY, lines={})


def test_the_form_is_closed_to_who_may_not(signed_in):
    assert signed_in(Role.TECHNICIAN).get("/dons/nouveau").status_code == 403
    assert signed_in(Role.PRESCRIBER).get("/dons").status_code == 403
