"""The donor's page and a ceremony: an invitation stands on it for whoever has it, and for nobody else."""

from refurb.ceremonies.guests.donors import donor_invitations
from refurb.ceremonies.guests.words import GuestKind
from refurb.documents.links import make_link
from refurb.inventory.donations.donor import DONOR_LINK, donor_token
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from tests.support.story import gala, people, workshop

HER, OTHER = "solange@menuiseries.example", "compta@menuiseries.example"


def told(donation):
    found = donor_invitations(SERVICE, donation)
    return [] if found is None else [each["awaits"] for each in found.facts["invitations"]]


def test_an_invitation_is_told_where_it_was_sent_and_once_it_was(context):
    hers, theirs = (workshop.announced(contact_name="Contact", contact_email=each) for each in (HER, OTHER))
    invitation = gala.guest(gala.planned(), kind=GuestKind.DONOR, organisation_id=hers.donor_id, email=HER.upper())
    assert told(hers) == [], "not sent yet"
    gala.answer(invitation, "send")
    assert (told(hers), told(theirs)) == ([True], [])
    gala.answer(invitation, "accept")
    assert told(hers) == [False]
    gala.fire(invitation.ceremony, "cancel", reason="Salle en travaux.")
    assert told(hers) == []


def test_the_page_leads_to_the_answer(app, signed_in):
    with app.app_context():
        people.settle()
        donation = workshop.announced(contact_name="Solange", contact_email=HER)
        invitation = gala.guest(
            gala.planned(title="Remise de décembre"), kind=GuestKind.DONOR, organisation_id=donation.donor_id, email=HER
        )
        gala.answer(invitation, "send")
        token, of_before = donor_token(donation), make_link(DONOR_LINK, donation.id)
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    text = client.get(f"/dons/suivi/{token}").text
    assert "Remise de décembre" in text
    assert "/invitation/" in text
    other = client.get(f"/dons/suivi/{of_before}")
    assert (other.status_code, "/invitation/" in other.text) == (200, False), "a link that proves no address hands on no other one"
