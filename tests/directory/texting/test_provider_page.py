"""The SMS provider entered on screen: tried with a real message, saved when it was taken, its secret shown to nobody."""

import re

import pytest
from sqlalchemy import select

from refurb.directory.mailing.sealing import seal
from refurb.directory.policies.queries import standing_of
from refurb.directory.texting.actions import save_provider
from refurb.directory.texting.models import SmsSetting
from refurb.directory.texting.policy import TEXT_MESSAGES
from refurb.directory.texting.queries import entered_hook
from refurb.kernel.deeds import policy, texts
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.directory.policies.trying import adopted
from tests.directory.texting.sending import hook_to
from tests.support.sms_provider import FakeProvider, sms_provider
from tests.support.story import people

PAGE = "/sms"
SECRET = "secret du prestataire"


@pytest.fixture
def admin(app, signed_in):
    app.config["SMS_PRIVATE"] = True
    return signed_in(Role.ADMIN)


def typed(provider, **changes):
    hook = hook_to(provider)
    return {
        "url": hook.url, "shape": "query", "sender": "RELAIS", "headers": "", "body": hook.body, "secret": SECRET, "taken": hook.taken,
        "refused": hook.refused, "to": "06 39 98 12 34", **changes,
    }  # fmt: skip


def settings(app):
    with app.app_context():
        return list(db.session.scalars(select(SmsSetting).order_by(SmsSetting.number)))


def test_what_took_a_message_is_saved_and_the_secret_is_shown_to_nobody(app, admin):
    with sms_provider() as provider:
        assert admin.submit(PAGE, typed(provider)).status_code == 303
        (asked,) = provider.asked
        assert (asked["fields"]["to"], asked["fields"]["password"]) == ("0033639981234", SECRET)
        shown = admin.get(PAGE).text
        assert SECRET not in shown
        assert "Le prestataire prend nos messages" in shown
        assert admin.submit(PAGE, typed(provider, secret="")).status_code == 303, "the kept secret goes to the same address"
        assert provider.asked[1]["fields"]["password"] == SECRET
    first, second = settings(app)
    assert (first.sealed_secret, second.number) == (None, 2)
    assert SECRET not in str(vars(second))
    with app.app_context():
        assert entered_hook().secret == SECRET
        assert SECRET not in str([each.facts for each in db.session.scalars(select(Event))])
        assert "639981234" not in str([each.facts for each in db.session.scalars(select(Event))])
        app.config["SECRET_KEY"] = "another key, and long enough as well"
        assert entered_hook().secret is None


@pytest.mark.parametrize(
    ("manners", "field", "said"),
    [
        ({"status": 401, "text": "no"}, "secret", "ne nous connaît pas"),
        ({"text": '{"status":201,"message":"Invalid sender"}'}, "sender", "refuse ce message"),
        ({"text": "<h1>Bienvenue</h1>"}, "taken", "peut-être parti"),
        ({"manner": "cut"}, "taken", "peut-être parti"),
        ({"status": 429, "text": "slower"}, "url", "demande d’attendre"),
    ],
)
def test_what_was_not_taken_is_told_in_plain_words_beside_the_field(app, admin, manners, field, said):
    with sms_provider(**manners) as provider:
        answer = admin.submit(PAGE, typed(provider))
    assert answer.status_code == 422
    assert said in re.search(rf'id="f-{field}-e">.*?</p>', answer.text, re.DOTALL)[0]
    assert SECRET not in answer.text
    assert "06 39 98 12 34" in answer.text.replace("\u202f", " ")
    assert "pour votre informaticien" in answer.text
    assert settings(app) == []


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"to": "05 49 00 00 00"}, "to", "téléphone mobile"),
        ({"to": "bonjour"}, "to", "numéro"),
        ({"url": "ftp://sms.example/"}, "url", "https://"),
        ({"url": "https://moi:secret@sms.example/"}, "url", "https://"),
        ({"url": "https://nulle-part.invalid/"}, "url", "Personne ne répond"),
        ({"body": "message={text}"}, "body", "{text}"),
        ({"body": "{", "shape": "json"}, "body", "JSON"),
        ({"headers": "sans deux-points"}, "headers", "Nom: valeur"),
        ({"secret": ""}, "secret", "Tapez"),
    ],
)
def test_what_cannot_be_tried_is_said_before_any_message(app, admin, changes, field, said):
    with sms_provider() as provider:
        answer = admin.submit(PAGE, typed(provider, **changes))
        assert provider.asked == []
    assert answer.status_code == 422
    assert said in re.search(rf'id="f-{field}-e">.*?</p>', answer.text, re.DOTALL)[0]
    assert settings(app) == []


def test_a_kept_secret_leaves_by_no_other_request(app, admin):
    with sms_provider() as provider:
        told = typed(provider)
        admin.submit(PAGE, told)
        for changes in ({"body": "message={secret}"}, {"headers": "X-Other: {secret}"}, {"shape": "form"}, {"url": provider.url + "/x"}):
            answer = admin.submit(PAGE, told | {"secret": ""} | changes)
            assert "Tapez" in re.search(r'id="f-secret-e">.*?</p>', answer.text, re.DOTALL)[0]
        with app.app_context(), unit_of_work():
            db.session.scalars(select(SmsSetting)).one().sealed_secret = seal("x", "another purpose")
        assert "Tapez" in admin.submit(PAGE, told | {"secret": ""}).text, "a kept secret that no longer opens is none"
    assert len(provider.asked) == 1


def test_without_the_installation_s_word_no_private_address_and_no_http(app, admin):
    app.config["SMS_PRIVATE"] = False
    with sms_provider() as provider:
        plain = admin.submit(PAGE, typed(provider))
        private = admin.submit(PAGE, typed(provider, url=provider.url.replace("http:", "https:")))
        assert provider.asked == []
    assert "commence par https://" in plain.text
    assert "réseau privé" in private.text
    assert (plain.status_code, private.status_code) == (422, 422)


def test_a_demonstration_tries_no_provider(app, admin):
    app.config["DEMO"] = True
    with sms_provider() as provider:
        assert admin.submit(PAGE, typed(provider)).status_code == 409
        assert provider.asked == []


def test_only_who_may_set_the_service_sees_and_saves(signed_in, context):
    with pytest.raises(Forbidden), unit_of_work():
        save_provider(people.actor(Role.COORDINATOR), hook_to(FakeProvider()), dialogue=())
    assert signed_in(Role.COORDINATOR).get(PAGE).status_code == 403


def test_ready_requests_fill_the_form(admin):
    shown = admin.get(f"{PAGE}?modele=brevo").text
    assert "https://api.brevo.com/v3/transactionalSMS/send" in shown
    assert "api-key: {secret}" in shown
    assert "http2sms.cgi" in admin.get(f"{PAGE}?modele=ovhcloud").text


def test_a_text_that_was_adopted_stays_in_force_however_long_it_is_found_later(context, monkeypatch):
    monkeypatch.setattr(texts, "MOST_PARTS", 30)
    adopted("text_messages", ("une place s'est libérée", "a" * 500))
    monkeypatch.undo()
    policy.forget()
    assert "aaa" in TEXT_MESSAGES.in_force().say("waits", until="x", link="y", house="z", stop="w"), "not in the product's words"
    assert standing_of(TEXT_MESSAGES).unusable == ()


def test_a_text_says_how_long_it_is_and_more_than_three_messages_are_refused_beside_it(admin):
    shown = admin.get("/regles/text_messages/essai").text
    assert re.search(r"Environ \d+ signes, champs compris", shown)
    entered = {"loans.fr": "a" * 500 + " {lien}", "seen": "0"}
    answer = admin.submit("/regles/text_messages/essai", entered)
    assert "3 au plus" in answer.text.replace("\u202f", " ").replace("\xa0", " ")


def test_two_presses_of_the_same_form_try_one_message(app, admin):
    with sms_provider() as provider:
        told = typed(provider) | {"_key": "the same form"}
        assert admin.submit(PAGE, told).status_code == 303
        assert admin.submit(PAGE, told).status_code == 409
        assert len(provider.asked) == 1
    with sms_provider(status=401, text="no") as provider:
        told = typed(provider) | {"_key": "another form"}
        assert admin.submit(PAGE, told).status_code == 422
        assert admin.submit(PAGE, told).status_code == 409, "nothing leaves a second time"
        assert len(provider.asked) == 1
