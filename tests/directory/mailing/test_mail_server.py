"""The mail server entered on screen: tried with a real letter, saved when it left, used by every process at once."""

import re
import socket

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from refurb.directory.mailing.actions import save_mail_server
from refurb.directory.mailing.models import MailSetting
from refurb.directory.mailing.queries import entered_mail_server, waiting_letters
from refurb.documents.models import PaperKind
from refurb.inventory.papers.actions import send_papers_to_donor
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, run_due
from refurb.kernel.deeds.history import Event, events_of
from refurb.kernel.deeds.mail import MailSecurity, MailServer
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.directory.mailing.servers import listening
from tests.support.story import gifts, people

PAGE = "/courriel"
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")  # On loopback nobody hears the password but the test.
SECRET = "mot de passe du serveur"


@pytest.fixture
def admin(signed_in):
    return signed_in(Role.ADMIN)


def typed(port, **changes):
    return {
        "host": "127.0.0.1", "port": str(port), "security": "smtp", "sender": "bonjour@relais.example", "to": "maelle@relais.example",
    } | changes  # fmt: skip


def settings(app):
    with app.app_context():
        return list(db.session.scalars(select(MailSetting).order_by(MailSetting.number)))


def test_what_took_a_letter_is_saved_and_the_password_is_shown_to_nobody(app, admin):
    with listening(SECRET) as (port, postmaster):
        answer = admin.submit(PAGE, typed(port, username="moi", password=SECRET, sender_name="Le Relais du Clain"))
        assert answer.status_code == 303
        (letter,) = postmaster.letters
        assert letter["To"] == "maelle@relais.example"
        assert letter["From"] == "Le Relais du Clain <bonjour@relais.example>"
        (setting,) = settings(app)
        assert SECRET not in str(vars(setting))
        shown = admin.get(PAGE).text
        assert SECRET not in shown
        assert "AUTH …" in shown.replace("&gt;", ">")
        again = admin.submit(PAGE, typed(port, username="moi"))
        assert again.status_code == 303, "the kept password goes to the same server under the same name"
        assert len(postmaster.letters) == 2
    first, second = settings(app)
    assert first.sealed_password is None
    with app.app_context():
        assert entered_mail_server().password == SECRET
        assert SECRET not in str([each.facts for each in db.session.scalars(select(Event))])
        assert events_of(second)[0].facts == {"number": 2, "changed": ["sender_name"]}
        app.config["SECRET_KEY"] = "another key, and long enough as well"
        assert entered_mail_server().password is None


@pytest.mark.parametrize(
    ("answers", "changes", "field", "said"),
    [
        ({"password": "autre"}, {"username": "moi", "password": SECRET}, "password", "refusé le mot de passe"),
        ({"password": "autre"}, {}, "username", "qui écrit"),
        ({}, {"username": "moi", "password": SECRET}, "username", "ne prend pas de nom"),
        ({}, {"security": "smtp+starttls"}, "security", "ne propose pas STARTTLS"),
        ({}, {"security": "smtps"}, "security", "465 avec TLS"),
        ({"MAIL": "553 5.7.1 not yours"}, {}, "sender", "n’accepte pas de courriel de cette adresse"),
        ({"RCPT": "550 5.1.1 unknown"}, {}, "to", "ne veut pas de cette adresse"),
        ({"RCPT": "554 5.7.1 Relay access denied"}, {}, "username", "qui écrit"),
        ({"RCPT": "451 4.7.1 greylisted"}, {}, "host", "demande d’attendre"),
        ({"DATA": "554 5.6.0 no"}, {}, "sender", "sauf la lettre"),
    ],
)
def test_what_did_not_leave_is_told_in_plain_words_beside_the_field(app, admin, answers, changes, field, said):
    with listening(**answers) as (port, postmaster):
        answer = admin.submit(PAGE, typed(port, **changes))
    assert answer.status_code == 422
    beside = re.search(rf'id="f-{field}-e">.*?</p>', answer.text, re.DOTALL)[0]
    assert said in beside.replace("\u202f", " ")
    assert 'value="maelle@relais.example"' in answer.text
    assert SECRET not in answer.text
    assert "pour votre informaticien" in answer.text
    assert (postmaster.letters, settings(app)) == ([], [])


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"host": "nulle-part.invalid"}, "host", "Aucun serveur ne s’appelle"),
        ({"host": "http://mail.example"}, "host", "sans http://"),
        ({"username": "moi"}, "password", "Tapez le mot de passe"),
        ({"host": "mail.example", "username": "moi", "password": SECRET}, "security", "en clair"),
        ({"port": "0"}, "port", "65"),
    ],
)
def test_what_cannot_be_tried_is_said_before_any_letter(app, admin, changes, field, said):
    answer = admin.submit(PAGE, typed(9) | changes)
    assert answer.status_code == 422
    assert said in re.search(rf'id="f-{field}-e">.*?</p>', answer.text, re.DOTALL)[0]
    assert settings(app) == []


def test_a_port_where_nothing_answers_is_told_as_one(admin):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        answer = admin.submit(PAGE, typed(probe.getsockname()[1]))
    assert answer.status_code == 422
    assert "Rien ne répond sur 127.0.0.1" in answer.text


def test_letters_that_waited_leave_by_the_worker_as_soon_as_it_is_saved(app, admin):
    with app.app_context():
        donation = gifts.received(1)
        run_due()
        gifts.issued(donation, PaperKind.DONATION)
        with unit_of_work():
            send_papers_to_donor(people.actor(Role.COORDINATOR), donation)
        run_due()
        waiting, since = waiting_letters()
        assert waiting > 0
        assert since is not None
        db.session.remove()
    with listening() as (port, postmaster):
        assert admin.submit(PAGE, typed(port)).status_code == 303
        with app.app_context():  # Of another process: it has read nothing of this setting before.
            assert run_due() == waiting
            assert waiting_letters() == (0, None)
            assert {each.fault for each in db.session.scalars(select(Effect))} == {None}
    assert len(postmaster.letters) == 1 + waiting
    assert all(each["From"].endswith("<bonjour@relais.example>") for each in postmaster.letters)


def test_the_settings_of_the_installation_win_and_say_so(app, admin):
    app.config["SMTP_URL"] = "smtp://moi:secret@mail.relais.example:2525"
    shown = admin.get(PAGE).text
    assert "mail.relais.example, port 2525" in shown
    assert "secret" not in shown
    refused = admin.submit(PAGE, typed(9))
    assert refused.status_code == 409
    assert settings(app) == []


def test_a_demonstration_tries_no_server(app, admin):
    app.config["DEMO"] = True
    with listening() as (port, postmaster):
        assert admin.submit(PAGE, typed(port)).status_code == 409
    assert postmaster.letters == []


def test_only_who_may_set_the_service_sees_and_saves(app, signed_in, context):
    with pytest.raises(Forbidden), unit_of_work():
        save_mail_server(
            people.actor(Role.COORDINATOR), MailServer("mail.example", 25, MailSecurity.NONE, sender="a@b.example"), tried_to="a@b.example",
            dialogue=(),
        )  # fmt: skip
    assert signed_in(Role.COORDINATOR).get(PAGE).status_code == 403


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["port = 0", "number = 0", "security = 'none'", "sealed_password = 'x'"])
def test_the_database_refuses_what_is_no_mail_server(context, change):
    with unit_of_work():
        server = MailServer("mail.example", 25, MailSecurity.NONE, sender="a@b.example")
        save_mail_server(people.actor(Role.ADMIN), server, tried_to="a@b.example", dialogue=())
    assert entered_mail_server() == server
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE mail_settings SET {change}"))
