"""The second factor: an application's codes and a card's, each once; asked after the password, and not where a browser is trusted."""

import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import update

from refurb.accounts.actions import open_session
from refurb.accounts.factors import totp
from refurb.accounts.factors.actions import (
    CardsOnOldKeys,
    ProofNeeded,
    ShownCodesOver,
    WrongCode,
    add_authenticator,
    codes_to_show,
    forget_old_trust,
    leave_old_keys,
    make_card,
    need_fresh_proof,
    prove,
    prove_session,
    remove_authenticator,
    reset_factors,
    trust_browser,
)
from refurb.accounts.factors.models import Authenticator
from refurb.accounts.factors.policy import sees_names
from refurb.accounts.factors.queries import factors_of, has_factor, trusts
from refurb.accounts.invitations.actions import invite
from refurb.accounts.models import OpenSession
from refurb.accounts.passwords.actions import ask_link, secret_of_link
from refurb.accounts.passwords.models import PasswordLink
from refurb.accounts.queries import account_by_email, actor_of, sessions_of
from refurb.directory.mailing.actions import reseal_password, save_mail_server
from refurb.directory.mailing.queries import entered_mail_server
from refurb.kernel.deeds.access import PERSONS, SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.mail import MailSecurity, MailServer
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind, write_noted
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from tests.support.client import checking
from tests.support.story import people

EMAIL = people.EMAIL[Role.DESK]
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
WAYS_IN = {"email": EMAIL, "password": people.PASSWORD}


def desk():
    return account_by_email(EMAIL)


def code(steps=0):
    return totp.code_at(SECRET, totp.step_at(now().timestamp()) + steps)


def settle(steps=-1):
    with unit_of_work():
        add_authenticator(actor_of(desk()), desk(), secret=SECRET, typed=code(steps))


def card():
    with unit_of_work():
        make_card(actor_of(desk()), desk())
    return codes_to_show(desk().id)


def typed(text):
    with unit_of_work():
        prove(desk(), text)


def refused(text):
    with pytest.raises(WrongCode):
        typed(text)


@pytest.mark.parametrize("seconds,eight", [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")])
def test_codes_are_those_of_the_standard(seconds, eight):
    """RFC 6238, appendix B, whose codes have eight digits."""
    assert totp.code_at(SECRET, totp.step_at(seconds)) == eight[2:]


def test_what_the_camera_reads_fits_a_code_and_names_the_account():
    told = totp.address(SECRET, account="a@relais.example", issuer="Le Relais")
    assert told == f"otpauth://totp/Le%20Relais:a%40relais.example?secret={SECRET}&issuer=Le%20Relais"
    assert len(totp.address(SECRET, account="é" * 150, issuer="Médiathèque " * 20)) <= totp.LONGEST_ADDRESS


def test_a_code_serves_once_and_none_before_it_serves_later(context):
    with clock.at(now()):
        settle()
        typed(code(1))
        for steps in (1, 0, -1):
            refused(code(steps))


def test_clocks_may_go_wrong_by_a_step_and_no_further(context):
    settle(1)
    with clock.at(now() + timedelta(seconds=300)):
        refused(code(-2))
        refused(code(2))
        typed(f"{code(-1)[:3]} {code(-1)[3:]}")


def test_the_secret_is_sealed_for_this_account_alone(context):
    settle()
    row = db.session.get(Authenticator, desk().id)
    assert SECRET not in row.sealed
    with unit_of_work():
        other = account_by_email(people.EMAIL[Role.ADMIN])
        db.session.add(Authenticator(account_id=other.id, sealed=row.sealed, last_step=0, added_at=now()))
    with pytest.raises(WrongCode), unit_of_work():
        prove(other, code())


def test_codes_of_a_card_serve_once_each_and_not_those_of_an_older_one(context):
    old = card()
    with clock.at(now() + timedelta(seconds=1)):
        new = card()
        assert len(set(new) | set(old)) == 20
        refused(old[0])
        typed(new[3].lower().replace("-", " "))
        refused(new[3])
        assert factors_of(desk().id).codes_left == 9
        with pytest.raises(ShownCodesOver):
            codes_to_show(desk().id)


def test_the_codes_are_shown_for_a_few_minutes(context):
    card()
    with clock.at(now() + timedelta(minutes=11)), pytest.raises(ShownCodesOver):
        codes_to_show(desk().id)


def test_what_rests_on_an_older_key_is_sealed_anew_or_named_before_that_is_forgotten(context):
    settle()
    old = card()
    server = MailServer("mail.example", 587, MailSecurity.STARTTLS, "relais", "mot de passe", "relais@relais.example", None)
    with unit_of_work():
        save_mail_server(people.actor(Role.ADMIN), server, tried_to="relais@relais.example", dialogue=())
    context.config["SECRET_KEY_FALLBACKS"], context.secret_key = [context.secret_key], "another secret key, and long enough"
    with pytest.raises(CardsOnOldKeys) as refusal, unit_of_work():
        leave_old_keys(SERVICE, lose_cards=False)
    assert refusal.value.facts == {"count": 1}
    with unit_of_work():
        assert leave_old_keys(SERVICE, lose_cards=True) == 1
        reseal_password()
    refused(old[0])
    new = card()
    with unit_of_work():
        assert leave_old_keys(SERVICE, lose_cards=False) == 0
    context.config["SECRET_KEY_FALLBACKS"] = []
    typed(code())
    typed(new[0])
    assert entered_mail_server().password == "mot de passe"


def test_a_card_without_codes_left_is_a_factor_still(context):
    for each in card():
        typed(each)
    assert (has_factor(desk().id), factors_of(desk().id).codes_left) == (True, 0)


def test_reset_by_an_administrator_alone_ends_everything_and_is_on_record(context):
    settle()
    card()
    with unit_of_work():
        secret = trust_browser(desk(), "Firefox")
        open_session(desk(), "Firefox")
    with pytest.raises(Forbidden), unit_of_work():
        reset_factors(people.actor(Role.COORDINATOR), desk())
    assert trusts(desk().id, secret)
    with unit_of_work():
        reset_factors(people.actor(Role.ADMIN), desk())
    assert (has_factor(desk().id), trusts(desk().id, secret), list(sessions_of(desk().id))) == (False, False, [])
    event = last_event(desk())
    assert (event.move, event.actor_id) == ("factor_reset", people.actor(Role.ADMIN).id)


def test_a_trusted_browser_is_asked_again_after_its_month_or_without_the_application(context):
    settle()
    with unit_of_work():
        first = trust_browser(desk(), "Firefox")
    with clock.at(now() + timedelta(days=31)):
        assert not trusts(desk().id, first)
        with unit_of_work():
            assert forget_old_trust() == 1
    with unit_of_work():
        second = trust_browser(desk(), "Firefox")
        remove_authenticator(actor_of(desk()), desk())
    assert not trusts(desk().id, second)


def test_a_proof_is_fresh_for_ten_minutes(context):
    settle()
    with unit_of_work():
        open_session(desk(), "Firefox", proved=True)
    session_id = sessions_of(desk().id)[0].id
    with pytest.raises(ProofNeeded):
        need_fresh_proof(desk().id, session_id)
    with unit_of_work():
        prove_session(session_id)
    need_fresh_proof(desk().id, session_id)
    with clock.at(now() + timedelta(minutes=11)), pytest.raises(ProofNeeded):
        need_fresh_proof(desk().id, session_id)


@pytest.fixture
def settled(app):
    """The desk has an application and a card; its codes."""
    with app.app_context():
        settle()
        return card()


def test_the_password_alone_does_not_open(client, settled):
    answer = client.submit("/connexion?suite=/prets", WAYS_IN)
    assert answer.headers["Location"] == "/connexion/second-facteur?suite=/prets"
    assert client.get("/prets").headers["Location"].startswith("/connexion?")
    assert client.submit("/connexion/second-facteur?suite=/prets", {"typed": "000000"}).status_code == 422
    answer = client.submit("/connexion/second-facteur?suite=/prets", {"typed": code()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/prets")
    assert client.get("/prets").status_code == 200


def test_without_the_password_there_is_no_second_step(client, settled):
    for method in (client.get, client.submit):
        assert method("/connexion/second-facteur").headers["Location"] == "/connexion"


def test_a_link_for_a_forgotten_password_does_not_go_round_it(app, client, settled):
    with app.app_context():
        with unit_of_work():
            ask_link(EMAIL)
        link = f"/mot-de-passe/{secret_of_link(db.session.query(PasswordLink).one())}"
    answer = client.submit(link, {"password": "quatre tasses vertes dehors"})
    assert answer.headers["Location"] == "/connexion/second-facteur"
    assert client.get("/").headers["Location"].startswith("/connexion")


def test_a_password_changed_meanwhile_ends_the_waiting(app, client, settled):
    client.submit("/connexion", WAYS_IN)
    with app.app_context(), unit_of_work():
        desk().password_hash = "another"
    assert client.get("/connexion/second-facteur").headers["Location"] == "/connexion"


def guessing(app, address):
    """Somebody who knows the password, at an address."""
    client = checking(app)
    client.environ_base["REMOTE_ADDR"] = address
    client.submit("/connexion", WAYS_IN)
    return client


def guess(client, count):
    return [client.submit("/connexion/second-facteur", {"typed": "000000"}).status_code for _each in range(count)]


def test_guesses_are_slowed_where_they_come_from_and_no_person_at_another_place(app, settled):
    assert guess(guessing(app, "192.0.2.1"), 6) == [422] * 5 + [429]
    person = guessing(app, "198.51.100.7")
    assert person.submit("/connexion/second-facteur", {"typed": settled[0]}).status_code == 303


def test_whoever_has_many_addresses_has_no_more_guesses_and_slows_no_browser_that_is_known(app, client, settled):
    client.submit("/connexion", WAYS_IN)
    client.submit("/connexion/second-facteur", {"typed": settled[0]})
    client.submit("/deconnexion")
    seen = [guess(guessing(app, f"192.0.2.{number}"), 5) for number in range(7)]
    assert seen[:6] == [[422] * 5] * 6
    assert 429 in seen[6]
    client.submit("/connexion", WAYS_IN)
    assert client.submit("/connexion/second-facteur", {"typed": settled[1]}).status_code == 303


@pytest.mark.both_databases
def test_a_browser_is_trusted_for_a_month_and_until_it_is_told_otherwise(client, settled):
    client.submit("/connexion", WAYS_IN)
    client.submit("/connexion/second-facteur", {"typed": settled[0], "trusted": "1"})
    client.submit("/deconnexion")
    assert client.submit("/connexion", WAYS_IN).headers["Location"] == "/"
    own = client.get("/compte/second-facteur").text
    client.submit(re.search(r"/compte/second-facteur/navigateurs/\d+/retirer", own)[0])
    client.submit("/deconnexion")
    assert client.submit("/connexion", WAYS_IN).headers["Location"].startswith("/connexion/second-facteur")


def test_set_up_on_the_page_then_printed(signed_in):
    client = signed_in(Role.DESK)
    page = client.get("/compte/second-facteur/application").text
    offer = re.search(r'name="offer" value="([^"]+)"', page)[1]
    secret = re.search(r'class="mono">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    again = client.submit("/compte/second-facteur/application", {"offer": offer, "typed": "000000"})
    assert (again.status_code, offer in again.text) == (422, True)
    forged = client.submit("/compte/second-facteur/application", {"offer": "x", "typed": "000000"})
    assert (forged.status_code, "Ce carré n" in forged.text) == (422, True)
    typed_now = totp.code_at(secret, totp.step_at(time.time()))
    answer = client.submit("/compte/second-facteur/application", {"offer": offer, "typed": typed_now})
    assert answer.headers["Location"] == "/compte/second-facteur/carte"
    codes = client.submit("/compte/second-facteur/carte", follow_redirects=True).text
    assert len(set(re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", codes))) == 10


def test_taking_it_away_asks_for_it_again(app, client, settled):
    with app.app_context():
        client.sign_in(EMAIL)
    with app.app_context(), unit_of_work() as writing:
        writing.execute(update(OpenSession).values(proved_at=now() - timedelta(hours=1)))
    answer = client.submit("/compte/second-facteur/application/retirer")
    assert answer.headers["Location"].startswith("/compte/preuve")
    assert client.submit("/compte/preuve", {"typed": "000000"}).status_code == 422
    with app.app_context():
        write_noted()
        assert db.session.query(SecurityEvent).filter_by(kind=SecurityKind.FACTOR_REFUSED).count() == 1
    assert client.submit("/compte/preuve?suite=/compte/second-facteur", {"typed": settled[0]}).status_code == 303
    assert client.submit("/compte/second-facteur/application/retirer").headers["Location"] == "/compte/second-facteur"
    with app.app_context():
        assert factors_of(desk().id).app_since is None


def test_roles_are_given_after_a_fresh_proof(app, signed_in):
    client = signed_in(Role.ADMIN)
    with app.app_context(), unit_of_work() as writing:
        administrator = account_by_email(people.EMAIL[Role.ADMIN])
        make_card(actor_of(administrator), administrator)
        writing.execute(update(OpenSession).values(proved_at=now() - timedelta(hours=1)))
        number = desk().id
        waits = invite(actor_of(administrator), name="Samuel", email="samuel@refurb.example", grants=[Grant(Role.ADMIN)]).id
    invitation = f"/comptes/invitations/{waits}"
    for page in (f"/comptes/{number}", f"/comptes/{number}/lien/1", invitation, f"{invitation}/feuille", "/compte/adresse"):
        assert client.get(page).headers["Location"].startswith("/compte/preuve"), page
    for deed in (f"/comptes/{number}", f"/comptes/{number}/lien", "/comptes", f"{invitation}/renvoyer", "/compte/adresse"):
        assert client.submit(deed, {"roles": "admin"}).headers["Location"].startswith("/compte/preuve"), deed
    asked = client.submit("/comptes", {"name": "Odette Invention"}).headers["Location"]
    assert 'value="Odette Invention"' in client.get(unquote(asked.partition("suite=")[2])).text, "what was typed waits"


def test_an_administrator_resets_it_on_the_page_of_the_person(app, signed_in, settled):
    with app.app_context():
        number = desk().id
    client = signed_in(Role.ADMIN)
    assert "application, posée le" in client.get(f"/comptes/{number}").text
    page = client.submit(f"/comptes/{number}/second-facteur/reinitialiser", follow_redirects=True).text
    assert "Pas de second facteur" in page
    assert people.NAME[Role.ADMIN] in page


def test_whoever_may_read_a_name_is_asked_for_one():
    asked = {Role.ADMIN, Role.COORDINATOR, Role.DESK, Role.ADVISER, Role.ORGANISER, Role.VISITOR, Role.TRAINER, Role.PRESCRIBER}
    assert {role for role in PERSONS if not sees_names({role}, proved=False)} == asked
    assert not sees_names({Role.TECHNICIAN, Role.DESK}, proved=False)
    assert sees_names({Role.DESK}, proved=True)
