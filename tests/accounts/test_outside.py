"""Sign-in by another service: who is linked comes in, nobody else; what is forged is refused, whatever was forged."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from joserfc.jwk import ECKey

from refurb.accounts.actions import find_signing_in
from refurb.accounts.factors.actions import make_card, reset_factors
from refurb.accounts.invitations.actions import InvitationOver, invite
from refurb.accounts.invitations.queries import code_of
from refurb.accounts.models import OpenSession
from refurb.accounts.outside import provider as outside_provider
from refurb.accounts.outside import views
from refurb.accounts.outside.actions import (
    AnotherAddress,
    LinkedAlready,
    NoOtherWayIn,
    UnknownOutsider,
    UnverifiedAddress,
    accept_as,
    come_in,
    link_account,
    unlink,
)
from refurb.accounts.outside.provider import Outsider, Provider
from refurb.accounts.outside.queries import account_of_outsider, identities_of
from refurb.accounts.passwords.models import PasswordLink
from refurb.accounts.people.actions import close_account
from refurb.accounts.queries import account_by_email, actor_of
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind, write_noted
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, NotFound
from refurb.kernel.web.brake import Brake
from tests.support.outside_provider import CLIENT, SECRET, fake_provider, make_known, others_provider, shared_key
from tests.support.serving import free_port
from tests.support.story import people

EMAIL = people.EMAIL[Role.DESK]
NEW = "samuel@refurb.example"
ADA = Outsider("https://there.example", "ada", EMAIL, proved=False)


def desk():
    return account_by_email(EMAIL)


def link(outsider=ADA, role=Role.DESK):
    account = account_by_email(people.EMAIL[role])
    with unit_of_work():
        link_account(actor_of(account), account, outsider)


def invitation(role=Role.DESK):
    with unit_of_work():
        return invite(people.actor(Role.ADMIN), name="Samuel", email=NEW, grants=[Grant(role)])


def test_who_is_linked_comes_in_and_it_is_on_record(context):
    link()
    assert last_event(desk()).move == "identity_linked"
    with unit_of_work():
        assert come_in(ADA).id == desk().id
    (kept,) = identities_of(desk().id)
    assert (kept.issuer, kept.subject, kept.used_at is not None) == (ADA.issuer, "ada", True)


@pytest.mark.parametrize("other", [replace(ADA, subject="bob"), replace(ADA, issuer="https://elsewhere.example")])
def test_nobody_else_does_not_even_with_the_same_address(context, other):
    link()
    with pytest.raises(UnknownOutsider), unit_of_work():
        come_in(other)


def test_a_closed_account_is_nobody_s(context):
    link()
    with unit_of_work():
        close_account(people.actor(Role.ADMIN), desk())
    assert account_of_outsider(ADA.issuer, "ada") is None


def test_an_address_that_is_not_verified_or_another_links_nothing(context):
    for outsider, refusal in ((replace(ADA, email=None), UnverifiedAddress), (replace(ADA, email=NEW), AnotherAddress)):
        with pytest.raises(refusal):
            link(outsider)
    link(replace(ADA, email=EMAIL.upper()))


def test_one_identity_is_one_account_s(context):
    link()
    with pytest.raises(LinkedAlready):
        link(replace(ADA, subject="bob"))
    with pytest.raises(LinkedAlready):
        link(replace(ADA, email=people.EMAIL[Role.ADMIN]), Role.ADMIN)


def test_an_invitation_is_accepted_by_whose_address_it_was_for(context):
    waits = invitation()
    for outsider, refusal in ((replace(ADA, email=None), UnverifiedAddress), (ADA, AnotherAddress)):
        with pytest.raises(refusal), unit_of_work():
            accept_as(waits, outsider, language="fr")
    assert account_by_email(NEW) is None
    with unit_of_work():
        account = accept_as(waits, replace(ADA, email=NEW), language="fr")
    assert account.password_hash == ""
    assert find_signing_in(NEW, "") is None
    with pytest.raises(InvitationOver), unit_of_work():
        accept_as(waits, replace(ADA, email=NEW, subject="bob"), language="fr")


def test_a_link_is_taken_away_by_its_owner_who_has_a_password(context):
    link()
    (kept,) = identities_of(desk().id)
    admin = account_by_email(people.EMAIL[Role.ADMIN])
    with pytest.raises(NotFound), unit_of_work():
        unlink(actor_of(admin), admin, kept.id)
    with unit_of_work():
        unlink(actor_of(desk()), desk(), kept.id)
    assert account_of_outsider(ADA.issuer, "ada") is None
    waits = invitation()
    with unit_of_work():
        account = accept_as(waits, replace(ADA, email=NEW), language="fr")
    (kept,) = identities_of(account.id)
    with pytest.raises(NoOtherWayIn), unit_of_work():
        unlink(actor_of(account), account, kept.id)


def test_an_administrator_takes_a_link_away_and_a_reset_takes_all(context):
    link()
    (kept,) = identities_of(desk().id)
    with pytest.raises(Forbidden), unit_of_work():
        unlink(people.actor(Role.COORDINATOR), desk(), kept.id)
    waits = invitation()
    with unit_of_work():
        account = accept_as(waits, replace(ADA, email=NEW, subject="bob"), language="fr")
    (other,) = identities_of(account.id)
    with pytest.raises(NotFound), unit_of_work():
        unlink(people.actor(Role.ADMIN), desk(), other.id)
    with unit_of_work():
        unlink(people.actor(Role.ADMIN), account, other.id)
        reset_factors(people.actor(Role.ADMIN), desk())
    assert (identities_of(account.id), identities_of(desk().id)) == ([], [])
    assert last_event(account).move == "identity_unlinked"


# --- by the pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def nobody_came_before(monkeypatch):
    """The brake on arrivals and what is known of providers, as a service that has just started has it."""
    monkeypatch.setattr(views, "arrivals", Brake(20, 60.0))
    monkeypatch.setattr(outside_provider, "_failed", {})


def test_whoever_comes_back_from_nowhere_is_slowed(client, there):
    seen = [client.get("/connexion/externe/retour?code=x&state=y").status_code for _each in range(21)]
    assert seen == [422] * 20 + [429]


@pytest.fixture
def there(app, monkeypatch):
    """A provider that says what it is told to say, as that of the settings."""
    with fake_provider() as provider:
        provider.told = {"email": EMAIL, "email_verified": True}
        monkeypatch.setitem(app.config, "OIDC", known(provider))
        yield provider


def known(provider, **changes):
    usual = {"name": "Service d'ailleurs", "scopes": "openid email", "vouches": False, "proving": ()}
    return Provider(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, **usual | changes)


def linked(app, provider, role=Role.DESK):
    with app.app_context():
        link(Outsider(provider.issuer, "ada", people.EMAIL[role], proved=False), role)


def to_and_back(client, provider, start="/connexion/externe?suite=/prets"):
    """Sent away, signed in there, back: the answer of the page that she comes back to."""
    return client.get(provider.arrive(client.get(start).headers["Location"]))


def test_away_and_back_and_in(app, client, there):
    linked(app, there)
    assert "Entrer avec Service d" in client.get("/connexion").text
    asked = client.get("/connexion/externe?suite=/prets").headers["Location"]
    assert {"code_challenge_method=S256", "response_type=code", "scope=openid+email"} <= set(urlsplit(asked).query.split("&"))
    back = there.arrive(asked)
    assert client.get(back).status_code == 200
    assert there.authorization.startswith("Basic ")
    answer = client.submit("/connexion/externe/entrer")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/prets")
    assert client.get("/prets").status_code == 200
    with app.app_context():
        assert not db.session.query(OpenSession).filter_by(account_id=desk().id).one().proved


def test_who_came_back_comes_back_once_and_in_her_own_browser(app, client, there):
    linked(app, there)
    back = there.arrive(client.get("/connexion/externe").headers["Location"])
    assert app.test_client().get(back).status_code == 422
    assert client.get(back).status_code == 200
    assert client.get(back).status_code == 422
    assert client.submit("/connexion/externe/entrer").status_code == 422, "the second arrival ended the first"
    for state in ("x" * 32, "%C3%A9t%C3%A9", "%ff", ""):
        client.get("/connexion/externe")
        assert client.get(back.replace(there.asked["state"], state)).status_code == 422


def test_an_account_is_never_opened_nor_found_by_an_address(app, client, there):
    assert to_and_back(client, there).status_code == 200
    assert client.submit("/connexion/externe/entrer").status_code == 403
    with app.app_context():
        assert identities_of(desk().id) == []
        write_noted()
        assert db.session.query(SecurityEvent).filter_by(kind=SecurityKind.SIGN_IN_FAILED).count() == 1


FORGED = {
    "no signature": {"header": {"alg": "none"}},
    "the client's secret as a key": {"header": {"alg": "HS256"}, "signing": shared_key()},
    "another key": {"signing": ECKey.generate_key("P-256", {"kid": "one"})},
    "a key that is not known": {"header": {"kid": "two"}},
    "for another client": {"claims": {"aud": "another"}},
    "for several, and for another": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "for several, without saying for whom": {"claims": {"aud": [CLIENT, "another"]}},
    "for nobody": {"claims": {"aud": None}},
    "of another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "past its time": {"claims": {"exp": int(time.time()) - 3600}},
    "without a time": {"claims": {"exp": None}},
    "nobody": {"claims": {"sub": None}},
    "somebody else than the userinfo": {"told": {"sub": "bob"}},
    "userinfo signed by another key": {"userinfo_signing": ECKey.generate_key("P-256", {"kid": "one"})},
    "no token": {"token": {"access_token": "access"}},
    "another issuer than was asked": {"about": {"issuer": "https://elsewhere.example"}},
    "an endpoint in the clear": {"about": {"token_endpoint": "ftp://there.example"}},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_what_is_forged_opens_nothing(app, client, there, forged):
    linked(app, there)
    address = client.get("/connexion/externe").headers.get("Location")
    if "about" in forged:
        there.about = forged["about"]
        app.config["OIDC"] = replace(app.config["OIDC"], issuer=f"{there.issuer}/")
        there.about.setdefault("issuer", f"{there.issuer}/")
        assert client.get("/connexion/externe").status_code == 502
        return
    for name, value in forged.items():
        setattr(there, name, value)
    assert client.get(there.arrive(address)).status_code == 502
    assert client.submit("/connexion/externe/entrer").status_code == 422


def test_a_code_that_is_not_the_provider_s_or_a_refusal_there_opens_nothing(client, there):
    address = client.get("/connexion/externe").headers["Location"]
    assert client.get(there.arrive(address, code="forged")).status_code == 502
    back = there.arrive(client.get("/connexion/externe").headers["Location"])
    assert client.get(back.replace("code=code", "error=access_denied")).status_code == 502


def test_a_provider_that_is_away_is_told(app, client, there):
    app.config["OIDC"] = replace(app.config["OIDC"], issuer=f"http://127.0.0.1:{free_port()}")
    assert client.get("/connexion/externe").status_code == 502


def failed_ones(app):
    with app.app_context():
        write_noted()
        return db.session.query(SecurityEvent).filter_by(kind=SecurityKind.SIGN_IN_FAILED).count()


def test_a_provider_that_is_away_is_asked_and_logged_once_in_a_while(app, client, there, monkeypatch):
    asked = []

    def refuses(request, **_how):
        asked.append(request.full_url)
        raise URLError("away")

    monkeypatch.setattr(outside_provider._opener, "open", refuses)
    app.config["OIDC"] = replace(app.config["OIDC"], issuer="http://away.example")
    assert [client.get("/connexion/externe").status_code for _each in range(30)] == [502] * 30
    assert (len(asked), failed_ones(app)) == (1, 1)
    monkeypatch.setattr(outside_provider, "AWAY_FOR", 0)
    assert [client.get("/connexion/externe").status_code for _each in range(20)] == [502] * 19 + [429]
    assert len(asked) == 20, "the address waits now, and the provider is left alone"


def test_a_slow_provider_takes_few_threads(app, there, monkeypatch):
    asking, go_on = threading.Semaphore(0), threading.Event()

    def hangs(_request, **_how):
        asking.release()
        go_on.wait(20)
        raise URLError("away")

    def ask():
        return app.test_client().get("/connexion/externe").status_code

    monkeypatch.setattr(outside_provider._opener, "open", hangs)
    monkeypatch.setattr(outside_provider, "QUEUE", 0)
    app.config["OIDC"] = replace(app.config["OIDC"], issuer="http://slow.example")
    with ThreadPoolExecutor(outside_provider.AT_ONCE) as pool:
        waiting = [pool.submit(ask) for _each in range(outside_provider.AT_ONCE)]
        assert all(asking.acquire(timeout=20) for _each in waiting)
        assert ask() == 502
        assert not any(each.done() for each in waiting), "it was told at once"
        go_on.set()
        assert [each.result(20) for each in waiting] == [502] * outside_provider.AT_ONCE
    assert failed_ones(app) == outside_provider.AT_ONCE


def test_a_new_key_of_the_provider_is_fetched(app, client, there):
    linked(app, there)
    to_and_back(client, there)
    there.key = ECKey.generate_key("P-256", {"kid": "two"})
    there.header = {"kid": "two"}
    assert to_and_back(client, there).status_code == 200


def test_userinfo_that_is_signed_is_read_as_proconnect_sends_it(app, client, there):
    """ProConnect: userinfo is a signed token, names are `given_name` and `usual_name`, and no `email_verified` is among the claims."""
    there.userinfo_signing = there.key
    there.told = {"email": EMAIL, "given_name": "Yann", "usual_name": "Le Goff", "siret": "13002526500013", "uid": "42"}
    with app.app_context():
        client.sign_in(EMAIL)
    assert to_and_back(client, there, "/compte/connexion-externe").status_code == 200
    assert client.submit("/connexion/externe/entrer").status_code == 422, "nobody said that the address is verified"
    app.config["OIDC"] = known(there, vouches=True)
    to_and_back(client, there, "/compte/connexion-externe")
    assert client.submit("/connexion/externe/entrer").headers["Location"] == "/compte/connexions"


@pytest.mark.both_databases
def test_linked_while_signed_in_and_unlinked(app, client, there):
    with app.app_context():
        client.sign_in(EMAIL)
    assert to_and_back(client, there, "/compte/connexion-externe").status_code == 200
    assert client.submit("/connexion/externe/entrer").headers["Location"] == "/compte/connexions"
    page = client.get("/compte/connexions").text
    deed = re.search(r"/compte/connexion-externe/\d+/retirer", page)[0]
    assert client.submit(deed).headers["Location"] == "/compte/connexions"
    with app.app_context():
        assert identities_of(desk().id) == []


def test_an_administrator_unlinks_on_the_page_of_the_person(app, signed_in):
    with app.app_context():
        waits = invitation()
        with unit_of_work():
            number = accept_as(waits, replace(ADA, email=NEW), language="fr").id
    admin = signed_in(Role.ADMIN)
    page = admin.get(f"/comptes/{number}").text
    assert ADA.issuer in page
    assert "n&#39;a pas de mot de passe" in page or "n’a pas de mot de passe" in page
    deed = re.search(rf"/comptes/{number}/connexion-externe/\d+/retirer", page)[0]
    assert signed_in(Role.COORDINATOR).submit(deed).status_code == 403
    assert admin.submit(deed).headers["Location"] == f"/comptes/{number}"
    page = admin.get(f"/comptes/{number}").text
    assert ADA.issuer not in page
    assert f"/comptes/{number}/lien" in page


def test_who_has_no_password_is_offered_one_where_it_would_be_asked(app, client):
    with app.app_context():
        client.sign_in(EMAIL)
        with unit_of_work():
            desk().password_hash = ""
    for page in ("/compte/mot-de-passe", "/compte/adresse"):
        shown = client.get(page)
        assert shown.status_code == 200
        assert 'name="current"' not in shown.text
        assert f'name="email" value="{EMAIL}"' in shown.text
    assert client.submit("/mot-de-passe-oublie", {"email": EMAIL}).status_code == 200
    with app.app_context():
        assert db.session.query(PasswordLink).count() == 1


def test_what_one_person_began_links_no_other(app, client, there):
    with app.app_context():
        client.sign_in(EMAIL)
    to_and_back(client, there, "/compte/connexion-externe")
    with client.session_transaction() as kept:
        waiting = dict(kept["outside"])
    with app.app_context():
        client.sign_in(people.EMAIL[Role.ADMIN])
    with client.session_transaction() as kept:
        kept["outside"] = waiting
    assert client.submit("/connexion/externe/entrer").status_code == 422


def test_an_unverified_address_links_nothing(app, client, there):
    there.told = {"email": EMAIL, "email_verified": False}
    app.config["OIDC"] = known(there, vouches=True)
    with app.app_context():
        client.sign_in(EMAIL)
    to_and_back(client, there, "/compte/connexion-externe")
    assert client.submit("/connexion/externe/entrer").status_code == 422


def test_an_invitation_is_accepted_by_the_page(app, client, there):
    with app.app_context():
        code = code_of(invitation())
    there.told = {"email": NEW, "email_verified": True}
    assert "Service d" in client.get(f"/i/{code}").text
    assert to_and_back(client, there, f"/i/{code}/externe").status_code == 200
    assert client.submit("/connexion/externe/entrer").headers["Location"] == "/compte/second-facteur/choix"
    client.submit("/deconnexion")
    to_and_back(client, there)
    assert client.submit("/connexion/externe/entrer").headers["Location"] == "/prets"


def test_its_own_second_factor_is_asked_unless_the_provider_says_one_was_given(app, client, there):
    linked(app, there)
    with app.app_context(), unit_of_work():
        make_card(actor_of(desk()), desk())
    there.claims = {"acr": "two", "amr": ["pwd", "mfa"]}
    to_and_back(client, there)
    assert client.submit("/connexion/externe/entrer").headers["Location"].startswith("/connexion/second-facteur")
    app.config["OIDC"] = known(there, proving=("two",))
    to_and_back(client, there)
    assert "acr_values" in there.asked
    assert client.submit("/connexion/externe/entrer").headers["Location"] == "/prets"
    with app.app_context():
        session = db.session.query(OpenSession).filter_by(account_id=desk().id).one()
        assert (session.proved, session.proved_at) == (True, None)


def test_without_a_provider_there_is_no_such_page(client):
    assert client.get("/connexion/externe").status_code == 404
    assert "externe" not in client.get("/connexion").text


# --- with a provider that others wrote ---------------------------------------------------------------------------------------


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args, **_kwargs):
        return None


def signed_in_there(address, subject):
    """Where the provider of others sends who chose to be `subject` on its page."""
    sent = Request(address, data=urlencode({"sub": subject}).encode())
    try:
        build_opener(_Stay).open(sent, timeout=10)
    except URLError as answer:
        there = urlsplit(answer.headers["Location"])
        return f"{there.path}?{there.query}"
    raise AssertionError("the provider sent nobody back")


@pytest.fixture
def others():
    with others_provider() as address:
        yield address


def test_a_provider_that_others_wrote_signs_people_in(app, client, others, monkeypatch):
    make_known(others, "ada", email=EMAIL, email_verified=True)
    provider = Provider(others, CLIENT, SECRET, "Ailleurs", "openid email", vouches=False, proving=())
    monkeypatch.setitem(app.config, "OIDC", provider)
    with app.app_context():
        client.sign_in(EMAIL)
    for start, to in (("/compte/connexion-externe", "/compte/connexions"), ("/connexion/externe?suite=/prets", "/prets")):
        back = signed_in_there(client.get(start).headers["Location"], "ada")
        assert client.get(back).status_code == 200
        assert client.submit("/connexion/externe/entrer").headers["Location"] == to
    client.submit("/deconnexion")
    back = signed_in_there(client.get("/connexion/externe").headers["Location"], "bob")
    client.get(back)
    assert client.submit("/connexion/externe/entrer").status_code == 403
