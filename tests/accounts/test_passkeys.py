"""Keys as a second factor: one that was registered comes in; what is forged, replayed, copied or of somebody else does not."""

import html
import json
import re
from datetime import timedelta

import pytest

from refurb.accounts.actions import open_session
from refurb.accounts.factors.actions import ProofNeeded, WrongCode, need_fresh_proof, reset_factors, trust_browser
from refurb.accounts.factors.passkeys.actions import (
    MOST_KEYS,
    ChallengeOver,
    MostPasskeys,
    NoPasskeysHere,
    PasskeyCopied,
    PasskeyKnown,
    PasskeyRefused,
    add_passkey,
    asked_of_known,
    asked_of_new,
    forget_challenges,
    prove_with_key,
    remove_passkey,
)
from refurb.accounts.factors.passkeys.protocol import Obstacle, RelyingParty, place_of
from refurb.accounts.factors.passkeys.queries import passkeys_of
from refurb.accounts.factors.queries import factors_of, has_factor, trusts
from refurb.accounts.models import OpenSession
from refurb.accounts.queries import account_by_email, actor_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind, write_noted
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound
from tests.support.passkey import PRESENT, SoftKey
from tests.support.story import people

HERE = "session 1"
WAYS_IN = {"email": people.EMAIL[Role.DESK], "password": people.PASSWORD}


@pytest.fixture(autouse=True)
def at_a_name(app, monkeypatch):
    """The service at an address at which keys serve."""
    monkeypatch.setitem(app.config, "BASE_URL", "https://refurb.example")


def account_of(role=Role.DESK):
    return account_by_email(people.EMAIL[role])


def register(key, role=Role.DESK, *, asked=None, browser=HERE):
    account = account_of(role)
    answer = key.register(asked or asked_of_new(account, HERE, service="Le Relais"))
    with unit_of_work():
        return add_passkey(actor_of(account), account, name="clé bleue", answer=answer, browser=browser)


def prove(answer, role=Role.DESK, *, browser=HERE):
    with unit_of_work():
        prove_with_key(account_of(role), answer=answer, browser=browser)


def asked(role=Role.DESK):
    return asked_of_known(account_of(role), HERE)


def test_a_key_that_was_registered_proves_and_is_on_record(context):
    key = SoftKey()
    register(key)
    event = last_event(account_of())
    assert (event.move, event.facts["factor"], has_factor(account_of().id)) == ("factor_added", "key", True)
    prove(key.prove(asked()))
    (kept,) = passkeys_of(account_of().id)
    assert (kept.name, kept.used_at is not None, factors_of(account_of().id).types_codes) == ("clé bleue", True, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://refurb.example.evil.example"},
        {"origin": "http://refurb.example"},
        {"place": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
)
def test_an_answer_for_another_place_or_without_the_person_registers_and_proves_nothing(context, wrong):
    with pytest.raises(PasskeyRefused):
        register(SoftKey(**wrong))
    key = SoftKey()
    register(key)
    for name, value in wrong.items():
        setattr(key, name, value)
    with pytest.raises(PasskeyRefused):
        prove(key.prove(asked()))


def test_a_challenge_is_answered_once_here_and_within_ten_minutes(context):
    key = SoftKey()
    register(key)
    answer = key.prove(asked())
    prove(answer)
    with pytest.raises(ChallengeOver):
        prove(answer)
    with pytest.raises(ChallengeOver):
        prove(key.prove(asked()), browser="session 2")
    late = key.prove(asked())
    with clock.at(now() + timedelta(minutes=11)), unit_of_work():
        assert forget_challenges() == 2
    challenge = json.dumps({"challenge": "Zm9yZ2Vk"})
    with pytest.raises(ChallengeOver):
        prove(key.prove(challenge))
    prove(late)


def test_what_was_asked_of_a_new_key_proves_nothing_and_the_other_way_round(context):
    key = SoftKey()
    register(key)
    with pytest.raises(ChallengeOver):
        prove(key.prove(asked_of_new(account_of(), HERE, service="Le Relais")))
    with pytest.raises(ChallengeOver):
        register(SoftKey(), asked=asked())


def test_a_key_opens_no_other_account(context):
    own, other = SoftKey(), SoftKey()
    register(own)
    register(other, Role.ADMIN)
    with pytest.raises(PasskeyRefused):
        prove(own.prove(asked(Role.ADMIN)), Role.ADMIN)
    with pytest.raises(ChallengeOver):
        prove(own.prove(asked()), Role.ADMIN)
    with pytest.raises(PasskeyKnown):
        register(own, Role.ADMIN)


def test_an_answer_signed_by_another_key_is_refused(context):
    key = SoftKey()
    register(key)
    forged = SoftKey(credential=key.credential)
    with pytest.raises(PasskeyRefused):
        prove(forged.prove(asked()))


def test_a_key_whose_count_goes_back_is_told_to_be_a_copy(context):
    key = SoftKey(count=7)
    register(key)
    prove(key.prove(asked()))
    copy = SoftKey(key=key.key, credential=key.credential, count=6)
    with pytest.raises(PasskeyCopied):
        prove(copy.prove(asked()))
    prove(key.prove(asked()))


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", "null", '{"id": 1}', '{"response": {"clientDataJSON": "e30"}}', "[" * 9000])
def test_what_is_no_answer_is_refused(context, answer):
    register(SoftKey())
    with pytest.raises(WrongCode):
        prove(answer)


def test_parts_of_an_answer_that_are_not_what_they_should_be_are_refused(context):
    key = SoftKey()
    register(key)
    for part in ("authenticatorData", "signature"):
        for content in ("", "AAAA", "é", None, 7):
            answer = json.loads(key.prove(asked()))
            answer["response"][part] = content
            with pytest.raises(PasskeyRefused):
                prove(json.dumps(answer))
    for content in ("", "AAAA", "oWNmbXQ", None):
        answer = json.loads(SoftKey().register(asked_of_new(account_of(), HERE, service="Le Relais")))
        answer["response"]["attestationObject"] = content
        with pytest.raises(PasskeyRefused), unit_of_work():
            add_passkey(actor_of(account_of()), account_of(), name="x", answer=json.dumps(answer), browser=HERE)


def test_a_key_is_taken_away_by_its_owner_and_trust_goes_with_it(context):
    key = SoftKey()
    number = register(key).id
    with unit_of_work():
        secret = trust_browser(account_of(), "Firefox")
        open_session(account_of(), "Firefox", proved=True, proved_at=now())
    with pytest.raises(NotFound), unit_of_work():
        remove_passkey(actor_of(account_of(Role.ADMIN)), account_of(Role.ADMIN), number)
    with unit_of_work():
        remove_passkey(actor_of(account_of()), account_of(), number)
    assert (has_factor(account_of().id), trusts(account_of().id, secret), asked()) == (False, False, None)
    db.session.expire_all()
    assert not db.session.query(OpenSession).filter_by(account_id=account_of().id).one().proved


def test_a_reset_takes_keys_away_too(context):
    register(SoftKey())
    with unit_of_work():
        reset_factors(people.actor(Role.ADMIN), account_of())
    assert not has_factor(account_of().id)


def test_an_account_has_so_many_keys_at_most(context):
    for _each in range(MOST_KEYS):
        register(SoftKey())
    with pytest.raises(MostPasskeys):
        register(SoftKey())


def test_where_keys_serve():
    assert place_of("https://refurb.example/") == RelyingParty("refurb.example", "https://refurb.example")
    assert place_of("https://refurb.example:8443").origin == "https://refurb.example:8443"
    assert place_of("https://refurb.example:443").origin == "https://refurb.example"
    said = {"http://127.0.0.1:8000": Obstacle.NUMBERS, "https://[::1]": Obstacle.NUMBERS, "http://refurb.example": Obstacle.OPEN}
    assert {address: place_of(address).obstacle for address in said} == said
    for address in ("http://localhost:8000", "https://refurb.example"):
        assert place_of(address).obstacle is None


@pytest.mark.parametrize("address,why", [("http://192.0.2.4", "faite de chiffres"), ("http://refurb.example", "pas chiffrée")])
def test_where_they_do_not_serve_the_page_says_why(app, signed_in, address, why):
    app.config["BASE_URL"] = address
    assert why in signed_in(Role.DESK).get("/compte/second-facteur/cle").text
    with app.app_context(), pytest.raises(NoPasskeysHere), unit_of_work():
        add_passkey(actor_of(account_of()), account_of(), name="x", answer="", browser=HERE)


def asked_on(page):
    return html.unescape(re.search(r'data-asked="([^"]+)"', page)[1])


def test_registered_on_the_page_then_used_to_come_in(app, client, signed_in):
    key, own = SoftKey(), signed_in(Role.DESK)
    page = own.get("/compte/second-facteur/cle").text
    refused = own.submit("/compte/second-facteur/cle", {"name": "", "answer": key.register(asked_on(page))})
    assert (refused.status_code, asked_on(refused.text) != asked_on(page)) == (422, True)
    refused = own.submit("/compte/second-facteur/cle", {"name": "clé bleue", "answer": ""})
    assert refused.status_code == 422
    assert "pas encore été demandée" in refused.text
    answer = own.submit("/compte/second-facteur/cle", {"name": "clé bleue", "answer": key.register(asked_on(page))})
    assert answer.headers["Location"] == "/compte/second-facteur/carte"
    assert "clé bleue" in own.get("/compte/second-facteur").text

    client.submit("/connexion?suite=/prets", WAYS_IN)
    step = client.get("/connexion/second-facteur?suite=/prets").text
    assert 'name="typed"' not in step
    assert client.submit("/connexion/second-facteur", {}).status_code == 422
    assert client.submit("/connexion/second-facteur", {"answer": "{}"}).status_code == 422
    with app.app_context():
        write_noted()
        assert db.session.query(SecurityEvent).filter_by(kind=SecurityKind.FACTOR_REFUSED).count() == 1
    answer = client.submit("/connexion/second-facteur?suite=/prets", {"answer": key.prove(asked_on(step)), "trusted": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/prets")
    assert client.get("/prets").status_code == 200


def test_an_answer_of_one_browser_opens_no_other(app, client, signed_in):
    key, own = SoftKey(), signed_in(Role.DESK)
    own.submit("/compte/second-facteur/cle", {"name": "x", "answer": key.register(asked_on(own.get("/compte/second-facteur/cle").text))})
    client.submit("/connexion", WAYS_IN)
    answer = key.prove(asked_on(client.get("/connexion/second-facteur").text))
    thief = app.test_client()
    assert answer not in thief.get("/connexion").text
    client.submit("/connexion", WAYS_IN)  # Waits anew: what was asked before is over.
    assert client.submit("/connexion/second-facteur", {"answer": answer}).status_code == 422


@pytest.mark.both_databases
def test_a_key_is_a_fresh_proof(app, signed_in):
    key, own = SoftKey(), signed_in(Role.DESK)
    own.submit("/compte/second-facteur/cle", {"name": "x", "answer": key.register(asked_on(own.get("/compte/second-facteur/cle").text))})
    with app.app_context(), unit_of_work() as writing:
        session = writing.query(OpenSession).filter_by(account_id=account_of().id).one()
        session.proved_at = now() - timedelta(hours=1)
        number, account_id = session.id, account_of().id
    with app.app_context(), pytest.raises(ProofNeeded):
        need_fresh_proof(account_id, number)
    step = own.get("/compte/preuve").text
    assert own.submit("/compte/preuve", {"answer": key.prove(asked_on(step))}).status_code == 303
    with app.app_context():
        need_fresh_proof(account_id, number)
