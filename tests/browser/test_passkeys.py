"""A key in a real browser, with the authenticator that Chromium brings for tests: registered, then used to come in and to prove again."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from refurb.accounts.factors.passkeys.queries import passkeys_of
from refurb.accounts.models import OpenSession
from refurb.accounts.queries import account_by_email
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.serving import Service, serving
from tests.support.story import people
from tests.support.visitor import Visitor

KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def named_service(sqlite_templates: dict[bool, Path], tmp_path: Path) -> Iterator[Service]:
    """The service at a name, since keys serve at no number."""
    shutil.copy(sqlite_templates[False], tmp_path / "refurb.sqlite3")
    with serving(f"sqlite:///{tmp_path / 'refurb.sqlite3'}", tmp_path / "home", people.settle, host="localhost") as service:
        yield service
        assert not service.faults()


def test_a_key_is_registered_and_comes_in_without_a_code(browser: Browser, named_service: Service) -> None:
    onlooker = Visitor(browser, named_service)
    onlooker.sign_in(Role.DESK)
    onlooker.open("/compte/second-facteur/cle")
    assert not onlooker.leave()
    # Chromium's authenticator for tests ends with axe in the page.
    visitor = Visitor(browser, named_service, looks=False)
    devices = visitor.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    number = devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    visitor.sign_in(Role.DESK)

    visitor.open("/compte/second-facteur/cle")
    for without in ("", "  "):
        visitor.fill("Comment l'appelez-vous ?", without)
        visitor.press("Poser la clé")
        visitor.sees("Cette réponse manque")
        assert not devices.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"], "the key was not asked"
    visitor.scan("Comment l'appelez-vous ?", "clé bleue")
    assert visitor.page.url.endswith("/compte/second-facteur/carte")
    visitor.open("/compte/second-facteur")
    visitor.sees("clé bleue")

    visitor.open("/compte/second-facteur/cle")
    visitor.page.get_by_role("button", name="Poser la clé").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("déjà enregistrée sur votre compte")

    visitor.context.clear_cookies()
    visitor.open("/connexion?suite=/prets")
    visitor.fill("Adresse de courriel", people.EMAIL[Role.DESK])
    visitor.fill("Mot de passe", people.PASSWORD)
    visitor.press("Se connecter")
    assert visitor.heading == "Votre second facteur"
    visitor.press("Me servir de ma clé")
    assert visitor.page.url.endswith("/prets")

    with named_service.app.app_context(), unit_of_work() as writing:
        writing.execute(update(OpenSession).values(proved_at=now() - timedelta(hours=1)))
    visitor.open("/compte/second-facteur/cle")
    assert visitor.heading == "Prouver que c'est vous"
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    visitor.page.get_by_role("button", name="Me servir de ma clé").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("n’a pas répondu à temps")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": True})
    visitor.press("Me servir de ma clé")
    assert visitor.heading == "Une clé de sécurité"
    with named_service.app.app_context():
        (kept,) = passkeys_of(account_by_email(people.EMAIL[Role.DESK]).id)  # type: ignore[union-attr]  # the story's own
        assert kept.sign_count > 1
    assert not visitor.leave()
