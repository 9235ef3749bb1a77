"""The mail to a donor: promised with the deed, kept through a real SMTP server, tried again when it fails, always in sight."""

import re
import socket
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import delete, select

from refurb.documents.models import PaperKind
from refurb.inventory.dock.actions.intake_slips import issue_intake_slip
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.donor import NoEmail
from refurb.inventory.donations.words import DrivesInside
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import NoPapers, send_papers_to_donor
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds import effects
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import BACK_OFF, Effect, run_due
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden
from tests.support.client import checking
from tests.support.story import gifts, people, workshop


class Mailbox:
    """What a mail server took in; `refuses` is what it answers to each recipient instead, if anything."""

    def __init__(self):
        self.letters = []
        self.refuses = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name for it
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name for it
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def mailbox(port):
    """A mail server that listens."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()


@pytest.fixture
def app(app, port):
    """The application, told of a mail server at the port, whether one listens or not."""
    app.config.update(SMTP_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="dons@refurb.example")
    return app


def arrived():
    """A donation whose donor was told already that it has arrived."""
    donation = gifts.received(1)
    with unit_of_work() as session:
        session.execute(delete(Effect))
    return donation


def promised(donation=None):
    """The effect of a mail that somebody asked for."""
    donation = donation or arrived()
    gifts.wiped(donation, "WD-0001")
    gifts.issued(donation, PaperKind.ERASURE)
    gifts.issued(donation, PaperKind.DONATION)
    with unit_of_work():
        return send_papers_to_donor(people.actor(Role.COORDINATOR), donation)


def again():
    """What is promised, as it stands now."""
    db.session.expire_all()
    return db.session.scalars(select(Effect)).one()


def wait(minutes):
    """Let some time pass for what waits."""
    with unit_of_work():
        for each in db.session.scalars(select(Effect)):
            each.due_at -= timedelta(minutes=minutes)


def test_the_donor_gets_a_link_that_opens_the_papers(app, mailbox):
    with app.app_context():
        donation_reference = promised().facts["reference"]
        assert run_due() == 1
        assert again().done_at is not None
        assert again().fault is None
    (letter,) = mailbox.letters
    text = letter.get_content()
    assert letter["To"] == "ines@donateur.example"
    assert letter["From"].endswith("<dons@refurb.example>")
    assert letter["Reply-To"].endswith("<relais@refurb.example>")
    assert donation_reference in letter["Subject"]
    assert "AD-" in text
    assert "AE-" in text
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "&" not in letter["Subject"]
    assert "&amp;" not in text
    link = re.search(r"http://refurb\.example(/dons/suivi/\S+)", text).group(1)
    page = checking(app).get(link)
    assert page.status_code == 200
    assert donation_reference in page.text


def test_nothing_is_sent_before_the_commit(app, mailbox):
    with app.app_context():
        donation = arrived()
        gifts.issued(donation, PaperKind.DONATION)
        with pytest.raises(ZeroDivisionError), unit_of_work():
            send_papers_to_donor(people.actor(Role.COORDINATOR), donation)
            raise ZeroDivisionError
        assert run_due() == 0
    assert mailbox.letters == []


def test_the_event_and_the_promise_bear_ids_and_no_address(app):
    with app.app_context():
        planned = promised()
        donation_id = planned.facts["donation_id"]
        assert set(planned.facts) == {"donation_id", "effect_id", "reference"}
        event = events_of(db.session.get(Donation, donation_id))[0]
        assert event.move == "send_papers"
        assert event.facts["effect"] == planned.id
        assert "@" not in str(event.facts)
        assert "@" not in str(planned.facts)


def test_a_server_that_is_down_is_tried_again_later_and_seen(app, port, capsys):
    with app.app_context():
        promised()
        run_due()
        failed = again()
        assert failed.fault == "mail.unreachable"
        assert failed.done_at is None
        assert failed.attempts == 1
        assert timedelta(seconds=20) < failed.due_at - now() <= BACK_OFF[0]
        assert run_due() == 0, "not before its time"
        wait(1)
        box = Mailbox()
        server = Controller(box, hostname="127.0.0.1", port=port)
        server.start()
        try:
            assert run_due() == 1
        finally:
            server.stop()
        assert again().done_at is not None
        assert len(box.letters) == 1
    told = capsys.readouterr()
    assert "ines@donateur.example" not in told.out + told.err
    assert "suivi" not in told.out + told.err


def test_the_administrator_sees_it_and_tries_again(app, port):
    with app.app_context():
        promised()
        for _ in range(len(BACK_OFF) + 1):
            run_due()
            wait(600)
        assert again().given_up_at is not None
        assert run_due() == 0
        effect_id = again().id
    client = checking(app)
    client.sign_in(people.EMAIL[Role.ADMIN])
    page = client.get("/envois")
    assert "Abandonné" in page.text
    assert "Le serveur de messagerie ne répond pas." in page.text
    assert client.submit(f"/envois/{effect_id}/reessayer").status_code == 303
    with app.app_context():
        assert again().given_up_at is None
        assert again().attempts == 0
        assert again().due_at <= now()
        assert events_of(again())[0].move == "retry"
    assert client.submit(f"/envois/{effect_id + 1}/reessayer").status_code == 404


def test_what_has_left_is_not_sent_again(app, mailbox):
    with app.app_context():
        effect_id = promised().id
        run_due()
    client = checking(app)
    client.sign_in(people.EMAIL[Role.ADMIN])
    assert client.submit(f"/envois/{effect_id}/reessayer").status_code == 409


def test_a_second_try_is_the_same_letter_for_the_mail_server(app, mailbox):
    with app.app_context():
        planned_id = promised().id
        run_due()
        with unit_of_work():  # as if the worker had died between the server's answer and its own note
            db.session.get_one(Effect, planned_id).done_at = None
        wait(600)
        run_due()
    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@refurb.example>")


def test_a_recipient_the_server_refuses_is_named_as_the_fault(app, mailbox):
    mailbox.refuses = "550 no such person"
    with app.app_context():
        promised()
        run_due()
        assert again().fault == "mail.recipient_refused 550"
        assert again().given_up_at is not None, "another try would be refused, too"


def test_a_server_that_offers_no_encryption_is_not_given_a_password(app, mailbox, port):
    app.config["SMTP_URL"] = f"smtp+starttls://moi:secret@127.0.0.1:{port}"
    with app.app_context():
        promised()
        run_due()
        assert again().fault == "mail.refuses_us"
    assert mailbox.letters == []


def test_without_a_mail_server_it_waits_for_ever_in_sight(app):
    app.config["SMTP_URL"] = None
    with app.app_context():
        promised()
        for _ in range(len(BACK_OFF) + 3):
            assert run_due() == 1
            wait(60)
        waiting = again()
        assert waiting.fault == "mail.no_server"
        assert waiting.attempts == 0
        assert waiting.done_at is None
        assert waiting.given_up_at is None
    client = checking(app)
    client.sign_in(people.EMAIL[Role.COORDINATOR])
    assert "Aucun serveur de messagerie n’est réglé" in client.get("/envois").text


def test_a_donor_without_an_address_is_sent_nothing(app):
    with app.app_context():
        donation = arrived()
        gifts.issued(donation, PaperKind.DONATION)
        with unit_of_work():
            donation.contact.email = None
        with pytest.raises(NoEmail), unit_of_work():
            send_papers_to_donor(people.actor(Role.COORDINATOR), donation)
        reference = donation.reference
    client = checking(app)
    client.sign_in(people.EMAIL[Role.COORDINATOR])
    page = client.get(f"/dons/{reference}").text
    assert "Aucune adresse de courriel n’est connue pour Menuiseries Bâtard &amp; Associés" in page
    assert client.submit(f"/dons/{reference}/documents/envoi").status_code == 409


def test_there_is_nothing_to_send_before_the_first_paper(app):
    with app.app_context():
        donation = arrived()
        with pytest.raises(NoPapers), unit_of_work():
            send_papers_to_donor(people.actor(Role.COORDINATOR), donation)


def test_a_technician_sends_nothing(app):
    with app.app_context():
        donation = arrived()
        with pytest.raises(Forbidden), unit_of_work():
            send_papers_to_donor(people.actor(Role.TECHNICIAN), donation)


def test_the_outbox_is_for_those_who_run_the_service(app, signed_in):
    for role in (Role.TECHNICIAN, Role.DESK, Role.PRESCRIBER, Role.OBSERVER):
        assert signed_in(role).get("/envois").status_code == 403
    assert effects.known_effects() >= {"mail_donor_papers"}


def test_the_subject_says_what_the_letter_brings(app, mailbox):
    with app.app_context():
        donation = arrived()
        for kind in (PaperKind.DONATION, PaperKind.ERASURE):
            if kind is PaperKind.ERASURE:
                gifts.wiped(donation, "WD-0001")
            gifts.issued(donation, kind)
            with unit_of_work():
                send_papers_to_donor(people.actor(Role.COORDINATOR), donation)
            run_due()
        slip = gifts.arrived(gifts.announced(2), 2)
        with unit_of_work():
            issue_intake_slip(people.actor(Role.COORDINATOR), slip, place="Quai", drives=DrivesInside.UNKNOWN, signing=SlipSigning.NONE)
        run_due()
    assert [letter["Subject"].split(None, 3)[3] for letter in mailbox.letters] == [
        ": votre attestation",
        ": vos attestations",
        "est arrivé",
        ": votre bordereau de prise en charge",
    ]


def test_the_donor_is_told_what_arrived(app, mailbox):
    with app.app_context():
        donation = workshop.announced({DeviceKind.LAPTOP: 10, DeviceKind.MONITOR: 2})
        refused = [{"kind": "laptop", "count": 1, "reason": "broken"}]
        workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": 8, "monitor": 3}, refused=refused)
        run_due()
    (letter,) = mailbox.letters
    text = letter.get_content().replace("\u202f", " ").replace("\u00a0", " ").replace("\r", "")
    assert letter["Subject"].endswith("est arrivé")
    assert "- Ordinateur portable : reçus, 8 ; refusés, 1 ; annoncés et pas arrivés, 1\n" in text
    assert "- Écran : reçus, 3 ; en plus de l’annonce, 1\n" in text
