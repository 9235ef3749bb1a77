"""Organisations are added, corrected, archived and found; numbers and communes are checked, private persons are apart."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from refurb.directory.actions import RnaTaken, SirenTaken, add_organisation
from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.contacts import correct_contact, end_contact, name_contact
from refurb.directory.organisations.actions.forgetting import FORGOTTEN, forget_contacts
from refurb.directory.organisations.actions.organisations import (
    archive_organisation,
    correct_organisation,
    enter_organisation,
    take_up_organisation,
)
from refurb.directory.organisations.fields import read_number
from refurb.directory.organisations.queries import (
    OrganisationFilter,
    choices_of,
    contacts_of,
    is_offered,
    organisation_by_reference,
    organisations_page,
    partners_without_referent,
)
from refurb.directory.organisations.rules import OrganisationKnown, WorkIsOpen
from refurb.directory.words import Nature, Purpose, Typology
from refurb.inventory.donations.donor import recipient_of
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound
from refurb.kernel.web.fields import Wrong
from refurb.lending.borrowers.actions import register_borrower
from tests.support.story import desk, families, people, workshop

WRITTEN = {
    **dict.fromkeys(("siret", "rna", "address", "in_qpv", "email", "phone")),
    "typology": Typology.CCAS,
    "is_public_body": True,
}


def enter(name="Centre social de Civray", who=None, natures=(Nature.PARTNER,), **facts):
    with unit_of_work():
        return enter_organisation(who or workshop.coordinator(), name=name, natures=natures, **facts)


def correct(found, **facts):
    with unit_of_work():
        correct_organisation(workshop.coordinator(), found, **{"name": found.name, "natures": found.natures, **WRITTEN, **facts})


def test_only_the_name_is_needed_and_its_reference_finds_it(context):
    made = enter()
    assert made.reference.startswith("ST-")
    assert made.natures == (Nature.PARTNER,)
    assert organisation_by_reference(workshop.coordinator(), made.reference.lower()) is made
    found = organisations_page(workshop.coordinator(), OrganisationFilter("civray social"), 1)
    assert [each.id for each in found.rows] == [made.id]
    assert organisations_page(workshop.coordinator(), OrganisationFilter("civray", Nature.RECYCLER), 1).rows == []


def test_whoever_may_not_read_the_directory_finds_nothing(context):
    reference = enter().reference
    for role in (Role.PRESCRIBER, Role.OBSERVER):
        with pytest.raises(NotFound):
            organisation_by_reference(people.actor(role), reference)
        with pytest.raises(NotFound):
            organisations_page(people.actor(role), OrganisationFilter(), 1)
    with pytest.raises(Forbidden):
        enter("Autre", people.actor(Role.DESK))


def test_the_same_name_is_told_once(context):
    first = enter(postcode="86400", place="civray")
    with pytest.raises(OrganisationKnown) as told:
        enter("CENTRE SOCIAL DE CIVRAY")
    assert told.value.facts["reference"] == first.reference
    assert enter(place="Ligugé").id != first.id, "another commune is another organisation"
    assert enter(anyway=True).id != first.id


def test_a_number_is_borne_once(context):

    with pytest.raises(SirenTaken):
        enter("Menuiseries bis", numbers={"siren": people.DONOR_SIREN})
    enter("Amicale", numbers=read_number("w863001234"))
    with pytest.raises(RnaTaken):
        enter("Amicale bis", numbers={"rna": "W863001234"})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("732 829 320", {"siren": "732829320"}),
        ("73282932000074", {"siren": "732829320", "siret": "73282932000074"}),
        ("356 000 000 49837", {"siren": "356000000", "siret": "35600000049837"}),  # an office of La Poste: no Luhn key
        ("W86-300.1234", {"rna": "W863001234"}),
        ("w9r1001234", {"rna": "W9R1001234"}),
    ],
)
def test_numbers_are_read_in_their_one_form(typed, read):
    assert read_number(typed) == read


@pytest.mark.parametrize("typed", ["732829321", "73282932000079", "35600000049838", "W1", "WX63001234", "12345", "732829320A"])
def test_a_wrong_number_is_refused(typed):
    with pytest.raises(Wrong):
        read_number(typed)


def test_a_postcode_of_one_commune_names_it(context):
    made = enter(postcode="86000")
    assert (made.place, made.commune_code, made.postal_address) == ("Poitiers", "86194", "86000 Poitiers")


def test_a_postcode_of_several_asks_which(context):
    for place, code in ((None, "organisation.which_commune"), ("Poitiers", "organisation.other_commune")):
        with pytest.raises(Invalid) as refused:
            enter(postcode="86190", place=place)
        assert [each.code for each in refused.value.fields["place"]] == [code]
    assert enter(postcode="86190", place="chire en montreuil").place == "Chiré-en-Montreuil"
    assert enter("Cedex", postcode="86035", place="Poitiers Cedex").commune_code is None


def test_a_correction_says_what_changed(context):
    made = enter()
    desk_agent = people.actor(Role.DESK)
    with unit_of_work():
        borrower = register_borrower(desk_agent, name="Malik", is_adult=True, phone="0611111111", organisation_id=made.id)
    correct(made, name="Maison pour tous", address="3 rue du Pré\nBâtiment B", postcode="86000", in_qpv=True)
    assert made.postal_address == "3 rue du Pré, Bâtiment B, 86000 Poitiers"
    assert made.in_qpv is True
    happened = events_of(made)[0]
    assert happened.facts["fields"] == ["address", "in_qpv", "is_public_body", "name", "place", "postcode", "typology"]
    assert notes_of([happened])[happened.id]["name"] == "Centre social de Civray → Maison pour tous"
    assert "maison pour tous" in borrower.search
    correct(made, name="Maison pour tous", address="3 rue du Pré\nBâtiment B", postcode="86000", in_qpv=True)
    assert events_of(made)[0].id == happened.id


def test_what_is_under_way_keeps_it_from_the_archives(context):
    partner = people.organisation("CCAS")
    families.submitted()
    with pytest.raises(WorkIsOpen) as refused, unit_of_work():
        archive_organisation(workshop.coordinator(), partner)
    assert "1 orientation" in refused.value.facts["work"]
    donor = workshop.announced().donor
    with pytest.raises(WorkIsOpen), unit_of_work():
        archive_organisation(workshop.coordinator(), donor)


def test_what_is_archived_is_chosen_for_nothing_and_taken_up_again(context):
    made = enter()
    with unit_of_work():
        archive_organisation(workshop.coordinator(), made)
    assert not is_offered(made.id, Nature.PARTNER)
    assert str(made.id) not in dict(choices_of(Nature.PARTNER))
    assert [each.id for each in organisations_page(SERVICE, OrganisationFilter(archived=True), 1).rows] == [made.id]
    with unit_of_work():
        take_up_organisation(workshop.coordinator(), made)
    assert is_offered(made.id, Nature.PARTNER)
    assert [each.move for each in events_of(made)] == ["taken_up", "archived", "entered"]


def test_things_that_are_lent_are_work_too(context):
    lent = desk.lent(desk.tablet())
    made = enter()
    with unit_of_work():
        lent.borrower.organisation_id = made.id
    with pytest.raises(WorkIsOpen), unit_of_work():
        archive_organisation(workshop.coordinator(), made)


def test_contacts_have_a_purpose_and_an_end(context):
    made, who = enter(), workshop.coordinator()
    assert made in partners_without_referent({})
    with unit_of_work():
        contact = name_contact(who, made, name="Zoé", purpose=Purpose.REFERRALS, email="zoe@centre.example")
    assert made not in partners_without_referent({})
    assert made not in partners_without_referent({made.id: 1})
    with unit_of_work():
        correct_contact(
            who, contact, name="Zoé Faut", function="Direction", purpose=Purpose.ACCOUNTING, email="zoe@centre.example", phone=None
        )
    assert events_of(made)[0].facts == {"contact": contact.id, "fields": ["function", "name", "purpose"]}
    with unit_of_work():
        end_contact(who, contact)
    db.session.refresh(made)
    assert contacts_of(made) == []
    assert "Zoé" not in str([each.facts for each in events_of(made)])


def test_a_person_is_in_no_list(context):
    with unit_of_work():
        person = add_organisation(SERVICE, name="Marcel Privé", is_donor=True, is_person=True)
    assert person.reference is None
    assert organisations_page(SERVICE, OrganisationFilter("marcel"), 1).rows == []
    assert not is_offered(person.id)


@pytest.mark.parametrize("written", ["is_partner = (1 = 1)", "siren = '732829320'", "is_home = (1 = 1)"], ids=["partner", "number", "home"])
def test_the_database_keeps_a_person_apart(context, written):
    with unit_of_work():
        person = add_organisation(SERVICE, name="Marcel Privé", is_donor=True, is_person=True).id
    with pytest.raises(Exception, match=r"a_person_only_gives|UNIQUE|unique"), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE organisations SET {written} WHERE id = {person}"))


def test_an_organisation_has_a_reference(context):
    with pytest.raises(Exception, match="has_a_reference"), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE {Organisation.__tablename__} SET reference = NULL WHERE is_partner"))


def test_who_left_is_written_to_no_more_and_forgotten_after_a_year(context):
    donation, who = workshop.announced(), workshop.coordinator()
    gone = donation.contact
    assert recipient_of(donation) == gone.email
    with unit_of_work():
        other = name_contact(who, donation.donor, name="Accueil", purpose=Purpose.DONATIONS, email="dons@donateur.example")
        end_contact(who, gone)
    assert recipient_of(donation) == other.email
    for day, count in ((365, 0), (366, 1), (367, 0)):
        with at(now() + timedelta(days=day)), unit_of_work():
            assert forget_contacts() == count
    assert (gone.name, gone.email, other.name) == (FORGOTTEN, None, "Accueil")
