"""A donor names another contact by the link: the new address confirms, both are told, and the links of before open nothing."""

import re

import pytest

from refurb.documents.links import LinkExpired
from refurb.inventory.donations.actions.contacts import MOST_A_DAY, TooManyChanges, ask_contact_change, confirm_contact_change
from refurb.inventory.donations.donor import donor_token
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid
from tests.support.story import people, workshop

OLD, NEW = "jeanne@menuiseries.example", "kevin@menuiseries.example"


@pytest.fixture
def donation(context):
    return workshop.announced(contact_name="Jeanne", contact_email=OLD)


def ask(donation, email=NEW):
    with unit_of_work():
        return ask_contact_change(donation, contact_name="Kévin Delhoume", contact_email=email)


def test_nothing_changes_before_the_new_address_confirms(donation):
    other = workshop.announced(contact_name="Jeanne", contact_email=OLD)
    change = ask(donation)
    assert donation.contact.email == OLD
    for _ in range(2):
        with unit_of_work():
            confirm_contact_change(change)
    assert [each.contact.email for each in (donation, other)] == [NEW, NEW], "all that Jeanne was told of is Kévin's"


def test_the_same_address_and_too_many_are_refused(donation):
    with pytest.raises(Invalid):
        ask(donation, OLD.upper())
    for _ in range(MOST_A_DAY):
        ask(donation)
    with pytest.raises(TooManyChanges):
        ask(donation)


def test_by_the_pages_both_addresses_are_told_and_the_old_link_is_over(app, signed_in):
    from refurb.inventory.donations.effects.contacts import contact_letter
    from refurb.inventory.donations.models.contact_changes import ContactChange

    with app.app_context():
        people.settle()
        token = donor_token(workshop.announced(contact_name="Jeanne", contact_email=OLD))
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    assert client.submit(f"/dons/suivi/{token}/contact", {"contact_name": "", "contact_email": "x"}).status_code == 422
    assert client.submit(f"/dons/suivi/{token}/contact", {"contact_name": "Kévin", "contact_email": NEW}).status_code == 303
    with app.app_context():
        change = db.session.query(ContactChange).one()
        letters = {part: contact_letter(change, part) for part in ("asked", "told", "done")}
        db.session.remove()
    assert {part: each.to for part, each in letters.items()} == {"asked": NEW, "told": OLD, "done": OLD}
    link = re.search(r"/dons/contact/\S+", letters["asked"].text).group()
    assert client.get(link).status_code == 200
    assert client.get(f"/dons/suivi/{token}").status_code == 200, "opening the link changes nothing"
    on = client.submit(link, {}).headers["Location"]
    assert "Kévin" in client.get(on).text
    assert client.get(f"/dons/suivi/{token}").status_code in {404, 410}


def test_a_link_of_before_opens_nothing_of_whoever_came_after(app, client):
    from refurb.documents.links import make_link
    from refurb.inventory.donations.effects.contacts import CONTACT_LINK

    with app.app_context():
        donation = workshop.announced(contact_name="Jeanne", contact_email=OLD)
        first = ask(donation)
        with unit_of_work():
            confirm_contact_change(first)
        link = f"/dons/contact/{make_link(CONTACT_LINK, first.id)}"
        second = ask(donation, "lea@menuiseries.example")
        with unit_of_work():
            confirm_contact_change(second)
        with pytest.raises(LinkExpired), unit_of_work():
            confirm_contact_change(first)
        db.session.remove()
    assert client.get(link).status_code == client.submit(link, {}).status_code == 410
