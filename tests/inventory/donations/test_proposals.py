"""The public form: proposed without an account, confirmed by a link, then a donation like any other."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from refurb.documents.links import LinkExpired
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.donations.actions.proposals import (
    MOST_A_DAY_FOR_ONE_ADDRESS,
    MOST_AN_HOUR_FROM_ONE_PLACE,
    confirm_proposal,
    forget_proposals,
)
from refurb.inventory.donations.effects.news import news_letter
from refurb.inventory.donations.effects.proposals import confirmation_letter
from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import DonationState, LegalOrigin
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Invalid, NotFound
from tests.support.story import people

FORM = {
    "origin": "don_entreprise", "name": "Imprimerie du Pré", "siren": "552 100 554", "contact_name": "Aline Pré",
    "email": "Aline@Pre.example", "phone": "06 39 98 00 10", "count_laptop": "8", "count_monitor": "2", "age": "from_5_to_10",
    "shape": "working", "drives": "inside", "chargers": "some", "way": "pick_up", "address": "3 rue du Pré, 86000 Poitiers",
    "message": "Deuxième étage sans ascenseur.", "entitled": "1", "website": "",
}  # fmt: skip


def sent(client, **changes):
    return client.submit("/proposer-un-don", {**FORM, **changes})


def the_proposal():
    db.session.expire_all()
    return db.session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()


def link_in(letter):
    return re.search(r"http://refurb\.example(/\S+)", letter.text).group(1)


def test_who_brings_it_is_not_asked_where_it_stands(app, client, signed_in):
    assert "Indiquez où nous venons chercher" in sent(client, address="").text
    assert sent(client, way="drop_off", address="").status_code == 303
    with app.app_context():
        assert the_proposal().address == ""
        with unit_of_work():
            reference = confirm_proposal(the_proposal()).reference
        donor = db.session.scalars(select(Donation)).one().donor
        assert donor.address is None
    coordinator = signed_in(Role.COORDINATOR)
    assert reference in coordinator.get("/").text
    assert "1 don attend votre réponse" in coordinator.get("/").text
    page = coordinator.get(f"/dons/{reference}/fixer-le-rendez-vous").text
    assert re.search(r'<input[^>]*value="drop_off"[^>]*checked', page), "as its donor chose"
    assert not re.search(r'<input[^>]*value="pick_up"[^>]*checked', page)


def test_from_the_form_to_the_donation_by_the_link(app, client, signed_in):
    answer = sent(client)
    assert (answer.status_code, answer.location) == (303, "/proposer-un-don/envoye")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Donation)) == 0, "nobody sees it before"
        assert [each.kind for each in db.session.scalars(select(Effect))] == ["mail_proposal_link"]
        letter = confirmation_letter(the_proposal())
    assert letter.to == "aline@pre.example"
    assert "Imprimerie" not in letter.text, "what a stranger typed is not sent to people"
    link = link_in(letter)
    page = client.get(link)
    assert "Imprimerie du Pré" in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Donation)) == 0, "a look changes nothing"
    status = client.submit(link)
    assert status.status_code == 303
    assert "Votre don est annoncé" in client.get(status.location).text
    with app.app_context():
        donation = db.session.scalars(select(Donation)).one()
        assert donation.state == DonationState.ANNOUNCED
        assert (donation.donor.name, donation.donor.siren, donation.contact.email) == (
            "Imprimerie du Pré",
            "552100554",
            "aline@pre.example",
        )
        assert {line.kind: line.announced for line in donation.lines} == {DeviceKind.LAPTOP: 8, DeviceKind.MONITOR: 2}
        created = events_of(donation)[-1]
        assert created.facts["source"] == "public_form"
        assert created.actor_id is None
        assert "Aline" not in str(created.facts)
        assert "est arrivée" in news_letter(donation).subject
        reference = donation.reference
    shown = signed_in(Role.COORDINATOR).get(f"/dons/{reference}").text
    assert "Formulaire public" in shown
    assert "3 rue du Pré" in shown
    assert client.submit(link).location.startswith("/dons/suivi/"), "a second press finds the same donation"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Donation)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"siren": ""}, "siren"),
        ({"siren": "552100555"}, "siren"),
        ({"name": ""}, "name"),
        ({"count_laptop": "", "count_monitor": "0"}, "count_laptop"),
        ({"entitled": ""}, "entitled"),
        ({"email": "aline"}, "email"),
        ({"origin": "propre_parc_reforme"}, "origin"),
        ({"origin": "don_association", "rna": "12345"}, "rna"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field_and_nothing_is_kept(app, client, changes, field):
    told = {name: value for name, value in {**FORM, **changes}.items() if name != "entitled" or value}  # An unticked box is not sent.
    answer = client.submit("/proposer-un-don", told)
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in answer.text
    with app.app_context():
        assert the_proposal() is None


def test_an_individual_gives_in_person(app, client):
    assert sent(client, origin="don_particulier", name="", siren="").status_code == 303
    with app.app_context(), unit_of_work():
        donation = confirm_proposal(the_proposal())
        assert (donation.donor.name, donation.legal_origin) == ("Aline Pré", LegalOrigin.INDIVIDUAL)


def test_a_known_siren_is_the_known_donor_and_the_papers_go_to_who_confirmed(app, client):
    sent(client, siren=people.DONOR_SIREN, name="BATARD SAS")
    with app.app_context(), unit_of_work():
        donation = confirm_proposal(the_proposal())
        assert donation.donor.name == "Menuiseries Bâtard & Associés"
        assert donation.contact.email == "aline@pre.example"


def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(app, client):
    assert sent(client, website="https://spam.example").location == "/proposer-un-don/envoye"
    with app.app_context():
        assert the_proposal() is None
        assert db.session.scalars(select(Effect)).all() == []


def test_one_address_is_not_written_to_all_day(app, client):
    for _ in range(MOST_A_DAY_FOR_ONE_ADDRESS):
        assert sent(client).status_code == 303
    refused = sent(client)
    assert refused.status_code == 429
    assert "Imprimerie du Pré" in refused.text, "what was typed is kept"


def test_one_place_does_not_send_all_day(app, client):
    for number in range(MOST_AN_HOUR_FROM_ONE_PLACE):
        assert sent(client, email=f"a{number}@pre.example").status_code == 303
    assert sent(client, email="autre@pre.example").status_code == 429


@pytest.mark.both_databases
def test_unconfirmed_it_is_forgotten_and_its_link_is_worth_nothing(app, client):
    sent(client)
    with app.app_context():
        proposal = the_proposal()
        link = link_in(confirmation_letter(proposal))
        with at(now() + timedelta(days=8)):
            with pytest.raises(LinkExpired), unit_of_work():
                confirm_proposal(proposal)
            with unit_of_work():
                assert forget_proposals() == 1
    assert client.get(link).status_code == 404
    assert client.submit(link).status_code == 404
    assert client.get("/proposer-un-don/confirmer/MTIz.aaaa.bbbb").status_code == 404


def test_a_company_that_we_know_without_its_siren_is_asked_for_it(context):
    told = {"legal_origin": LegalOrigin.COMPANY, "lines": {DeviceKind.LAPTOP: 1}, "donor_id": people.organisation("CCAS").id}
    with pytest.raises(Invalid) as refused, unit_of_work():
        announce_donation(SERVICE, **told)
    assert "donor_siren" in refused.value.fields
    with unit_of_work():
        assert announce_donation(SERVICE, **told, donor_siren="552100554").donor.siren == "552100554"
    with pytest.raises(Invalid), unit_of_work():
        announce_donation(SERVICE, **told, donor_siren=people.DONOR_SIREN)


def test_a_link_of_another_purpose_opens_nothing(app, client):
    sent(client)
    with app.app_context():
        token = link_in(confirmation_letter(the_proposal())).rpartition("/")[2]
    assert client.get(f"/dons/suivi/{token}").status_code == NotFound.status
