"""Who gives and how they are reached is corrected or completed: what is sent and issued afterwards says so."""

import pytest

from refurb.directory.organisations.queries import organisation_by_reference
from refurb.directory.organisations.rules import NoPerson
from refurb.inventory.donations.actions.donations import correct_donor, donor_details
from refurb.inventory.donations.donor import NoEmail, recipient_of
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import people, workshop


def without_email():
    donation, who = workshop.announced(), workshop.coordinator()
    with unit_of_work():
        donation.donor.email = None
        correct_donor(who, donation, **{**donor_details(donation), "contact_name": "Mme Faut", "contact_email": None})
    return donation


def test_a_missing_address_is_completed_on_its_page_and_used(app, signed_in):
    with app.app_context():
        donation = without_email()
        with pytest.raises(NoEmail):
            recipient_of(donation)
        reference = donation.reference
    client = signed_in(Role.COORDINATOR)
    assert f"/dons/{reference}/donateur" in client.get(f"/dons/{reference}").text
    told = {"donor_name": "Menuiseries du Val", "donor_address": "3 rue du Pré", "donor_place": "Civray", "contact_name": "Mme Faute"}
    assert client.submit(f"/dons/{reference}/donateur", {**told, "contact_email": "pas une adresse"}).status_code == 422
    answer = client.submit(f"/dons/{reference}/donateur", {**told, "contact_email": "faute@val.example", "contact_phone": "0549000001"})
    assert answer.status_code == 303, answer.text
    page = client.get(f"/dons/{reference}").text
    assert "Menuiseries du Val" in page
    assert "faute@val.example" in page
    assert "Coordonnées du donateur corrigées" in page
    with app.app_context():
        donation = donation_by_reference(people.actor(Role.COORDINATOR), reference)
        assert recipient_of(donation) == "faute@val.example"
        assert donation.donor.address == "3 rue du Pré"
        assert "menuiseries du val" in donation.donor.search


def test_the_history_says_which_and_no_name(context):
    donation = without_email()
    who = workshop.coordinator()
    with unit_of_work():
        correct_donor(who, donation, **{**donor_details(donation), "contact_name": "Mme Faute"})
    happened = events_of(donation)[0]
    assert (happened.move, happened.facts) == ("donor_corrected", {"fields": ["contact_name"]})
    assert notes_of([happened])[happened.id] == {"contact_name": "Mme Faut → Mme Faute"}


def test_nothing_changed_is_no_event(context):
    donation = without_email()
    before, who = len(events_of(donation)), workshop.coordinator()
    with unit_of_work():
        correct_donor(who, donation, **donor_details(donation))
    assert len(events_of(donation)) == before


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden), unit_of_work():
        correct_donor(workshop.technician(), donation, **donor_details(donation))


def test_a_private_person_is_set_apart_and_back(context):
    donation, who = (
        workshop.announced(donor_id=None, donor_name="Odile Ferron", legal_origin=LegalOrigin.ASSOCIATION),
        workshop.coordinator(),
    )
    reference = donation.donor.reference
    for is_person in (True, False):
        with unit_of_work():
            correct_donor(who, donation, **{**donor_details(donation), "donor_is_person": is_person})
        assert donation.donor.is_person is is_person
    assert organisation_by_reference(who, reference) is donation.donor
    known = workshop.announced()
    with pytest.raises(NoPerson), unit_of_work():
        correct_donor(who, known, **{**donor_details(known), "donor_is_person": True})


def test_another_commune_forgets_the_postcode_of_the_one_before(context):
    donation, who = workshop.announced(), workshop.coordinator()
    with unit_of_work():
        donation.donor.postcode, donation.donor.place, donation.donor.commune_code = "86000", "Poitiers", "86194"
    with unit_of_work():
        correct_donor(who, donation, **{**donor_details(donation), "donor_place": "Civray"})
    assert donation.donor.postal_address == "Civray"
