"""The request to an SMS provider, against one that listens: what it sends, and what each answer means."""

import socket

import pytest

from refurb.directory.texting import hook as hooks
from refurb.directory.texting.hook import (
    BadTemplate,
    MessageRefused,
    OutcomeUnknown,
    ProviderAway,
    ProviderLater,
    ProviderPrivate,
    ProviderRefusesUs,
    ShortMessage,
    SmsHook,
    SmsShape,
    check_template,
    hand_over,
)
from refurb.directory.texting.providers import BREVO, OVHCLOUD
from tests.support.sms_provider import REFUSED, sms_provider

SECRET = 'mot de "passe" & clé'
MESSAGE = ShortMessage("+33639981234", 'Rendez-vous à 14 h "chez" nous & {secret}', "abc123")


def asking(url, ready=OVHCLOUD, **changes):
    facts = {name: getattr(ready, name) for name in ("shape", "headers", "body", "taken", "refused")}
    return SmsHook(**{"url": url, "sender": "RELAIS", "secret": SECRET, **facts, **changes})


def told(provider, hook=None):
    lines = []
    hand_over(hook or asking(provider.url), MESSAGE, lines.append, private=True)
    return lines


def test_the_documented_request_of_ovhcloud_carries_all_in_its_address():
    with sms_provider() as provider:
        lines = told(provider)
        (asked,) = provider.asked
    assert (asked["method"], asked["path"]) == ("GET", "/sms/send")
    assert asked["fields"] == {
        "account": "sms-xx11111-1", "login": "utilisateur", "password": SECRET, "from": "RELAIS", "to": "0033639981234",
        "message": MESSAGE.text, "noStop": "1", "tag": "abc123", "contentType": "application/json",
    }  # fmt: skip
    said = "\n".join(lines)
    assert "passe" not in said
    assert "639981234" not in said, "what is in the address stays out of the dialogue"
    assert "< 200" in lines


def test_the_documented_request_of_brevo_is_json_that_no_text_breaks():
    with sms_provider(status=201, text='{"messageId": 1511882900176220}') as provider:
        hook = asking(provider.url, BREVO, secret="une-cle")
        lines = told(provider, hook)
        (asked,) = provider.asked
    assert asked["fields"] == {
        "sender": "RELAIS", "recipient": "33639981234", "content": MESSAGE.text, "type": "transactional", "tag": ["abc123"],
    }  # fmt: skip
    assert asked["headers"]["api-key"] == "une-cle"
    assert "une-cle" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("manners", "meant"),
    [
        ({"text": REFUSED}, MessageRefused),
        ({"text": "<h1>Bienvenue</h1>"}, OutcomeUnknown),
        ({"text": ""}, OutcomeUnknown),
        ({"status": 302}, ProviderRefusesUs),
        ({"status": 400, "text": "no"}, MessageRefused),
        ({"status": 401, "text": "who?"}, ProviderRefusesUs),
        ({"status": 402, "text": "pay"}, ProviderRefusesUs),
        ({"status": 408, "text": "late"}, OutcomeUnknown),
        ({"status": 429, "text": "slower"}, ProviderLater),
        ({"status": 500, "text": "oh"}, OutcomeUnknown),
        ({"status": 503}, OutcomeUnknown),
        ({"manner": "cut"}, OutcomeUnknown),
    ],
)
def test_each_answer_has_one_meaning_and_is_asked_for_once(manners, meant):
    with sms_provider(**manners) as provider:
        with pytest.raises(meant):
            told(provider)
        assert len(provider.asked) == 1


@pytest.mark.parametrize("manner", ["never", "drip"])
def test_who_never_comes_to_an_end_is_left_in_time(manner, monkeypatch):
    monkeypatch.setattr(hooks, "PATIENCE", 0.3)
    with sms_provider(manner=manner) as provider, pytest.raises(OutcomeUnknown):
        told(provider)


def test_an_answer_that_goes_on_counts_once():
    with sms_provider(manner="twice") as provider:
        assert "< 200" in told(provider)


def test_where_nobody_listens_nothing_was_sent():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(ProviderAway):
            hand_over(asking(f"http://127.0.0.1:{probe.getsockname()[1]}/"), MESSAGE, private=True)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.8",
        "192.168.1.4",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001::1]",
        "[fec0::1]",
    ],
)
def test_a_private_address_is_asked_nothing(host):
    with sms_provider() as provider:
        with pytest.raises(ProviderPrivate):
            hand_over(asking(f"http://{host}:{provider.port}/"), MESSAGE)
        assert provider.asked == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"headers": "no colon"}, "headers"),
        ({"headers": "Host: elsewhere"}, "headers"),
        ({"headers": "X-Key: {numero}"}, "headers"),
        ({"headers": "X-Key: {secret}", "secret": "a\r\nb: c"}, "headers"),
        ({"body": "message"}, "body"),
        ({"body": "message={text}"}, "body"),
        ({"body": "message={texte}", "shape": SmsShape.JSON}, "body"),
    ],
)
def test_a_template_that_makes_no_request_is_told(changes, where):
    with pytest.raises(BadTemplate) as refused:
        check_template(asking("https://sms.example/", **changes))
    assert refused.value.where == where
