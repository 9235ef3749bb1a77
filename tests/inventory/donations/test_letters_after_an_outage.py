"""Letters when the mail server fails: one about what is so, the true cause, whose it is, and no « Parti » for what never left."""

import pytest
from sqlalchemy import select

from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, run_due
from refurb.kernel.deeds.mail import AddressUnusable, Letter, send
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.inventory.donations.test_proposals import FORM
from tests.inventory.papers.test_donor_mail import app, mailbox, port, wait
from tests.support.client import checking
from tests.support.story import people, workshop

__all__ = ["app", "mailbox", "port"]


def all_planned():
    db.session.expire_all()
    return list(db.session.scalars(select(Effect).order_by(Effect.id)))


def outbox(app, role=Role.COORDINATOR):
    client = checking(app)
    client.sign_in(people.EMAIL[role])
    return client.get("/envois").text


def questions_in_an_outage():
    donation = workshop.move(workshop.announced(), "ask", question="Les chargeurs sont-ils là ?")
    run_due()
    for number, answer in enumerate(("Oui.", "Onze.")):
        workshop.move(donation, "answer", answer=answer)
        workshop.move(donation, "ask", question=f"Combien ? ({number})")
        run_due()
    wait(60)
    return donation


@pytest.mark.both_databases
def test_after_an_outage_the_donor_gets_one_letter_with_all_that_was_asked(app, mailbox):
    mailbox.refuses = "451 4.7.1 greylisted, try again later"
    with app.app_context():
        reference = questions_in_an_outage().reference
        assert {each.fault for each in all_planned()} <= {"mail.try_later 451 4.7.1", "letter.overtaken"}
        mailbox.refuses = None
        run_due()
        run_due()
        assert all(each.done_at for each in all_planned())
    (letter,) = mailbox.letters
    text = letter.get_content()
    assert "Combien ? (1)" in text
    assert "Les chargeurs sont-ils là ?" in text, "it was asked, and answered: the donor reads both"
    assert "Onze." in text
    page = outbox(app)
    assert page.count("Rien à envoyer") == 2
    assert page.count("Parti") == 1
    assert f'href="/dons/{reference}"' in page


def test_a_busy_server_is_not_told_as_a_wrong_address(app, mailbox):
    mailbox.refuses = "450 4.2.0 greylisted"
    with app.app_context():
        workshop.move(workshop.announced(), "accept")
        run_due()
        (planned,) = all_planned()
        assert planned.given_up_at is None
        assert planned.due_at > now()
    page = outbox(app)
    assert "l’adresse n’est pas en cause" in page
    assert "450 4.2.0" in page
    assert "ines@donateur.example" in page


@pytest.mark.parametrize(
    "answer,fault,hopeless",
    [
        ("550 5.1.1 unknown user", "mail.recipient_refused 550 5.1.1", True),
        ("550 5.7.1 blocked", "mail.not_wanted 550 5.7.1", False),
        ("421 4.3.2 closing", "mail.try_later 421 4.3.2", False),
    ],
)
def test_each_refusal_of_a_server_is_told_as_what_it_is(app, mailbox, answer, fault, hopeless):
    mailbox.refuses = answer
    with app.app_context():
        workshop.move(workshop.announced(), "accept")
        run_due()
        (planned,) = all_planned()
        assert planned.fault == fault
        assert (planned.given_up_at is not None) is hopeless


def test_what_had_nothing_to_send_never_left(app, mailbox):
    with app.app_context():
        donation = workshop.move(workshop.announced(), "accept")
        with unit_of_work():
            donation.contact.email = None
        run_due()
    assert mailbox.letters == []
    page = outbox(app)
    assert "Aucune adresse n’est connue" in page
    assert "Parti" not in page


def test_without_a_mail_server_nothing_left(app):
    app.config["SMTP_URL"] = None
    with app.app_context():
        workshop.move(workshop.announced(), "accept")
        run_due()
    page = outbox(app)
    assert "Non envoyé" in page
    assert "Parti" not in page


def test_an_address_with_accents_in_the_domain_travels_and_one_that_cannot_is_a_refusal(app, mailbox):
    with app.app_context():
        send(Letter("a-1", "don@médiathèque.fr", "Été", "Bonjour.", "Le Relais", reply_to="bonjour@relais.example"))
        for address in ("élodie@exemple.fr", "a@b.example,c@d.example", "x@x..example"):
            with pytest.raises(AddressUnusable):
                send(Letter("a-2", address, "Été", "Bonjour.", "Le Relais"))
    assert [letter["To"] for letter in mailbox.letters] == ["don@xn--mdiathque-53af.fr"]


def test_the_address_of_an_unconfirmed_proposal_is_hidden_from_the_office(app, port):
    assert checking(app).submit("/proposer-un-don", {**FORM, "email": "élodie@exemple.fr"}).status_code == 422
    assert checking(app).submit("/proposer-un-don", {**FORM, "email": "mailto:Inconnu@médiathèque.fr"}).status_code == 303
    with app.app_context():
        run_due()
    page = outbox(app)
    assert "inconnu@" not in page
    assert "i…@médiathèque.fr" in page
    assert "inconnu@médiathèque.fr" in outbox(app, Role.ADMIN)


def test_a_demonstration_shows_what_it_would_send_and_to_whom_one_signs_in(app):
    app.config.update(SMTP_URL=None, DEMO=True)
    with app.app_context():
        donation = workshop.move(workshop.announced(), "ask", question="Les chargeurs sont-ils là ?")
        assert isinstance(donation, Donation)
        run_due()
        (planned,) = all_planned()
        effect_id = planned.id
        assert planned.fault == "mail.demonstration"
    page = outbox(app)
    assert "Non envoyé" in page
    assert "Parti" not in page
    client = checking(app)
    client.sign_in(people.EMAIL[Role.COORDINATOR])
    assert "Les chargeurs sont-ils là ?" in client.get(f"/envois/{effect_id}").text
    assert client.get(f"/envois/{effect_id + 1}").status_code == 404
