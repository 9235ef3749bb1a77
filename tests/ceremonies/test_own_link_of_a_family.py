"""The link of a family's invitation: told by hand before an address was known it stays hers, sent to another address it opens nothing."""

from refurb.ceremonies.guests.actions import answer_by_link
from refurb.ceremonies.guests.effects import own_address
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.client import checking
from tests.support.story import families, gala


def test_a_link_told_by_hand_stays_and_one_sent_to_a_former_address_does_not(app):
    with app.app_context():
        allocation = families.allocated()
        beneficiary = allocation.referral.beneficiary
        invitation = gala.family(gala.planned(allocation))
        gala.answer(invitation, "send")
        links = []
        for address in (None, "zoe@chez.example", "zoe@ailleurs.example"):
            with unit_of_work():
                beneficiary.email = address
            links.append("/invitation/" + own_address(invitation).rsplit("/", 1)[1])
    client = checking(app)
    assert [client.get(each).status_code for each in links] == [200, 404, 200]


def test_who_declined_and_is_expected_at_another_ceremony_is_told_so_by_the_old_link(app):
    with app.app_context():
        allocation = families.allocated(email="zoe@chez.example")
        invitation = gala.family(gala.planned(allocation))
        gala.answer(invitation, "send")
        with unit_of_work():
            answer_by_link(invitation, comes=False)
        gala.choose(gala.planned(title="Remise d'hiver"), allocation)
        path = "/invitation/" + own_address(invitation).rsplit("/", 1)[1]
    client = checking(app)
    assert "Aucun ordinateur ne vous attend à cette date" in client.get(path).text
    answer = client.submit(path, {"answer": "yes", "companions": "0"})
    assert "Aucun ordinateur n'attend cette famille à cette date" in answer.text.replace("’", "'").replace("&#39;", "'")
