"""A letter to a donor that came back is said on the donation's page, until the address is corrected."""

import pytest
from sqlalchemy import select

from refurb.inventory.donations.actions.contacts import ask_contact_change, confirm_contact_change
from refurb.inventory.donations.actions.donations import correct_donor, donor_details
from refurb.inventory.donations.states import TELL_DONOR
from refurb.inventory.papers.actions import MAIL_DONOR_PAPERS
from refurb.inventory.papers.bounces import bounced
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.story import people, workshop


def come_back(donation, fault="mail.recipient_refused 550"):
    workshop.move(donation, "accept")
    with unit_of_work():
        planned = db.session.scalars(select(Effect).where(Effect.kind == TELL_DONOR).order_by(Effect.id.desc())).first()
        planned.given_up_at, planned.fault = now(), fault


@pytest.fixture
def donation(context):
    return workshop.announced(contact_name="Jeanne", contact_email="jeanne@menuiseries.example")


def test_it_is_said_of_this_donation_until_the_address_is_corrected(donation):
    assert bounced(donation) is None
    come_back(donation)
    assert bounced(donation) is not None
    assert bounced(workshop.announced()) is None
    with unit_of_work():
        correct_donor(
            people.actor(Role.COORDINATOR), donation, **{**donor_details(donation), "contact_email": "j.martin@menuiseries.example"}
        )
    assert bounced(donation) is None


def test_it_is_over_once_the_contact_has_changed_or_a_letter_arrived(donation):
    come_back(donation)
    with unit_of_work():
        change = ask_contact_change(donation, contact_name="Kévin", contact_email="kevin@menuiseries.example")
        db.session.flush()
        confirm_contact_change(change)
    assert bounced(donation) is None
    other = workshop.announced(contact_name="Jeanne", contact_email="jeanne@menuiseries.example")
    come_back(other)
    assert bounced(other) is not None
    with unit_of_work():
        plan(MAIL_DONOR_PAPERS, donation_id=other.id, reference=other.reference).done_at = now()
    assert bounced(other) is None


def test_a_server_of_ours_that_is_down_is_no_bounce(donation):
    come_back(donation, "mail.no_answer")
    assert bounced(donation) is None


def test_the_page_says_it_with_the_way_to_correct_it(app, signed_in):
    with app.app_context():
        people.settle()
        donation = workshop.announced(contact_name="Jeanne", contact_email="jeanne@menuiseries.example")
        come_back(donation)
        reference = donation.reference
        db.session.remove()
    page = signed_in(Role.COORDINATOR).get(f"/dons/{reference}").text
    assert "Le courriel au donateur est revenu" in page
    assert f"/dons/{reference}/donateur" in page
